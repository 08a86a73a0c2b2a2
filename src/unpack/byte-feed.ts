/** Where bytes come from, chunk by chunk; undefined is the end. */
export interface ByteSource {
  next(): Promise<Buffer | undefined>
}

const EMPTY: Buffer = Buffer.alloc(0)

/** Hands out a source's bytes in the amounts that a reader asks for, so that it awaits once a chunk, not once a read. */
export class ByteFeed {
  readonly #source: ByteSource
  #chunk = EMPTY
  #ended = false

  constructor(source: ByteSource) {
    this.#source = source
  }

  /** How many bytes can be had without waiting. */
  get buffered(): number {
    return this.#chunk.length
  }

  /** Waits until `size` bytes are there or the source ends; returns how many are. */
  async fill(size: number): Promise<number> {
    while (this.#chunk.length < size && !this.#ended) {
      const next = await this.#source.next()
      if (next === undefined) this.#ended = true
      else this.#chunk = this.#chunk.length === 0 ? next : Buffer.concat([this.#chunk, next])
    }
    return this.#chunk.length
  }

  /** Up to `size` of the bytes that are there, as a view that holds until the next call. */
  take(size: number): Buffer {
    const taken = this.#chunk.subarray(0, size)
    this.#chunk = this.#chunk.subarray(taken.length)
    return taken
  }

  /** At least one byte and at most `size`, or none at the end. */
  async some(size: number): Promise<Buffer> {
    if (this.#chunk.length === 0) await this.fill(1)
    return this.take(size)
  }
}
