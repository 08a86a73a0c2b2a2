import { chmodSync, copyFileSync, linkSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { archivePath, receiptPath, type StatePaths } from './paths.ts'
import { makePrivate } from './private-files.ts'
import { formatReceipt, type Receipt } from './receipt.ts'
import { besideOthers, unique } from './take-turns.ts'

/**
 * Keeps a packed chart (and its provenance file, where there is one beside it) and the receipt of the directory that
 * was unpacked from it. Readable by their owner only; each file appears whole or not at all, so that runs side by side
 * cannot spoil each other's. The receipt comes last: one that can be read has its archive.
 * @param packed the packed chart as helm pulled it; it is copied
 * @throws an error of the file system where the state folder cannot be written
 */
export function saveReceipt(paths: StatePaths, receipt: Receipt, packed: string): void {
  const kept = archivePath(paths, receipt.digest, receipt.archive)
  besideOthers(paths, () => {
    if (receipt.provenance) copyPrivate(`${packed}.prov`, `${kept}.prov`)
    // Its name is its digest, but what lies there may have been spoilt: the pulled bytes always replace it.
    copyPrivate(packed, kept)
    replaceFile(receiptPath(paths, receipt.directory), (temporary) => {
      writeFileSync(temporary, formatReceipt(receipt), { mode: 0o600, flag: 'wx' })
    })
  })
}

function copyPrivate(from: string, to: string): void {
  replaceFile(to, (temporary) => {
    try {
      linkSync(from, temporary)
    } catch {
      // Another file system, or one without links.
      copyFileSync(from, temporary)
    }
    chmodSync(temporary, 0o600)
  })
}

function replaceFile(file: string, write: (temporary: string) => void): void {
  // Nobody else can write here: the name has only to differ from those of other runs.
  const temporary = `${file}.${unique()}.tmp`
  makePrivate(dirname(file))
  try {
    write(temporary)
    renameSync(temporary, file)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}
