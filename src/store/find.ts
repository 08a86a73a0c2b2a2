import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { archivePath, receiptPath, selfAndAbove, type StatePaths } from './paths.ts'
import { parseReceipt, type Receipt } from './receipt.ts'

/** What the store holds for a directory. */
export interface Found {
  /** The unpacked chart's directory, physical path: the one asked for, or one above it. */
  readonly directory: string
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
 * Finds the receipt that covers a directory: its own, or that of the nearest directory above it.
 * @param directory a physical path, as `physicalDirectory` gives it
 */
export function findReceipt(paths: StatePaths, directory: string): Found | undefined {
  const covered = selfAndAbove(directory).find((at) => existsSync(receiptPath(paths, at)))
  return covered === undefined ? undefined : readFound(paths, covered)
}

/** Reads the receipt of exactly this directory. */
export function readFound(paths: StatePaths, directory: string): Found {
  const receipt = readReceiptFile(receiptPath(paths, directory))
  const usable = receipt?.directory === directory ? receipt : undefined
  const archive = usable && archivePath(paths, usable.digest, usable.archive)
  return { directory, receipt: usable, archive: archive !== undefined && existsSync(archive) ? archive : undefined }
}

/** Reads a receipt's file; undefined where it cannot be read or is not one. */
export function readReceiptFile(file: string): Receipt | undefined {
  try {
    return parseReceipt(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}
