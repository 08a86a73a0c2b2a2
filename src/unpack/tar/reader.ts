import type { ByteFeed } from '../byte-feed.ts'
import { BLOCK_SIZE, readHeaderBlock, type HeaderBlock } from './header-block.ts'
import { FormatError, cString, invalidHeader, parseDecimal } from './numeric.ts'
import { mergePax, parsePax, type PaxRecords } from './pax.ts'
import {
  MAX_SPECIAL_SIZE,
  fragments,
  oldGnuEntries,
  oldGnuRealSize,
  paxSparseFormat,
  sparseMap0x1,
  sparseMap1x0,
  sparseTooLong,
  type Fragment,
  type SparseEntry,
} from './sparse.ts'

/** An entry as Go's tar.Header gives it, as far as helm looks at it. */
export interface TarEntry {
  /** One byte per character. */
  readonly name: string
  readonly typeflag: string
  /** What the header says; links and their like may say more than they hold, which is nothing. */
  readonly size: number
  /** Go: Header.FileInfo().IsDir(): by its type, or by its mode. */
  readonly isDirectory: boolean
}

interface SparseFile {
  readonly parts: readonly Fragment[]
  /** The stretch that comes next, and how much of it is out. */
  index: number
  done: number
}

const ZEROS = Buffer.alloc(64 * 1024)
/** Types that hold no data whatever their size says (Go: isHeaderOnlyType). */
const HEADER_ONLY = '123456'

/**
 * Go's archive/tar Reader over a stream of bytes. node-tar's parser gives other verdicts for the same bytes; the test
 * beside this file's shows where.
 */
export class TarReader {
  readonly #feed: ByteFeed
  /** Data of the current entry that is still in the archive, and the padding after it (Go: regFileReader.nb, pad). */
  #remaining = 0
  #padding = 0
  /** A sparse file's stretches, and how far they have come out; undefined for an ordinary one. */
  #sparse: SparseFile | undefined

  constructor(feed: ByteFeed) {
    this.#feed = feed
  }

  /** The next entry, or undefined at the archive's end (Go: Reader.next). Throws a FormatError where Go fails. */
  async next(): Promise<TarEntry | undefined> {
    let records: PaxRecords | undefined
    let longName = ''
    for (;;) {
      await this.#skip()
      const block = await this.#headerBlock()
      if (block === undefined) return undefined
      const header = readHeaderBlock(block)
      this.#expectData(header.typeflag, header.size)
      if (header.typeflag === 'x') {
        records = parsePax(await this.#special())
      } else if (header.typeflag === 'g') {
        // Go hands these out, and so forgets an extended header before them; helm skips them. They apply to nothing.
        parsePax(await this.#special())
        return { name: header.name, typeflag: 'g', size: 0, isDirectory: false }
      } else if (header.typeflag === 'L') {
        longName = cString(await this.#special())
      } else if (header.typeflag === 'K') {
        await this.#special()
      } else {
        return this.#entry(header, block, records, longName)
      }
    }
  }

  /** Some of the current entry's data, at most `size` bytes; none at its end (Go: Reader.Read). */
  async read(size: number): Promise<Buffer> {
    return this.#sparse === undefined ? this.#readPlain(size) : this.#readSparse(this.#sparse, size)
  }

  async #entry(header: HeaderBlock, block: Buffer, records: PaxRecords | undefined, longName: string) {
    const merged = records === undefined ? {} : mergePax(records)
    let name = longName === '' ? (merged.name ?? header.name) : longName
    let typeflag = header.typeflag
    if (typeflag === '\0') typeflag = name.endsWith('/') ? '5' : '0'
    let size = merged.size ?? header.size
    this.#expectData(typeflag, size)

    let map: SparseEntry[] | undefined
    if (typeflag === 'S') {
      if (header.format !== 'gnu') throw invalidHeader()
      size = oldGnuRealSize(block)
      map = await this.#oldGnuMap(block)
    } else if (records !== undefined) {
      const format = paxSparseFormat(records)
      if (format !== undefined) {
        name = records.get('GNU.sparse.name') || name
        size = realSize(records) ?? size
        map = format === '0.x' ? sparseMap0x1(records) : await sparseMap1x0(() => this.#dataBlock())
      }
    }
    if (map !== undefined) {
      if (HEADER_ONLY.includes(typeflag)) throw invalidHeader()
      this.#sparse = { parts: fragments(map, size), index: 0, done: 0 }
    }
    const isDirectory = typeflag === '5' || (BigInt.asUintN(32, header.mode) & ~0o7777n) === 0o40000n
    return { name, typeflag, size: Number(size), isDirectory }
  }

  /** Go: handleRegularFile. */
  #expectData(typeflag: string, size: bigint): void {
    const held = HEADER_ONLY.includes(typeflag) ? 0n : size
    if (held < 0n) throw invalidHeader()
    this.#remaining = Number(held)
    this.#padding = Number(BigInt.asUintN(9, -held))
    this.#sparse = undefined
  }

  /** What is left of the current entry. Padding may be cut short by the end of the stream, data may not. */
  async #skip(): Promise<void> {
    this.#sparse = undefined
    while (this.#remaining > 0) await this.#readPlain(this.#remaining)
    if (this.#padding > 0) {
      await this.#feed.fill(this.#padding)
      this.#feed.take(this.#padding)
      this.#padding = 0
    }
  }

  /** Go: readHeader's reading. Two zero blocks end the archive, as do one, or none, with nothing after them. */
  async #headerBlock(): Promise<Buffer | undefined> {
    const first = await this.#block()
    if (first === undefined || !isZero(first)) return first
    const second = await this.#block()
    if (second === undefined || isZero(second)) return undefined
    throw invalidHeader()
  }

  async #block(): Promise<Buffer | undefined> {
    const there = this.#feed.buffered >= BLOCK_SIZE ? BLOCK_SIZE : await this.#feed.fill(BLOCK_SIZE)
    if (there === 0) return undefined
    if (there < BLOCK_SIZE) throw unexpectedEnd()
    return this.#feed.take(BLOCK_SIZE)
  }

