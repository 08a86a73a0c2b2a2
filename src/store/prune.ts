import { existsSync, mkdtempSync, readdirSync, rmdirSync, rmSync, statSync, type Dirent } from 'node:fs'
import { join } from 'node:path'
import { readReceiptFile } from './find.ts'
import type { StatePaths } from './paths.ts'
import type { Receipt } from './receipt.ts'

/** A receipt's file, with what it says where it can be read. */
export interface ListedReceipt {
  readonly file: string
  readonly receipt: Receipt | undefined
}

export interface Pruned {
  readonly receipts: number
  readonly archives: number
}

/** All receipts of the store, by their directories' paths. */
export function listReceipts(paths: StatePaths): ListedReceipt[] {
  const found: ListedReceipt[] = []
  walk(paths.dirs, found)
  return found
}

function walk(folder: string, found: ListedReceipt[]): void {
  for (const entry of entries(folder).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) walk(path, found)
    else if (entry.name === 'receipt.json') found.push({ file: path, receipt: readReceiptFile(path) })
  }
}

/**
 * Removes receipts whose directory is gone and packed charts that no receipt names. Safe beside pulls that are under
 * way: what was saved after this began is spared, since its receipt may not be there yet.
 * @throws an error of the file system where the state folder cannot be written
 */
export function prune(paths: StatePaths): Pruned {
  if (!existsSync(paths.root)) return { receipts: 0, archives: 0 }
  const began = fileSystemNow(paths.root)
  const receipts = listReceipts(paths)
  const gone = receipts.filter(
    ({ file, receipt }) => receipt && !existsSync(receipt.directory) && modified(file) < began,
  )
  for (const { file } of gone) {
    rmSync(file, { force: true })
    removeEmptyAbove(join(file, '..'), paths.dirs)
  }
  const held = new Set(receipts.filter((listed) => !gone.includes(listed)).map(({ receipt }) => receipt?.digest))
  const archives = entries(paths.archives)
    .filter((entry) => !held.has(`sha256:${entry.name}`))
    .map((entry) => join(paths.archives, entry.name))
    .filter((folder) => Math.floor(modified(folder)) < Math.floor(began))
  for (const folder of archives) rmSync(folder, { recursive: true, force: true })
  return { receipts: gone.length, archives: archives.length }
}

/** The file system's own clock, which is the one that the folders' times come from. */
function fileSystemNow(root: string): number {
  const probe = mkdtempSync(join(root, '.prune-'))
  try {
    return statSync(probe).mtimeMs
  } finally {
    rmdirSync(probe)
  }
}

function modified(folder: string): number {
  return statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY
}

function removeEmptyAbove(folder: string, stop: string): void {
  for (let at = folder; at !== stop && at.startsWith(stop); at = join(at, '..')) {
    try {
      rmdirSync(at)
    } catch {
      return
    }
  }
}

function entries(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
}
