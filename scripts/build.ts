import { chmodSync, copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeCodeCaches } from './build/code-cache.ts'
import { bundleScripts, program } from './build/engine.ts'

/**
 * `npm run build`: leaves dist/bin/ with the gate, `helm`, and the engine in one file, `helm-verify-shim`, with its
 * code caches beside it, which it can do without. The folder can be copied anywhere. It is built under another name
 * first, so that a run beside it never sees half a build.
 */
const root = join(import.meta.dirname, '..')
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }

const fresh = join(root, `dist/.bin-${process.pid}`)
rmSync(fresh, { recursive: true, force: true })
mkdirSync(fresh, { recursive: true })
const scripts = await bundleScripts(root, version)
writeFileSync(join(fresh, 'helm-verify-shim'), program(scripts))
copyFileSync(join(root, 'src/gate/helm.sh'), join(fresh, 'helm'))
for (const name of ['helm', 'helm-verify-shim']) chmodSync(join(fresh, name), 0o755)
await writeCodeCaches(scripts, fresh)

const bin = join(root, 'dist/bin')
rmSync(bin, { recursive: true, force: true })
renameSync(fresh, bin)