  /** Go: regFileReader.Read. */
  async #readPlain(size: number): Promise<Buffer> {
    if (this.#remaining === 0) return ZEROS.subarray(0, 0)
    const data = await this.#feed.some(Math.min(size, this.#remaining))
    if (data.length === 0) throw unexpectedEnd()
    this.#remaining -= data.length
    return data
  }

  /** Go: sparseFileReader.Read. */
  async #readSparse(file: SparseFile, size: number): Promise<Buffer> {
    const part = file.parts[file.index]
    if (part === undefined) {
      if (this.#remaining > 0) throw new FormatError('archive/tar: sparse file contains unreferenced data')
      return ZEROS.subarray(0, 0)
    }
    const wanted = Math.min(size, part.length - file.done, ZEROS.length)
    const data = part.hole ? ZEROS.subarray(0, wanted) : await this.#readPlain(wanted)
    if (data.length === 0) throw new FormatError('archive/tar: sparse file references non-existent data')
    file.done += data.length
    if (file.done === part.length) {
      file.index++
      file.done = 0
    }
    return data
  }

  /** Go: readSpecialFile. */
  async #special(): Promise<Buffer> {
    if (this.#remaining > MAX_SPECIAL_SIZE) {
      for (let read = 0; read <= MAX_SPECIAL_SIZE;) read += (await this.#readPlain(MAX_SPECIAL_SIZE)).length
      throw new FormatError('archive/tar: header field too long')
    }
    const parts: Buffer[] = []
    while (this.#remaining > 0) parts.push(Buffer.from(await this.#readPlain(this.#remaining)))
    return Buffer.concat(parts)
  }

  /** A whole block of the current entry's data, for the sparse map that stands before it. */
  async #dataBlock(): Promise<Buffer> {
    const parts: Buffer[] = []
    for (let wanted = BLOCK_SIZE; wanted > 0;) {
      const data = await this.#readPlain(wanted)
      if (data.length === 0) throw unexpectedEnd()
      parts.push(Buffer.from(data))
      wanted -= data.length
    }
    return Buffer.concat(parts)
  }

  /** Go: readOldGNUSparseMap; the map goes on in blocks of its own, before the data. */
  async #oldGnuMap(block: Buffer): Promise<SparseEntry[]> {
    let { entries, extended } = oldGnuEntries(block.subarray(386, 483))
    const map = entries
    for (let total = 97; extended; total += BLOCK_SIZE) {
      if (total >= MAX_SPECIAL_SIZE) throw sparseTooLong()
      const next = await this.#block()
      if (next === undefined) throw unexpectedEnd()
      ;({ entries, extended } = oldGnuEntries(next))
      map.push(...entries)
    }
    return map
  }
}

function realSize(records: PaxRecords): bigint | undefined {
  const text = records.get('GNU.sparse.size') || records.get('GNU.sparse.realsize')
  if (text === undefined || text === '') return undefined
  const size = parseDecimal(text)
  if (size === undefined) throw invalidHeader()
  return size
}

function isZero(block: Buffer): boolean {
  return block.compare(ZEROS, 0, BLOCK_SIZE) === 0
}

function unexpectedEnd(): FormatError {
  return new FormatError('unexpected EOF')
}
