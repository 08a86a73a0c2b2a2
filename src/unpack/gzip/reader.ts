import { readSync } from 'node:fs'
import { crc32, createInflateRaw, inflateRawSync, type InflateRaw } from 'node:zlib'
import type { ByteSource } from '../byte-feed.ts'
import { FormatError } from '../tar/numeric.ts'
import { readGzipHeader } from './header.ts'

const CHUNK_SIZE = 256 * 1024
/** What inflates to more is inflated as it is asked for. */
const SMALL = 1024 * 1024

/** Ours, not Go's: each member costs an inflater, and nobody packs a chart into this many. */
const MAX_MEMBERS = 100_000

/**
 * Go's compress/gzip Reader over an open file: members follow one another, each checked by its trailer, and an error
 * shows only when bytes beyond it are asked for. (zlib's own gunzip ignores what follows a member, checks flags that
 * Go ignores, and takes longer names.) Bytes are read and inflated as they are asked for, no sooner.
 */
export class GzipReader implements ByteSource {
  readonly #fd: number
  /** Refilled only when the inflater is done with it. */
  readonly #buffer = Buffer.allocUnsafeSlow(CHUNK_SIZE)
  #input = this.#buffer.subarray(0, 0)
  /** Whether #input is all that is left of the file. */
  #isLast = false
  #member: Member | undefined
  readonly #maxMembers: number
  readonly #small: number
  #members = 0

  constructor(fd: number, maxMembers: number = MAX_MEMBERS, small = SMALL) {
    this.#fd = fd
    this.#maxMembers = maxMembers
    this.#small = small
  }

  async next(): Promise<Buffer | undefined> {
    for (;;) {
      if (this.#member === undefined) {
        const found = readGzipHeader(() => this.#byte())
        if (!found && this.#members === 0) throw new FormatError('EOF')
        if (!found) return undefined
        if (++this.#members > this.#maxMembers) throw new FormatError(`gzip: more than ${this.#maxMembers} members`)
        this.#member = (this.#isLast ? smallMember(this.#input, this.#small) : undefined) ?? new StreamedMember()
      }
      const member = this.#member
      const data = await member.next(() => this.#slice())
      if (data !== undefined) return data
      // The slice that the member ended in is still here: what it did not take is the trailer's.
      this.#input = this.#input.subarray(member.consumedOfLast)
      this.#member = undefined
      member.close()
      const trailer = Buffer.from(Array.from({ length: 8 }, () => this.#byte() ?? unexpectedEnd()))
      if (trailer.readUInt32LE(0) !== member.crc || trailer.readUInt32LE(4) !== member.size % 2 ** 32) {
        throw new FormatError('gzip: invalid checksum')
      }
    }
  }

  /** Lets go of the inflater. */
  close(): void {
    this.#member?.close()
  }

  /** What is left of the last slice read from the file, or the next one; none at its end. */
  #slice(): Buffer {
    if (this.#member?.started === true || this.#input.length === 0) this.#read()
    return this.#input
  }

  #byte(): number | undefined {
    if (this.#input.length === 0) this.#read()
    const byte = this.#input[0]
    this.#input = this.#input.subarray(1)
    return byte
  }

  #read(): void {
    const read = readSync(this.#fd, this.#buffer)
    this.#isLast = read < this.#buffer.length
    this.#input = this.#buffer.subarray(0, read)
  }
}

/** One member's deflate stream. */
interface Member {
  readonly crc: number
  readonly size: number
  /** How much of the last slice belonged to the member; known at its end. */
  readonly consumedOfLast: number
  /** True once a slice was written. */
  readonly started: boolean
  /** The next inflated bytes, or undefined at the member's end. */
  next(slice: () => Buffer): Promise<Buffer | undefined>
  close(): void
}

/**
 * A small member, inflated at once, which takes a third of the time of a stream. Undefined where that does not work out:
 * it is large, cut short or damaged, and then how far it can be read matters.
 */
function smallMember(input: Buffer, maxOutputLength: number): Member | undefined {
  if (maxOutputLength === 0) return undefined
  try {
    const options = { info: true, maxOutputLength }
    // With `info` there is more than the buffer that the types know of.
    const { buffer, engine } = inflateRawSync(input, options) as unknown as { buffer: Buffer; engine: InflateRaw }
    let data: Buffer | undefined = buffer.length > 0 ? buffer : undefined
    return {
      crc: crc32(buffer),
      size: buffer.length,
      consumedOfLast: engine.bytesWritten,
      started: false,
      next: () => {
        const all = data
        data = undefined
        return Promise.resolve(all)
      },
      close: () => undefined,
    }
  } catch {
    return undefined
  }
}

class StreamedMember implements Member {
  readonly #inflate: InflateRaw
  crc = 0
  size = 0
  started = false
  #beforeLast = 0
  #writing = false
  /** True once nothing more is to be written. */
  #finished = false
  #ended = false
  #error: Error | undefined
  #wake: () => void = () => undefined

  constructor() {
    const wake = (): void => {
      this.#wake()
    }
    this.#inflate = createInflateRaw({ chunkSize: CHUNK_SIZE })
    this.#inflate
      .on('readable', wake)
      .on('end', () => {
        this.#ended = true
        wake()
      })
      .on('error', (error) => {
        this.#error = error
        wake()
      })
  }

  get consumedOfLast(): number {
    return this.#inflate.bytesWritten - this.#beforeLast
  }

  async next(slice: () => Buffer): Promise<Buffer | undefined> {
    for (;;) {
      const data = this.#inflate.read() as Buffer | null
      if (data !== null) {
        this.crc = crc32(data, this.crc)
        this.size += data.length
        return data
      }
      if (this.#error !== undefined) throw inflateError(this.#error)
      if (this.#ended) return undefined
      if (!this.#writing && !this.#finished) this.#write(slice())
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  close(): void {
    this.#inflate.destroy()
  }

  #write(slice: Buffer): void {
    this.started = true
    this.#beforeLast = this.#inflate.bytesWritten
    if (slice.length === 0) {
      this.#finished = true
      this.#inflate.end()
      return
    }
    this.#writing = true
    this.#inflate.write(slice, () => {
      this.#writing = false
      // What it left is not the member's: its end is about to be reported.
      if (this.consumedOfLast < slice.length) this.#finished = true
      this.#wake()
    })
  }
}

function inflateError(error: Error): FormatError {
  const truncated = 'code' in error && error.code === 'Z_BUF_ERROR'
  return new FormatError(truncated ? 'unexpected EOF' : 'flate: corrupt input', { cause: error })
}

function unexpectedEnd(): never {
  throw new FormatError('unexpected EOF')
}
