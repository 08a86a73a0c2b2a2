import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from 'node:fs'
import { headLength } from './format.ts'

/** Larger than any keyring: what is larger is left to helm. */
const sizeLimit = 64 * 1024 * 1024

/** A keyring that may be read without anybody noticing. */
export interface KeyringFile {
  readonly head: Uint8Array
  /** All its bytes. */
  readonly read: () => Buffer
  readonly close: () => void
}

/**
 * Opens a keyring and reads its first bytes. Only plain files: what can be read but once (a FIFO, `/dev/fd/3` of a
 * shell's `<(…)`) is helm's to read. Reading is by position, so that even a descriptor that shares its offset with
 * another process is left as it was. Synchronous, since helm is waiting to be started.
 * @returns undefined where it is no plain file, or cannot be read
 */
export function openKeyring(path: string): KeyringFile | undefined {
  let file: number | undefined
  try {
    if (isDevice(path) || isDevice(realpathSync(path))) return undefined
    // Should a FIFO be there after all, opening it must not wait for its writer. (Windows has no such flag, nor FIFOs.)
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    const stats = fstatSync(file)
    if (!stats.isFile() || stats.size > sizeLimit) throw new Error('no plain file')
    const { size } = stats
    const opened = file
    return {
      head: readAt(opened, Math.min(size, headLength)),
      read: () => readAt(opened, size),
      close: () => {
        closeSync(opened)
      },
    }
  } catch {
    if (file !== undefined) closeSync(file)
    return undefined
  }
}

function isDevice(path: string): boolean {
  return /^\/(dev|proc)\//.test(path)
}

/** The first `length` bytes, or fewer where the file has shrunk. */
function readAt(file: number, length: number): Buffer {
  const bytes = Buffer.alloc(length)
  let filled = 0
  while (filled < length) {
    const read = readSync(file, bytes, filled, length - filled, filled)
    if (read === 0) break
    filled += read
  }
  return bytes.subarray(0, filled)
}
