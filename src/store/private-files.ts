import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Makes a folder and those above it that are missing, for its owner only, whatever the umask. Not by Node's `recursive`:
 * where the kernel will not have a folder though the one above is there (/proc), that one tries for ever.
 */
export function makePrivate(folder: string, afterAbove = false): void {
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
