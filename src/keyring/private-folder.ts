import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { dir } from 'tmp-promise'

/** A folder that only its owner can look into, gone once disposed of. */
export interface PrivateFolder {
  readonly path: string
  /** Writes a file that only its owner can read, and returns its path. */
  readonly write: (name: string, bytes: Uint8Array) => Promise<string>
  readonly dispose: () => Promise<void>
}

/** Makes an empty private folder among the temporary files. */
export async function privateFolder(): Promise<PrivateFolder> {
  const made = await dir({ prefix: 'helm-verify-shim', mode: 0o700, unsafeCleanup: true })
  return {
    path: made.path,
    write: async (name, bytes) => {
      const path = join(made.path, name)
      await writeFile(path, bytes, { mode: 0o600, flag: 'wx' })
      return path
    },
    dispose: () => made.cleanup(),
  }
}
