import { closeSync, constants, fstatSync, openSync, readSync, readdirSync } from 'node:fs'
import { fromBytePath, toBytePath } from './byte-path.ts'
import { readFiles, type ArchiveRequest, type FileSink } from './read-archive.ts'
import { hasCode } from './staged-files.ts'
import { asUnpackError } from './unpack-error.ts'

/** A packed chart and a directory that was unpacked from it, perhaps. */
export interface CompareRequest extends ArchiveRequest {
  /** The chart's own directory; a link to it is resolved by the caller. */
  readonly directory: string
}

/** One way in which a directory is not its packed chart. */
export interface Difference {
  /** Below the chart's directory, for display, to be escaped. Bytes that are not UTF-8 show as U+FFFD. */
  readonly path: string
  /** `replaced`: something else than a file (or directory) stands there. */
  readonly change: 'altered' | 'added' | 'removed' | 'replaced'
}

type Kind = 'file' | 'directory' | 'other'

/**
 * What a directory has other than the files of a packed chart, sorted by path; nothing means that it is exactly the
 * extraction of those bytes. Modes, times and directories without files do not count; links always do, and are never
 * followed. Reads the archive once and holds paths only. Throws UnpackError for an archive whose files
 * helm would refuse and for files that cannot be read.
 */
export async function compareChart(request: CompareRequest): Promise<Difference[]> {
  try {
    const found = new Map<string, Kind>()
    const root = toBytePath(request.directory)
    list(root, '', found)
    const sink = new ComparedFiles(root, found)
    await readFiles(request, sink)
    return differences(found, sink.changes)
  } catch (error) {
    throw asUnpackError(error)
  }
}

function list(root: string, below: string, found: Map<string, Kind>): void {
  const entries = readdirSync(fromBytePath(below === '' ? root : `${root}/${below}`), {
    withFileTypes: true,
    encoding: 'buffer',
  })
  for (const entry of entries) {
    const name = entry.name.toString('latin1')
    const path = below === '' ? name : `${below}/${name}`
    const kind = entry.isFile() ? 'file' : entry.isDirectory() ? 'directory' : 'other'
    found.set(path, kind)
    if (kind === 'directory') list(root, path, found)
  }
}

function differences(found: ReadonlyMap<string, Kind>, changes: ReadonlyMap<string, Change | undefined>): Difference[] {
  const result: Difference[] = []
  const add = (bytes: string, change: Change): void => {
    result.push({ path: Buffer.from(bytes, 'latin1').toString('utf8'), change })
  }
  const parents = new Set<string>()
  for (const [path, change] of changes) {
    if (change !== undefined) add(path, change)
    for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      const parent = path.slice(0, slash)
      if (parents.has(parent)) break
      parents.add(parent)
    }
  }
  for (const [path, kind] of found) {
    if (kind === 'directory' || changes.has(path)) continue
    add(path, parents.has(path) ? 'replaced' : 'added')
  }
  return result.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
}

type Change = Difference['change']

/** Compares the files that pass with those of a directory. The last of equal names counts, as it does when unpacked. */
class ComparedFiles implements FileSink {
  readonly changes = new Map<string, Change | undefined>()
  readonly #root: string
  readonly #found: ReadonlyMap<string, Kind>
  readonly #buffer = Buffer.allocUnsafe(64 * 1024)
  #path = ''
  #fd: number | undefined
  #size = 0
  #offset = 0
  #change: Change | undefined

  constructor(root: string, found: ReadonlyMap<string, Kind>) {
    this.#root = root
    this.#found = found
  }

  open(path: string): void {
    this.#path = path
    this.#offset = 0
    this.#change = undefined
    const kind = this.#found.get(path)
    if (kind === undefined) this.#change = 'removed'
    else if (kind !== 'file') this.#change = 'replaced'
    else this.#openFile(path)
  }

  write(data: Buffer): void {
    if (this.#fd === undefined) return
    for (let done = 0; done < data.length;) {
      const wanted = Math.min(data.length - done, this.#buffer.length)
      const read = readSync(this.#fd, this.#buffer, 0, wanted, this.#offset)
      if (read === 0 || this.#buffer.compare(data, done, done + read, 0, read) !== 0) {
        this.#finish('altered')
        return
      }
      done += read
      this.#offset += read
    }
  }

  close(): void {
    if (this.#fd !== undefined && this.#size !== this.#offset) this.#change = 'altered'
    this.#finish(this.#change)
    this.changes.set(this.#path, this.#change)
  }

  #openFile(path: string): void {
    try {
      // Even if it was exchanged since it was listed: no link is followed, no pipe waited for. (Windows
      // has neither flag; there they are undefined, which counts as 0.)
      const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
      this.#fd = openSync(fromBytePath(`${this.#root}/${path}`), flags)
    } catch (error) {
      if (hasCode(error, 'ENOENT')) this.#change = 'removed'
      else if (hasCode(error, 'ELOOP')) this.#change = 'replaced'
      else throw error
      return
    }
    const stat = fstatSync(this.#fd)
    this.#size = stat.size
    if (!stat.isFile()) this.#finish('replaced')
  }

  #finish(change: Change | undefined): void {
    this.#change = change
    if (this.#fd !== undefined) closeSync(this.#fd)
    this.#fd = undefined
  }
}
