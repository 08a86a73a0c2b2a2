import { existsSync, readdirSync, rmdirSync, rmSync, type Dirent } from 'node:fs'
import { dirname, join } from 'node:path'
import { readReceiptFile } from './find.ts'
import { receiptPath, type StatePaths } from './paths.ts'
import type { Receipt } from './receipt.ts'
import { alone, isTurn } from './take-turns.ts'

/** A receipt's file, with what it says where it can be read. */
export interface ListedReceipt {
  readonly file: string
  readonly receipt: Receipt | undefined
}

export interface Pruned {
  readonly receipts: number
  readonly archives: number
}

/**
 * The receipts of the store, by their directories' paths.
 * @param folder those of directories in this folder, at any depth, and of itself; all if not given
 */
export function listReceipts(paths: StatePaths, folder?: string): ListedReceipt[] {
  const found: ListedReceipt[] = []
  walk(folder === undefined ? paths.dirs : dirname(receiptPath(paths, folder)), found)
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
 * Removes receipts whose directory is gone and packed charts that no receipt names. Safe beside pulls: while one of
 * them is keeping its chart, nothing is removed.
 * @param patience how long to wait for pulls to have kept theirs, in milliseconds
 * @returns undefined where there is something to remove, but its turn did not come
 * @throws an error of the file system where the state folder cannot be written
 */
export function prune(paths: StatePaths, patience = 0): Pruned | undefined {
  const { gone, archives } = unused(paths)
  if (gone.length + archives.length === 0) return { receipts: 0, archives: 0 }
  // Looked for again: only then does nobody change it.
  return alone(paths, patience, () => remove(paths, unused(paths)))
}

function unused(paths: StatePaths) {
  const receipts = listReceipts(paths)
  const gone = receipts.filter(({ receipt }) => receipt && !existsSync(receipt.directory))
  const held = new Set(receipts.filter((listed) => !gone.includes(listed)).map(({ receipt }) => receipt?.digest))
  const names = entries(paths.archives).map(({ name }) => name)
  return { gone, archives: names.filter((name) => !isTurn(name) && !held.has(`sha256:${name}`)) }
}

function remove(paths: StatePaths, { gone, archives }: ReturnType<typeof unused>): Pruned {
  for (const { file } of gone) {
    rmSync(file, { force: true })
    removeEmptyAbove(join(file, '..'), paths.dirs)
  }
  for (const name of archives) rmSync(join(paths.archives, name), { recursive: true, force: true })
  return { receipts: gone.length, archives: archives.length }
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

/** What a folder holds; nothing where it cannot be read. */
export function entries(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
}
