import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { build, type BuildOptions, type Plugin } from 'esbuild'

const options = {
  bundle: true,
  platform: 'node',
  target: 'node22',
  format: 'cjs',
  minify: true,
  write: false,
  legalComments: 'none',
  // The engine is compiled as a script, which can require but not import.
  supported: { 'dynamic-import': false },
  logLevel: 'warning',
} as const satisfies BuildOptions

/** The scripts that a program consists of: it begins with the first, which requires the others by these names. */
export const scriptNames = ['engine', 'unpacker', 'chart-yaml'] as const

/** The text of each: one function expression, `(function (require, module) { … })`, in ASCII. */
export type Scripts = Readonly<Record<(typeof scriptNames)[number], string>>

/** What is not in the engine itself, by the module that it is imported by. */
const elsewhere: Readonly<Record<string, (typeof scriptNames)[number]>> = {
  'unpack/unpack-chart.ts': 'unpacker',
  'unpack/compare-chart.ts': 'unpacker',
  'unpack/warm-up.ts': 'unpacker',
  'chart-yaml/metadata.ts': 'chart-yaml',
  // The YAML parser is half of all code.
  yaml: 'chart-yaml',
}

/** Leaves to the other scripts what is in them. */
const elsewhereStays: Plugin = {
  name: 'elsewhere-stays',
  setup(bundling) {
    bundling.onResolve({ filter: /./ }, ({ path, importer }) => {
      const [module, script] =
        Object.entries(elsewhere).find(([name]) => path === name || path.endsWith(`/${name}`)) ?? []
      if (module === undefined || /(?:entry|chart-yaml\/\w+)\.ts$/.test(importer)) return undefined
      return { path: module === 'yaml' ? 'yaml' : (script ?? ''), external: true }
    })
  },
}

/** The engine in several scripts: V8 takes in the code cache of each as a whole, which a small one makes quicker. */
export async function bundleScripts(root: string, version: string): Promise<Scripts> {
  const bundle = async (contents: string) => {
    const [file] = (
      await build({
        ...options,
        stdin: { contents, resolveDir: join(root, 'src'), sourcefile: 'entry.ts' },
        plugins: [elsewhereStays],
        define: { VERSION: JSON.stringify(version) },
      })
    ).outputFiles
    if (file === undefined) throw new Error('esbuild gave no output')
    return `(function(require,module){${file.text}})`
  }
  return {
    engine: await bundle("import './main.ts'"),
    unpacker: await bundle(
      ['unpack-chart', 'compare-chart', 'warm-up'].map((name) => `export * from './unpack/${name}.ts'`).join('\n'),
    ),
    'chart-yaml': await bundle("export * from './unpack/chart-yaml/metadata.ts'\nexport * as yaml from 'yaml'"),
  }
}

/**
 * Runs the scripts: a function of what gives each, compiled, by its place in scriptNames, and of Node's `require`. Those
 * but the first are asked for when they are required.
 */
export const runScripts = `function (scriptAt, need) {
  var names = ${JSON.stringify(scriptNames)}, loaded = {}
  function require(name) {
    if (name === 'yaml') return require('chart-yaml').yaml
    var i = names.indexOf(name)
    return i < 0 ? need(name) : loaded[name] || (loaded[name] = run(i))
  }
  function run(i) {
    var module = { exports: {} }
    scriptAt(i).runInThisContext()(require, module)
    return module.exports
  }
  run(0)
}`

/**
 * Compiles a script: a function of its text, and of what gives its code cache. That may fail, or give one of another
 * Node, which then compiles by itself.
 */
export const compileScript = `function (text, cache) {
  var cachedData
  try { cachedData = cache() } catch (e) {}
  return new (process.getBuiltinModule('node:vm').Script)(text, { filename: 'helm-verify-shim', cachedData: cachedData })
}`

/**
 * The program `helm-verify-shim`: at once a shell script, which looks for Node and says so if there is none, and
 * JavaScript, for which those lines are strings and comments. Node's version is checked in words that every Node can
 * read. The scripts stand in comments at the end: so they are compiled together with their code cache, where one for
 * this very Node lies beside the program. That also makes it the same whether Node takes the file for CommonJS or for
 * ESM, which depends on the package.json above it, and so on where the folder was copied to.
 */
export function program(scripts: Scripts): string {
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
  var fs = get('node:fs'), file = fs.realpathSync(process.argv[1]), folder = file.slice(0, file.lastIndexOf(get('node:path').sep) + 1)
  var texts = fs.readFileSync(file, 'latin1').split('\\n/*\\x02').slice(-${scriptNames.length}).map(function (text) {
    return text.slice(0, text.lastIndexOf('*/')).split('*\\x01/').join('*' + '/')
  })
  var caches = ${JSON.stringify(scriptNames.map((name) => cacheName(scripts[name])))}
  ;(${runScripts})(function (i) {
    return (${compileScript})(texts[i], function () { return fs.readFileSync(folder + caches[i]) })
  }, get('node:module').createRequire(file))
})(process.getBuiltinModule)
/*\u0002${scriptNames.map((name) => scripts[name].replaceAll('*/', '*\u0001/')).join('*/\n/*\u0002')}*/
`
}

/** A code cache's name begins with the program's, and names the script that it was made from. */
export function cacheName(script: string): string {
  return `helm-verify-shim.${createHash('sha256').update(script).digest('hex').slice(0, 12)}.cache`
}
