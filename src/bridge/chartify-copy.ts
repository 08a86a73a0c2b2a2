import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { findReceipts, physicalDirectory, readFound, type Found } from '../store/find.ts'
import type { StatePaths } from '../store/paths.ts'
import { entries, listReceipts } from '../store/prune.ts'
import { readChartYaml } from '../unpack/chart-yaml/metadata.ts'
import { helmfileCaches, isBelow } from './directories.ts'
import { refusalInCache } from './explain.ts'

/** What chartify's copies stand for, or may have been made of. */
export interface Sources {
  /** What copies were copied from, each now standing for its copy. */
  readonly origins: readonly Found[]
  /** What copies may have been copied from: it only has to be as it was pulled. */
  readonly others: readonly Found[]
}

/**
 * Finds out what chartify's copies stand for, where the command verifies or everything has to be verified. One that
 * goes by no name that was pulled may be the user's own chart; but only if all that is in helmfile's cache is as it was
 * pulled, or it may be one of these, given another name. Where nothing is verified, what a copy was made of still has
 * to be as it was pulled.
 * @param copies directories that are copies of chartify's and have no receipt themselves
 * @throws ShimError where there is a chart in helmfile's cache that no receipt covers, and everything has to be verified
 */
export function sourcesOfCopies(
  paths: StatePaths,
  copies: readonly string[],
  { require, verify }: { readonly require: boolean; readonly verify: boolean },
  env: NodeJS.ProcessEnv,
): Sources {
  if (!require && !verify) {
    return { origins: [], others: copies.flatMap((copy) => possibleSources(paths, copy, env)) }
  }
  const all = copies.map((copy) => originOfCopy(paths, copy))
  const origins = all.filter((origin) => origin !== undefined)
  if (!require || origins.length === all.length) return { origins, others: [] }
  const others = chartsInHelmfileCache(env).flatMap((path) => {
    const found = findReceipts(paths, path)
    if (found.length === 0) throw refusalInCache(path)
    // Whatever was pulled, verified or not: a copy of it that goes by another name is a changed one.
    return found.map((entry) => ({ ...entry, receipt: entry.receipt && { ...entry.receipt, verified: true } }))
  })
  return { origins, others }
}

/**
 * The directories that a copy may have been made of: those in helmfile's caches whose chart has its name and version,
 * by their receipts or as they are now; or else, as a chart of the user's own may be patched, too, any such directory.
 */
function possibleSources(paths: StatePaths, copy: string, env: NodeJS.ProcessEnv): Found[] {
  const wanted = chartIn(copy)
  if (wanted === undefined) return []
  const there = listReceipts(paths)
    .flatMap(({ receipt }) =>
      receipt && (nameAndVersion(receipt) === wanted || chartIn(receipt.directory) === wanted)
        ? [readFound(paths, receipt.directory)]
        : [],
    )
    .filter(({ physical }) => physical !== undefined)
  const caches = helmfileCaches(env)
  const cached = there.filter(({ directory }) => isBelow(caches, directory))
  return cached.length > 0 ? cached : there
}

/**
 * What a copy was copied from, as far as its own Chart.yaml says: the newest receipt of that chart and version, now
 * standing for the copy. Undefined where there is none: the user's own chart, or one that was given another name.
 */
function originOfCopy(paths: StatePaths, copy: string): Found | undefined {
  const wanted = chartIn(copy)
  const [newest] = listReceipts(paths)
    .flatMap(({ receipt }) => (receipt && nameAndVersion(receipt) === wanted ? [receipt] : []))
    .sort((a, b) => (a.unpackedAt < b.unpackedAt ? 1 : -1))
  return newest && { ...readFound(paths, newest.directory), directory: copy, physical: copy }
}

function nameAndVersion({ name, version }: { readonly name: string; readonly version: string }): string {
  return `${name} ${version}`
}

/** The name and version of the chart that a directory is now. */
function chartIn(directory: string): string | undefined {
  try {
    return nameAndVersion(readChartYaml(readFileSync(join(directory, 'Chart.yaml'))))
  } catch {
    return undefined
  }
}

/** The charts in helmfile's caches, physical paths. */
function chartsInHelmfileCache(env: NodeJS.ProcessEnv): string[] {
  return helmfileCaches(env).flatMap(chartsBelow)
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
