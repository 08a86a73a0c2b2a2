import { makeChart } from '../../test/helpers/charts.ts'
import type { Registry } from '../../test/helpers/registry.ts'
import type { Sandbox } from '../../test/helpers/sandbox.ts'
import type { Signers } from '../../test/helpers/signers.ts'
import { helms } from '../../test/helpers/tools.ts'
import { compareChart } from '../../src/unpack/compare-chart.ts'
import { median, medians, milliseconds } from './measure.ts'
import { pullLine } from './pull.ts'
import type { Row } from './table.ts'

/** `template DIRECTORY --verify` through the shim, less helm with the packed chart, against a bare start of Node. */
export async function benchBridge(sandbox: Sandbox, registry: Registry, signers: Signers): Promise<Row[]> {
  const archive = await makeChart(sandbox.at('charts'), 'bridged', 'signed', signers)
  await registry.push(archive)
  const rows: Row[] = []
  for (const helm of helms) {
    const to = sandbox.at(`bridged ${helm}`)
    const pulled = await sandbox.helm(helm, true, pullLine(registry, signers, 'bridged', to))
    if (pulled.code !== 0) throw new Error(pulled.stderr)
    const timed = (shim: boolean, chart: string) => ({
      command: ['helm', 'template', 'r', chart, '--verify', '--keyring', signers.keyring] as const,
      env: sandbox.withHelm(helm, shim),
      cwd: sandbox.root,
    })
    const node = { command: [process.execPath, '-e', '0'] as const, env: sandbox.env, cwd: sandbox.root }
    const { bridged, packed, bare } = await medians(
      { bridged: timed(true, `${to}/bridged`), packed: timed(false, archive), bare: node },
      25,
    )
    const added = bridged - packed
    rows.push({
      what: `${helm}: template DIR --verify, less helm's own ${milliseconds(packed)} ÷ node -e 0`,
      ours: milliseconds(added),
      theirs: milliseconds(bare),
      value: (added / bare).toFixed(2),
      target: '≤ 1.50',
      met: added / bare <= 1.5,
    })
  }
  return rows
}

/** Comparing an unpacked chart of 1,000 files with its packed chart, in this process. */
export async function benchCompare(sandbox: Sandbox, registry: Registry, signers: Signers): Promise<Row[]> {
  const archive = await makeChart(sandbox.at('charts'), 'many', 'signed', signers, { files: 1000 })
  await registry.push(archive)
  const to = sandbox.at('many files')
  const pulled = await sandbox.helm('helm4', true, pullLine(registry, signers, 'many', to))
  if (pulled.code !== 0) throw new Error(pulled.stderr)
  const { signal } = new AbortController()
  const helmVersion = async () => Promise.resolve({ major: 4, minor: 3, patch: 0 })
  const compare = async () => await compareChart({ archive, directory: `${to}/many`, helmVersion, signal })
  const began = performance.now()
  const differences = await compare()
  const first = performance.now() - began
  if (differences.length > 0) throw new Error(`${differences.length} differences`)
  const times: number[] = []
  for (let round = 0; round < 15; round++) {
    const start = performance.now()
    await compare()
    times.push(performance.now() - start)
  }
  const row = (what: string, time: number): Row => ({
    what,
    ours: milliseconds(time),
    theirs: '',
    value: '',
    target: '< 100 ms',
    met: time < 100,
  })
  return [row('1,000 files, the first time in a process', first), row('1,000 files, median', median(times))]
}
