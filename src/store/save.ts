import {
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { archivePath, receiptPath, type StatePaths } from './paths.ts'
import { formatReceipt, type Receipt } from './receipt.ts'

/**
 * Keeps a packed chart (and its provenance file, where there is one beside it) and the receipt of the directory that
 * was unpacked from it. Readable by their owner only; each file appears whole or not at all, so that runs side by side
 * cannot spoil each other's. The receipt comes last: one that can be read has its archive.
 * @param packed the packed chart as helm pulled it; it is copied
 * @throws an error of the file system where the state folder cannot be written
 */
export function saveReceipt(paths: StatePaths, receipt: Receipt, packed: string): void {
  const kept = archivePath(paths, receipt.digest, receipt.archive)
  const file = receiptPath(paths, receipt.directory)
  keepArchive(kept, packed, receipt.provenance)
  replaceFile(file, (temporary) => {
    writeFileSync(temporary, formatReceipt(receipt), { mode: 0o600, flag: 'wx' })
  })
  // A prune beside us may have taken the archive before the receipt was there to hold it.
  if (!existsSync(kept)) keepArchive(kept, packed, receipt.provenance)
}

function keepArchive(kept: string, packed: string, provenance: boolean): void {
  if (provenance) copyPrivate(`${packed}.prov`, `${kept}.prov`)
  // Its name is its digest, but what lies there may have been spoilt: the pulled bytes always replace it.
  copyPrivate(packed, kept)
  // prune spares what is newer than its own start.
  const now = new Date()
  utimesSync(dirname(kept), now, now)
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

function replaceFile(file: string, write: (temporary: string) => void, tries = 5): void {
  // Nobody else can write here: the name has only to differ from those of other runs.
  const temporary = `${file}.${process.pid}.${process.hrtime.bigint().toString(36)}.tmp`
  try {
    makePrivate(dirname(file))
    write(temporary)
    renameSync(temporary, file)
  } catch (error) {
    rmSync(temporary, { force: true })
    // A prune beside us may have removed the folder while it was still empty.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || tries === 0) throw error
    replaceFile(file, write, tries - 1)
  }
}

/**
 * Makes a folder and those above it that are missing, for its owner only, whatever the umask. Not by Node's `recursive`:
 * where the kernel will not have a folder though the one above is there (/proc), that one tries for ever.
 */
function makePrivate(folder: string, afterAbove = false): void {
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return
    if (code !== 'ENOENT' || afterAbove || dirname(folder) === folder) throw error
    makePrivate(dirname(folder))
    makePrivate(folder, true)
  }
}
