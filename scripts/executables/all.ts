import { chmodSync, copyFileSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { writeCodeCaches } from '../build/code-cache.ts'
import { bundleScripts, cacheName, scriptNames } from '../build/engine.ts'
import { makeExecutable } from './make.ts'
import type { Target } from './targets.ts'

/** An executable that was made. */
export interface Made {
  readonly target: Target
  readonly file: string
}

/**
 * Makes executables, each in a folder that goes by its target's name, with the gate beside it where there is a sh.
 * @param out the folder for all of them
 * @param scratch a temporary folder
 */
export async function makeAll(root: string, wanted: readonly Target[], out: string, scratch: string): Promise<Made[]> {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  const scripts = await bundleScripts(root, version)
  const gate = join(root, 'src/gate/helm.sh')
  await writeCodeCaches(scripts, scratch)
  const made: Made[] = []
  for (const target of wanted) {
    const file = join(out, target.name, target.format === 'PE' ? 'helm-verify-shim.exe' : 'helm-verify-shim')
    // A code cache is good for the Node that made it: this one.
    const isOurNode =
      target.name === `${process.platform}-${process.arch}` && process.version === `v${target.node.version}`
    const caches = isOurNode ? scriptNames.map((name) => join(scratch, cacheName(scripts[name]))) : undefined
    await makeExecutable(target, { scripts, gate, caches }, file, join(root, '.tools/node'))
    if (target.format !== 'PE') {
      copyFileSync(gate, join(dirname(file), 'helm'))
      chmodSync(join(dirname(file), 'helm'), 0o755)
    }
    made.push({ target, file })
  }
  return made
}
