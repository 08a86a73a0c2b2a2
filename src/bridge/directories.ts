import { existsSync } from 'node:fs'
import { isAbsolute, join, relative, sep } from 'node:path'
import type { HelmLine } from '../argv/line.ts'
import { physicalDirectory, type Found } from '../store/find.ts'

/** A directory, or a file, that a command line names. */
export interface NamedPath {
  /** As it stands on the command line. */
  readonly given: string
  /** The physical path of a directory; undefined for a file. */
  readonly directory: string | undefined
  /** The word that is the path; undefined for a flag's value or the current directory. */
  readonly index: number | undefined
}

/** The same, with the receipts that cover it. */
export interface CoveredPath extends NamedPath {
  readonly receipts: readonly Found[]
}

/** Commands that take the current directory when none is named. helm: cmd/helm/lint.go, dependency.go */
const defaultToCurrent = new Set(['lint', 'dependency build', 'dependency list', 'dependency update'])

/**
 * What a command line names that exists: whole words, values behind a `=`, and the current directory where the command
 * takes it by itself, or may do so as far as we know (a plugin).
 */
export function namedPaths(argv: readonly string[], line: HelmLine | undefined): NamedPath[] {
  const words = argv.map((given, index) =>
    /^-.*=/s.test(given) ? { given: given.slice(given.indexOf('=') + 1), index: undefined } : { given, index },
  )
  const current = !line || (defaultToCurrent.has(line.command) && line.positionals.length === 0)
  // helm takes white space off a chart's name before it looks for it (pkg/action/install.go LocateChart).
  const trimmed = words.flatMap(({ given }) =>
    trimSpace(given) === given ? [] : [{ given: trimSpace(given), index: undefined }],
  )
  return [...words, ...trimmed, ...(current ? [{ given: '.', index: undefined }] : [])].flatMap((word) =>
    word.given !== '' && existsSync(word.given) ? [{ ...word, directory: physicalDirectory(word.given) }] : [],
  )
}

/** Go's strings.TrimSpace: JavaScript's trim does not take U+0085, and takes U+FEFF. */
function trimSpace(text: string): string {
  return text.replace(/^(?:(?!\ufeff)\s|\u0085)+|(?:(?!\ufeff)\s|\u0085)+$/g, '')
}

/**
 * Whether a directory is a chart in helmfile's cache. helmfile: pkg/remote/remote.go CacheDir
 * @param physical absolute, links resolved
 */
export function isInHelmfileCache(physical: string, env: NodeJS.ProcessEnv): boolean {
  if (!existsSync(join(physical, 'Chart.yaml'))) return false
  return isBelow(helmfileCaches(env), physical)
}

/** `HELMFILE_CACHE_HOME`, and `helmfile` in Go's user cache folder (os.UserCacheDir): physical paths, if they are there. */
export function helmfileCaches(env: NodeJS.ProcessEnv): string[] {
  const home = env['HOME']
  const user =
    process.platform === 'win32'
      ? env['LocalAppData']
      : process.platform === 'darwin'
        ? home && join(home, 'Library', 'Caches')
        : env['XDG_CACHE_HOME'] || (home && join(home, '.cache'))
  // All places count, whichever helmfile uses now: an earlier run may have had another environment.
  return physicalFolders([env['HELMFILE_CACHE_HOME'], user && join(user, 'helmfile')])
}

/**
 * Whether a directory is chartify's copy of a chart: before it patches a chart that is already unpacked (helmfile's
 * cache, a chart of the user's own), chartify copies it into a folder of its own, so that helm is never given the
 * directory that was pulled. chartify: tempdir.go makeTempDir
 * @param physical absolute, links resolved
 */
export function isChartifyCopy(physical: string, env: NodeJS.ProcessEnv): boolean {
  if (!existsSync(join(physical, 'Chart.yaml'))) return false
  if (physical.split(sep).some((name) => /^chartify\d+$/.test(name))) return true
  return isBelow(physicalFolders([env['CHARTIFY_TEMPDIR']]), physical)
}

function physicalFolders(given: readonly (string | undefined)[]): string[] {
  return given.flatMap((folder) => (folder ? [physicalDirectory(folder) ?? folder] : []))
}

/** Whether a path is one of these folders or lies in one. */
export function isBelow(folders: readonly string[], path: string): boolean {
  return folders.some((folder) => isWithin(folder, path))
}

/** Whether a path is a folder or lies in it. */
export function isWithin(folder: string, path: string): boolean {
  const within = relative(folder, path)
  return !isAbsolute(within) && within !== '..' && !within.startsWith(`..${sep}`)
}
