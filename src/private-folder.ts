import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder that only its owner can look into, gone once disposed of. */
export interface PrivateFolder {
  readonly path: string
  /** Writes a file that only its owner can read, and returns its path. */
  readonly write: (name: string, bytes: Uint8Array) => string
  readonly dispose: () => void
}

/**
 * Makes an empty private folder among the temporary files. By Node's own mkdtemp (mode 0700), since this stands before
 * every pull: tmp-promise loads node:crypto for its names, which costs 3 to 5 ms.
 * @throws an error of the file system
 */
export function privateFolder(): PrivateFolder {
  const path = mkdtempSync(join(tmpdir(), 'helm-verify-shim-'))
  return {
    path,
    write: (name, bytes) => {
      const file = join(path, name)
      writeFileSync(file, bytes, { mode: 0o600, flag: 'wx' })
      return file
    },
    dispose: () => {
      rmSync(path, { recursive: true, force: true })
    },
  }
}
