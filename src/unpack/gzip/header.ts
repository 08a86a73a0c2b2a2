import { crc32 } from 'node:zlib'
import { FormatError } from '../tar/numeric.ts'

/** Gives the next byte, or undefined at the end. */
export type NextByte = () => number | undefined

const FLAG_HEADER_CRC = 2
const FLAG_EXTRA = 4
const FLAG_NAME = 8
const FLAG_COMMENT = 16

/** The longest name or comment that Go takes, with its NUL (Go: compress/gzip, the size of Reader.buf). */
const MAX_STRING = 512

/**
 * Reads the header of a gzip member (Go: compress/gzip gunzip.go, readHeader); flags that mean nothing are ignored.
 * Returns whether there was one: none at the end of the stream. Throws Go's errors as FormatError.
 */
export function readGzipHeader(next: NextByte): boolean {
  const first = next()
  if (first === undefined) return false
  const seen = [first]
  const byte = (): number => {
    const value = next()
    if (value === undefined) throw new FormatError('unexpected EOF')
    seen.push(value)
    return value
  }
  const word = (): number => byte() | (byte() << 8)
  const string = (): void => {
    for (let length = 1; byte() !== 0; length++) if (length >= MAX_STRING) throw invalidGzipHeader()
  }
  while (seen.length < 10) byte()
  if (seen[0] !== 0x1f || seen[1] !== 0x8b || seen[2] !== 8) throw invalidGzipHeader()
  const flags = seen[3] ?? 0
  if ((flags & FLAG_EXTRA) !== 0) for (let left = word(); left > 0; left--) byte()
  if ((flags & FLAG_NAME) !== 0) string()
  if ((flags & FLAG_COMMENT) !== 0) string()
  if ((flags & FLAG_HEADER_CRC) !== 0) {
    const crc = crc32(Buffer.from(seen)) & 0xffff
    if (word() !== crc) throw invalidGzipHeader()
  }
  return true
}

function invalidGzipHeader(): FormatError {
  return new FormatError('gzip: invalid header')
}
