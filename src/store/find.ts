import { existsSync, lstatSync, readFileSync, readlinkSync, realpathSync, statSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { archivePath, receiptPath, selfAndAbove, type StatePaths } from './paths.ts'
import { parseReceipt, type Receipt } from './receipt.ts'

/** What the store holds for a directory. */
export interface Found {
  /** The unpacked chart's directory: the one asked for, or one above it, by the path that it was unpacked to. */
  readonly directory: string
  /** Where that path leads now; another path if a link stands on the way, undefined if it leads nowhere. */
  readonly physical: string | undefined
  /** Undefined where the receipt is there but cannot be read. */
  readonly receipt: Receipt | undefined
  /** The kept packed chart; undefined where it is gone. */
  readonly archive: string | undefined
}

/** The physical path of a directory, or undefined where `path` is not one. */
export function physicalDirectory(path: string): string | undefined {
  try {
    return statSync(path).isDirectory() ? realpathSync(path) : undefined
  } catch {
    return undefined
  }
}

/**
 * Finds the receipts that cover what a path names: those of the paths by which it is reached, each link on the way
 * followed one step at a time, and, for a directory, of the directories above them. So a chart is found that was
 * replaced by a link, or by a packed chart.
 * @param path as given: absolute, or relative to the current directory
 * @returns the nearest first
 */
export function findReceipts(paths: StatePaths, path: string): Found[] {
  const physical = physicalDirectory(path)
  const ways = waysTo(resolve(path))
  // Behind a link, `..` leads elsewhere than the words say; some of helm's commands go by the words, some do not.
  if (physical !== undefined) ways.add(physical)
  const covering = physical === undefined ? ways : new Set([...ways].flatMap(selfAndAbove))
  return [...covering]
    .filter((directory) => existsSync(receiptPath(paths, directory)))
    .map((directory) => readFound(paths, directory))
}

/** A path, and what it becomes by each link on its way, up to the physical path. */
export function waysTo(path: string): Set<string> {
  const ways = new Set([path])
  let at = path
  // As many links as the kernel follows.
  for (let links = 0; links < 40; links++) {
    const link = selfAndAbove(at).findLast(isLink)
    if (link === undefined) break
    at = resolve(dirname(link), readlinkSync(link), relative(link, at))
    ways.add(at)
  }
  return ways
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false
}

/** Reads the receipt of exactly this directory. */
export function readFound(paths: StatePaths, directory: string): Found {
  const receipt = readReceiptFile(receiptPath(paths, directory))
  const usable = receipt?.directory === directory ? receipt : undefined
  const archive = usable && archivePath(paths, usable.digest, usable.archive)
  return {
    directory,
    physical: physicalDirectory(directory),
    receipt: usable,
    archive: archive !== undefined && existsSync(archive) ? archive : undefined,
  }
}

/** Reads a receipt's file; undefined where it cannot be read or is not one. */
export function readReceiptFile(file: string): Receipt | undefined {
  try {
    return parseReceipt(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}
