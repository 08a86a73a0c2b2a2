import { mkdirSync, rmdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { hasCode } from './staged-files.ts'

/** Makes a directory and its missing parents, and can take back those that it made. */
export class MadeDirectories {
  readonly #made: string[] = []

  /** Go: os.MkdirAll(path, 0755). Throws what the file system says. */
  make(path: string): void {
    const missing: string[] = []
    for (let next = path; ; next = dirname(next)) {
      try {
        mkdirSync(next, 0o755)
        this.#made.push(next)
        break
      } catch (error) {
        if (hasCode(error, 'EEXIST') && isDirectory(next)) break
        if (!hasCode(error, 'ENOENT') || next === dirname(next)) throw error
        missing.push(next)
      }
    }
    for (const next of missing.reverse()) {
      mkdirSync(next, 0o755)
      this.#made.push(next)
    }
  }

  /** Removes what was made, as far as nobody has put anything there since. */
  takeBack(): void {
    for (const path of this.#made.reverse()) {
      try {
        rmdirSync(path)
      } catch {
        return
      }
    }
  }
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}
