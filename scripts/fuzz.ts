import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { buildTools } from './tools.ts'

/**
 * `npm run fuzz [-- --seconds N] [--seed S]`: mutated archives and generated command lines, each for half of the time.
 * Exits 1 if a property was broken; what broke it is printed, with the seed that shows it again.
 */
const { values } = parseArgs({ options: { seconds: { type: 'string', default: '60' }, seed: { type: 'string' } } })
const half = `${Math.max(1, Math.round(Number(values.seconds) / 2))}`
const seed = values.seed === undefined ? [] : ['--seed', values.seed]

await buildTools(['helm3', 'helm3.7', 'helm4', 'pflag-oracle', 'pflag-oracle-3.7'])
for (const fuzzer of ['archives', 'command-lines']) {
  const script = join(import.meta.dirname, `fuzz/${fuzzer}.ts`)
  const { status } = spawnSync(process.execPath, [script, '--seconds', half, ...seed], { stdio: 'inherit' })
  if (status !== 0) process.exitCode = 1
}
