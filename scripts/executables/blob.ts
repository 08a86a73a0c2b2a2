import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compileScript, runScripts, scriptNames, type Scripts } from '../build/engine.ts'

/** What is built into a single executable. */
export interface Contents {
  readonly scripts: Scripts
  /** The gate, which `install` writes beside the executable. */
  readonly gate: string
  /** The files with V8's code caches of the scripts, in their order, made by the very Node that the executable consists of. */
  readonly caches: readonly string[] | undefined
}

/** Node's own useCodeCache keeps no function in it that did not run. */
const main = `const { getAsset, getRawAsset } = require('node:sea'), names = ${JSON.stringify(scriptNames)}
;(${runScripts})(
  (i) => (${compileScript})(getAsset(names[i], 'latin1'), () => Buffer.from(getRawAsset(names[i] + ' cache'))),
  require,
)
`

/** The settings of a single executable, as Node and pkg take them; writes what they name into a folder. */
export function seaConfig(contents: Contents, folder: string) {
  writeFileSync(join(folder, 'main.cjs'), main)
  for (const name of scriptNames) writeFileSync(join(folder, `${name}.js`), contents.scripts[name])
  const caches = contents.caches?.map((file, index) => [`${scriptNames[index]} cache`, file] as const) ?? []
  return {
    main: join(folder, 'main.cjs'),
    disableExperimentalSEAWarning: true,
    useSnapshot: false,
    useCodeCache: false,
    assets: {
      helm: contents.gate,
      ...Object.fromEntries(scriptNames.map((name) => [name, join(folder, `${name}.js`)])),
      ...Object.fromEntries(caches),
    },
  }
}

/** Writes the blob and returns its file. The Node must be of the version of the one that will read it. */
export function writeBlob(node: string, config: ReturnType<typeof seaConfig>, folder: string): string {
  const output = join(folder, 'blob')
  writeFileSync(join(folder, 'sea.json'), JSON.stringify({ ...config, output }))
  execFileSync(node, ['--experimental-sea-config', join(folder, 'sea.json')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  return output
}
