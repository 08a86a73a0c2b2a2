import { ShimError } from '../messages/shim-error.ts'
import type { Ended, RunOptions } from './run.ts'

/** helm's version, where a rule depends on it. */
export interface HelmVersion {
  readonly major: number
  readonly minor: number
  readonly patch: number
}

type Run = (command: string, args: readonly string[], options?: RunOptions) => Promise<Ended>

/**
 * A function that asks `helm version --short` when it is first called. It costs a process, so only rules that differ
 * between helm versions call it.
 * @throws ShimError where helm does not say a version
 */
export function helmVersionOf(helm: string, run: Run): () => Promise<HelmVersion> {
  let asked: Promise<HelmVersion> | undefined
  return () => (asked ??= ask(helm, run))
}

async function ask(helm: string, run: Run): Promise<HelmVersion> {
  const { stdout } = await run(helm, ['version', '--short'], { stdin: 'ignore' })
  const version = parseHelmVersion(stdout.toString())
  if (!version) throw new ShimError('helm-failed', `${helm} version --short does not say a version`)
  return version
}

/** Reads `v3.22.0+g1234567` or `v3.22`; undefined for anything else. */
export function parseHelmVersion(text: string): HelmVersion | undefined {
  const found = /^v?(\d+)\.(\d+)(?:\.(\d+))?/m.exec(text)
  return found ? { major: Number(found[1]), minor: Number(found[2]), patch: Number(found[3] ?? 0) } : undefined
}

/** Whether this helm reads armored keyrings and keyboxes by itself: from 4.3. */
export function readsArmorAndKeybox(helmVersion: () => Promise<HelmVersion>): () => Promise<boolean> {
  return async () => {
    const { major, minor } = await helmVersion()
    return major > 4 || (major === 4 && minor >= 3)
  }
}
