import { chmodSync, copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

/**
 * `npm run build`: leaves dist/bin/ with the gate, `helm`, and the engine in one file, `helm-verify-shim`. The folder
 * can be copied anywhere. Built into a folder of its own first, so that a run beside it never sees half a build.
 */
const root = join(import.meta.dirname, '..')
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }

/**
 * The engine is both a shell script and JavaScript: sh sees a program that looks for Node and says so if there is
 * none; Node sees two strings and a comment. The version is checked here, in words that every Node can read.
 */
const banner = `#!/bin/sh
':' //; command -v node >/dev/null 2>&1 && exec node "$0" "$@"
':' //; echo "helm-verify-shim: Node is not on PATH, and this command needs it (22.15 or later); nothing was run." >&2
':' //; echo "helm-verify-shim: next: install Node (apk add nodejs, apt-get install nodejs, …), or use the single executable, which needs none." >&2
':' //; exit 1
if (process.versions.node.split('.').reduce(function (n, part, i) { return n + part * [1e6, 1e3, 1][i] }, 0) < 22015000) {
  console.error('helm-verify-shim: this is Node ' + process.versions.node + ', and 22.15 or later is needed; nothing was run.\\nhelm-verify-shim: next: put a newer Node first on PATH, or use the single executable, which needs none.')
  process.exit(1)
}`

const fresh = join(root, `dist/.bin-${process.pid}`)
rmSync(fresh, { recursive: true, force: true })
mkdirSync(fresh, { recursive: true })
const result = await build({
  entryPoints: [join(root, 'src/main.ts')],
  bundle: true,
  platform: 'node',
  target: 'node22',
  format: 'cjs',
  minify: true,
  write: false,
  legalComments: 'none',
  define: { VERSION: JSON.stringify(version) },
  logLevel: 'warning',
})
const code = result.outputFiles[0]?.text.replace(/^"use strict";/, '')
if (code === undefined) throw new Error('esbuild gave no output')
// Whether Node takes a file without an ending for CommonJS or ESM depends on the package.json above it, and so on where
// the folder was copied to. This runs as either.
const wrapped = `(function(require,module){${code}
})(process.getBuiltinModule('node:module').createRequire(process.execPath),{exports:{}})`
writeFileSync(join(fresh, 'helm-verify-shim'), `${banner}\n${wrapped}\n`)
copyFileSync(join(root, 'src/gate/helm.sh'), join(fresh, 'helm'))
for (const name of ['helm', 'helm-verify-shim']) chmodSync(join(fresh, name), 0o755)

const bin = join(root, 'dist/bin')
rmSync(bin, { recursive: true, force: true })
renameSync(fresh, bin)
