import { isAbsolute, join } from 'node:path'

/** Where receipts and packed charts are kept. */
export interface StatePaths {
  /** `…/helm-verify-shim` */
  readonly root: string
  /** `dirs/<absolute path of the directory>/receipt.json` */
  readonly dirs: string
  /** `archives/<sha256>/<name>-<version>.tgz[.prov]` */
  readonly archives: string
}

/**
 * The state folder that an environment names: `${XDG_STATE_HOME:-$HOME/.local/state}/helm-verify-shim`, as the gate
 * has it. Undefined where neither is set or the path is relative: then nothing is kept.
 */
export function statePaths(env: Readonly<Record<string, string | undefined>>): StatePaths | undefined {
  const home = env['HOME'] || env['USERPROFILE']
  const base = env['XDG_STATE_HOME'] || (home && join(home, '.local', 'state'))
  if (!base || !isAbsolute(base)) return undefined
  const root = join(base, 'helm-verify-shim')
  return { root, dirs: join(root, 'dirs'), archives: join(root, 'archives') }
}

/** Where the receipt of a directory (absolute, links resolved) lies. A Windows drive's colon is left out. */
export function receiptPath(paths: StatePaths, directory: string): string {
  return join(paths.dirs, directory.replace(/^([A-Za-z]):/, '$1'), 'receipt.json')
}

/** Where the packed chart with this digest lies, under the file name it was pulled by. */
export function archivePath(paths: StatePaths, digest: string, file: string): string {
  return join(paths.archives, digest.replace(/^sha256:/, ''), file)
}

/** The directory itself and those above it, nearest first. */
export function selfAndAbove(directory: string): string[] {
  const all = [directory]
  for (let at = directory; ;) {
    const above = join(at, '..')
    if (above === at) return all
    all.push((at = above))
  }
}
