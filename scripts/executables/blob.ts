import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What is built into a single executable. */
export interface Contents {
  /** The engine, as one function expression. */
  readonly engine: string
  /** The gate, which `install` writes beside the executable. */
  readonly gate: string
  /** V8's code cache of the engine; made by the very Node that the executable consists of, or undefined. */
  readonly cache: string | undefined
}

/** Compiles the engine from its code cache where there is one. Node's own useCodeCache keeps no function in it that did not run. */
const main = `const { getAsset, getRawAsset } = require('node:sea')
let cachedData
try { cachedData = Buffer.from(getRawAsset('cache')) } catch {}
new (require('node:vm').Script)(getAsset('engine', 'latin1'), { filename: 'helm-verify-shim', cachedData })
  .runInThisContext()(require, module)
`

/** The settings of a single executable, as Node and pkg take them; writes what they name into a folder. */
export function seaConfig(contents: Contents, folder: string) {
  writeFileSync(join(folder, 'main.cjs'), main)
  writeFileSync(join(folder, 'engine.js'), contents.engine)
  return {
    main: join(folder, 'main.cjs'),
    disableExperimentalSEAWarning: true,
    useSnapshot: false,
    useCodeCache: false,
    assets: {
      helm: contents.gate,
      engine: join(folder, 'engine.js'),
      ...(contents.cache === undefined ? {} : { cache: contents.cache }),
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
