import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { fromBytePath, toBytePath } from './byte-path.ts'
import type { FileSink } from './read-archive.ts'

/**
 * Writes the files of a chart below a directory, as helm does: files 0644 and directories 0755 less the umask, in the
 * archive's order, so that the last of equal names wins and a file and a directory of one name fail (helm:
 * pkg/chartutil/expand.go). The directory must be private: names are not checked against links in it.
 */
export class StagedFiles implements FileSink {
  readonly #root: string
  readonly #made = new Set<string>()
  #fd: number | undefined
  /** How many files there are, duplicates counted once. */
  files = 0

  constructor(directory: string) {
    this.#root = toBytePath(directory)
  }

  open(path: string): void {
    const slash = path.lastIndexOf('/')
    if (slash > 0) this.#directory(path.slice(0, slash))
    const file = fromBytePath(`${this.#root}/${path}`)
    try {
      this.#fd = openSync(file, 'wx', 0o644)
      this.files++
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error
      this.#fd = openSync(file, 'w', 0o644)
    }
  }

  write(data: Buffer): void {
    if (this.#fd === undefined) return
    for (let offset = 0; offset < data.length;) offset += writeSync(this.#fd, data, offset)
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd)
    this.#fd = undefined
  }

  #directory(path: string): void {
    if (this.#made.has(path)) return
    mkdirSync(fromBytePath(`${this.#root}/${path}`), { recursive: true, mode: 0o755 })
    this.#made.add(path)
  }
}

/** Whether an error is Node's report of this system error. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
