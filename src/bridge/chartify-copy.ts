import { existsSync, readFileSync, readdirSync, type Dirent } from 'node:fs'
import { isAbsolute, join, relative, sep } from 'node:path'
import { physicalDirectory, readFound, type Found } from '../store/find.ts'
import type { StatePaths } from '../store/paths.ts'
import { listReceipts } from '../store/prune.ts'
import { readChartYaml } from '../unpack/chart-yaml/metadata.ts'
import { helmfileCaches } from './directories.ts'

/**
 * Whether a directory is chartify's copy of a chart: before it patches a chart that is already unpacked (helmfile's
 * cache, a chart of the user's own), chartify copies it into a folder of its own, so that helm is never given the
 * directory that was pulled. chartify: tempdir.go makeTempDir
 * @param physical absolute, links resolved
 */
export function isChartifyCopy(physical: string, env: NodeJS.ProcessEnv): boolean {
  if (!existsSync(join(physical, 'Chart.yaml'))) return false
  if (physical.split(sep).some((name) => /^chartify\d+$/.test(name))) return true
  const folder = env['CHARTIFY_TEMPDIR']
  return folder ? isWithin(physicalDirectory(folder) ?? folder, physical) : false
}

/**
 * What a copy was copied from, as far as its own Chart.yaml says: the newest receipt of that chart and version, now
 * standing for the copy. Undefined where there is none: the user's own chart, or one that was given another name.
 */
export function originOfCopy(paths: StatePaths, copy: string): Found | undefined {
  let name: string, version: string
  try {
    ;({ name, version } = readChartYaml(readFileSync(join(copy, 'Chart.yaml'))))
  } catch {
    return undefined
  }
  const [newest] = listReceipts(paths)
    .flatMap(({ receipt }) => (receipt?.name === name && receipt.version === version ? [receipt] : []))
    .sort((a, b) => (a.unpackedAt < b.unpackedAt ? 1 : -1))
  return newest && { ...readFound(paths, newest.directory), directory: copy, physical: copy }
}

/** The charts in helmfile's caches, physical paths. */
export function chartsInHelmfileCache(env: NodeJS.ProcessEnv): string[] {
  return helmfileCaches(env).flatMap((cache) => {
    const physical = physicalDirectory(cache)
    return physical === undefined ? [] : chartsBelow(physical)
  })
}

function chartsBelow(folder: string): string[] {
  const found = entries(folder)
  if (found.some(({ name }) => name === 'Chart.yaml')) return [folder]
  return found.flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return chartsBelow(path)
    // What stands in a chart's place counts, too; it is not looked into any further.
    const physical = entry.isSymbolicLink() ? physicalDirectory(path) : undefined
    return physical !== undefined && existsSync(join(physical, 'Chart.yaml')) ? [path] : []
  })
}

function entries(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
}

function isWithin(folder: string, path: string): boolean {
  const within = relative(folder, path)
  return !isAbsolute(within) && within !== '..' && !within.startsWith(`..${sep}`)
}
