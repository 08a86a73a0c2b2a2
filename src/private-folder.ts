import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ShimError, reasonOf } from './messages/shim-error.ts'

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
 * @throws ShimError where there is no room for temporary files
 */
export function privateFolder(): PrivateFolder {
  const path = make()
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

function make(): string {
  try {
    return mkdtempSync(join(tmpdir(), 'helm-verify-shim-'))
  } catch (error) {
    const next = 'next: make it a folder that you can write to, or set TMPDIR to one.'
    throw new ShimError(
      'io',
      `no temporary folder can be made in ${tmpdir()}: ${reasonOf(error)}; nothing was run.`,
      [next],
      error,
    )
  }
}
