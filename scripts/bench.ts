import { startRegistry } from '../test/helpers/registry.ts'
import { Sandbox } from '../test/helpers/sandbox.ts'
import { makeSigners } from '../test/helpers/signers.ts'
import { benchBridge, benchCompare } from './bench/bridge.ts'
import { benchEngine } from './bench/engine.ts'
import { benchGate } from './bench/gate.ts'
import { benchMemory } from './bench/memory.ts'
import { benchPull } from './bench/pull.ts'
import { table } from './bench/table.ts'
import './build.ts'
import { buildTools } from './tools.ts'

/**
 * `npm run bench [gate|engine|pull|memory|bridge|compare …]`: what the shim costs. Everything is timed against its
 * counterpart in the same run, in turn; times are medians.
 */
const parts = ['gate', 'engine', 'pull', 'memory', 'bridge', 'compare'] as const

async function bench(wanted: readonly string[]): Promise<void> {
  const unknown = wanted.find((name) => !parts.some((part) => part === name))
  if (unknown !== undefined) throw new Error(`there is no part "${unknown}"; there are: ${parts.join(', ')}`)
  const wants = (part: (typeof parts)[number]) => wanted.length === 0 || wanted.includes(part)
  await buildTools(['helm3', 'helm4', 'registry', 'certificates'])
  const sandbox = new Sandbox()
  try {
    console.log(`Node ${process.versions.node}; medians; what runs at the same time falls on both sides alike.\n`)
    if (wants('gate')) {
      console.log(table('Passed through by the gate', await benchGate(sandbox, 0)))
      console.log(table('The same, with 10,000 receipts', await benchGate(sandbox, 10_000)))
    }
    if (wants('engine')) console.log(table('Starting the engine', await benchEngine(sandbox)))
    if (!['pull', 'memory', 'bridge', 'compare'].some((part) => wants(part as 'pull'))) return
    const signers = await makeSigners(sandbox.root)
    const registry = await startRegistry(sandbox)
    try {
      if (wants('pull')) console.log(table('Split pull over loopback', await benchPull(sandbox, registry, signers)))
      if (wants('memory')) {
        console.log(table("The engine's peak memory", await benchMemory(sandbox, registry, signers)))
      }
      if (wants('bridge')) console.log(table('Bridge', await benchBridge(sandbox, registry, signers)))
      if (wants('compare')) console.log(table('Comparing', await benchCompare(sandbox, registry, signers)))
    } finally {
      await registry.stop()
    }
  } finally {
    sandbox.dispose()
  }
}

bench(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
