import { readFileSync, writeFileSync } from 'node:fs'
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
  const says = `process.on('exit', () => require('fs').writeFileSync(${JSON.stringify(said)}, String(process.resourceUsage().maxRSS)))`
  writeFileSync(sandbox.at('says.cjs'), says)
  const env = { NODE_OPTIONS: `--require=${JSON.stringify(sandbox.at('says.cjs'))}` }
  const peak = async (words: readonly string[]) => {
    const { code, stderr } = await sandbox.helm('helm4', true, words, { env })
    if (code !== 0) throw new Error(stderr)
    return Number(readFileSync(said, 'utf8')) / 1024
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
  return [row(`split pull of ${mebibytes} MiB`, chart), row(`comparing ${mebibytes} MiB`, compared)]
}
