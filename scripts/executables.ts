import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { makeAll } from './executables/all.ts'
import { inspect } from './executables/inspect.ts'
import { targets } from './executables/targets.ts'

/**
 * `npm run executables [-- TARGET… --out FOLDER]`: makes the single executables, all or those named, each as
 * FOLDER/TARGET/helm-verify-shim with the gate beside it (dist/executables).
 */
const root = join(import.meta.dirname, '..')
const { values, positionals } = parseArgs({ allowPositionals: true, options: { out: { type: 'string' } } })
const unknown = positionals.filter((name) => !targets.some((target) => target.name === name))
if (unknown.length > 0)
  throw new Error(`no such target: ${unknown.join(', ')}; there are ${targets.map(({ name }) => name).join(', ')}`)
const wanted = targets.filter(({ name }) => positionals.length === 0 || positionals.includes(name))
const folder = mkdtempSync(join(tmpdir(), 'helm-verify-shim-engine-'))
try {
  for (const { target, file } of await makeAll(root, wanted, values.out ?? join(root, 'dist/executables'), folder)) {
    const { format, architecture, signature } = inspect(readFileSync(file))
    const size = (statSync(file).size / 2 ** 20).toFixed(0)
    console.log(
      `${target.name}: ${format} ${architecture}, ${size} MiB, Node ${target.node.version}, signature: ${signature}`,
    )
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
