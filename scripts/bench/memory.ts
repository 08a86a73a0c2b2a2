import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { makeChart } from '../../test/helpers/charts.ts'
import type { Registry } from '../../test/helpers/registry.ts'
import type { Sandbox } from '../../test/helpers/sandbox.ts'
import type { Signers } from '../../test/helpers/signers.ts'
import { pullLine } from './pull.ts'
import type { Row } from './table.ts'

const most = 150
/** helm takes less than 100 MiB in all. */
const mebibytes = 99

/** The engine's own peak memory, without helm's, when it unpacks as large a chart as helm takes. */
export async function benchMemory(sandbox: Sandbox, registry: Registry, signers: Signers): Promise<Row[]> {
  await registry.push(await makeChart(sandbox.at('charts'), 'huge', 'signed', signers, { mebibytes }))
  const said = sandbox.at('memory')
  writeFileSync(sandbox.at('says.cjs'), saysPeak(said))
  const env = {
    ...sandbox.withHelm('helm4', true),
    NODE_OPTIONS: `--require=${JSON.stringify(sandbox.at('says.cjs'))}`,
  }
  // When memory is given back differs from run to run: the worst counts.
  const peak = async (words: readonly string[]) => {
    const peaks: number[] = []
    for (let round = 0; round < 5; round++) {
      for (const path of [said, ...(words[0] === 'pull' ? [sandbox.at('pulled huge')] : [])]) {
        rmSync(path, { recursive: true, force: true })
      }
      // The shell stands between: a process that we start ourselves is charged with our own memory until it is helm.
      const { code, stderr } = await sandbox.run('/bin/sh', ['-c', 'helm "$@"; exit', 'sh', ...words], { env })
      if (code !== 0) throw new Error(stderr)
      peaks.push(Number(readFileSync(said, 'utf8')) / 1024)
    }
    return Math.max(...peaks)
  }
  const chart = await peak(pullLine(registry, signers, 'huge', sandbox.at('pulled huge')))
  const compared = await peak([
    'show',
    'chart',
    sandbox.at('pulled huge/huge'),
    '--verify',
    '--keyring',
    signers.keyring,
  ])
  const row = (what: string, value: number): Row => ({
    what,
    ours: `${value.toFixed(0)} MiB`,
    theirs: '',
    value: '',
    target: `< ${most} MiB`,
    met: value < most,
  })
  return [
    row(`split pull of ${mebibytes} MiB, worst of 5`, chart),
    row(`comparing ${mebibytes} MiB, worst of 5`, compared),
  ]
}

/** A script that writes down how much memory a Node process took, at its end or when helm takes its place. */
function saysPeak(file: string): string {
  return `
const say = () => require('fs').writeFileSync(${JSON.stringify(file)}, String(process.resourceUsage().maxRSS))
const { execve } = process
process.execve = (...all) => (say(), execve(...all))
process.on('exit', say)
`
}
