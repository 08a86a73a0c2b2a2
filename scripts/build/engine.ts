import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { build } from 'esbuild'

/** The engine as one function expression, `(function (require, module) { … })`, in ASCII. */
export async function bundleEngine(root: string, version: string): Promise<string> {
  const result = await build({
    entryPoints: [join(root, 'src/main.ts')],
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    minify: true,
    write: false,
    legalComments: 'none',
    // The engine is compiled as a script, which can require but not import.
    supported: { 'dynamic-import': false },
    define: { VERSION: JSON.stringify(version) },
    logLevel: 'warning',
  })
  const code = result.outputFiles[0]?.text
  if (code === undefined) throw new Error('esbuild gave no output')
  return `(function(require,module){${code}})`
}

/** The engine as a CommonJS file of its own: what the single executables are made of. */
export function standalone(engine: string): string {
  return `${engine}(require,module)\n`
}

/**
 * The program `helm-verify-shim`: at once a shell script, which looks for Node and says so if there is none, and
 * JavaScript, for which those lines are strings and comments. Node's version is checked in words that every Node can
 * read. The engine stands in a comment at the end: so it is compiled together with its code cache, where one for this
 * very Node lies beside the program. That also makes it the same whether Node takes the file for CommonJS or for ESM,
 * which depends on the package.json above it, and so on where the folder was copied to.
 */
export function program(engine: string): string {
  return `#!/bin/sh
':' //; command -v node >/dev/null 2>&1 && exec node "$0" "$@"
':' //; echo "helm-verify-shim: Node is not on PATH, and this command needs it (22.15 or later); nothing was run." >&2
':' //; echo "helm-verify-shim: next: install Node (apk add nodejs, apt-get install nodejs, ...), or use a single executable, which needs none (on Alpine: the linux-x64-musl one)." >&2
':' //; exit 1
if (process.versions.node.split('.').reduce(function (n, part, i) { return n + part * [1e6, 1e3, 1][i] }, 0) < 22015000) {
  console.error('helm-verify-shim: this is Node ' + process.versions.node + ', and 22.15 or later is needed; nothing was run.\\nhelm-verify-shim: next: put a newer Node first on PATH, or use the single executable, which needs none.')
  process.exit(1)
}
(function (get) {
  var fs = get('node:fs'), file = fs.realpathSync(process.argv[1]), text = fs.readFileSync(file, 'latin1'), cache
  var engine = text.slice(text.lastIndexOf('\\n/*') + 3, -3).split('*\\x01/').join('*' + '/')
  try { cache = fs.readFileSync(file + '${cacheEnding(engine)}') } catch (e) {}
  new (get('node:vm').Script)(engine, { filename: 'helm-verify-shim', cachedData: cache })
    .runInThisContext()(get('node:module').createRequire(file), { exports: {} })
})(process.getBuiltinModule)
/*${engine.replaceAll('*/', '*\u0001/')}*/
`
}

/** The code cache's name begins with the program's, and names the engine that it was made from. */
export function cacheEnding(engine: string): string {
  return `.${createHash('sha256').update(engine).digest('hex').slice(0, 12)}.cache`
}
