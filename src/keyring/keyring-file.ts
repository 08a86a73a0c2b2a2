import { constants } from 'node:fs'
import { open, realpath, type FileHandle } from 'node:fs/promises'
import { headLength } from './format.ts'

/** Larger than any keyring: what is larger is left to helm. */
const sizeLimit = 64 * 1024 * 1024

/** A keyring that may be read without anybody noticing. */
export interface KeyringFile {
  readonly head: Uint8Array
  /** All its bytes. */
  readonly read: () => Promise<Buffer>
  readonly close: () => Promise<void>
}

/**
 * Opens a keyring and reads its first bytes. Only plain files: what can be read but once (a FIFO, `/dev/fd/3` of a
 * shell's `<(…)`) is helm's to read. Reading is by position, so that even a descriptor that shares its offset with
 * another process is left as it was.
 * @returns undefined where it is no plain file, or cannot be read
 */
export async function openKeyring(path: string): Promise<KeyringFile | undefined> {
  let file: FileHandle | undefined
  try {
    const physical = await realpath(path)
    if (isDevice(path) || isDevice(physical)) return undefined
    // Should a FIFO be there after all, opening it must not wait for its writer. (Windows has no such flag, nor FIFOs.)
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
    const stats = await file.stat()
    if (!stats.isFile() || stats.size > sizeLimit) throw new Error('no plain file')
    const { size } = stats
    const opened = file
    return {
      head: await readAt(opened, Math.min(size, headLength)),
      read: () => readAt(opened, size),
      close: () => opened.close(),
    }
  } catch {
    await file?.close()
    return undefined
  }
}

function isDevice(path: string): boolean {
  return /^\/(dev|proc)\//.test(path)
}

/** The first `length` bytes, or fewer where the file has shrunk. */
async function readAt(file: FileHandle, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length)
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return bytes.subarray(0, filled)
}
