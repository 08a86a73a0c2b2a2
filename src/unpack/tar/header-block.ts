import { cString, invalidHeader, parseNumeric, parseOctal } from './numeric.ts'

/** The size of a tar block. */
export const BLOCK_SIZE = 512

export type TarFormat = 'v7' | 'ustar' | 'star' | 'gnu'

/** A tar header as it stands in its block, before PAX records and GNU long names change it. */
export interface HeaderBlock {
  readonly format: TarFormat
  readonly typeflag: string
  /** One byte per character, as all names here. */
  readonly name: string
  readonly size: bigint
  readonly mode: bigint
}

const field = {
  name: [0, 100],
  mode: [100, 108],
  uid: [108, 116],
  gid: [116, 124],
  size: [124, 136],
  modTime: [136, 148],
  checksum: [148, 156],
  magic: [257, 263],
  version: [263, 265],
  devMajor: [329, 337],
  devMinor: [337, 345],
  prefix: [345, 500],
  starPrefix: [345, 476],
  starAccessTime: [476, 488],
  starChangeTime: [488, 500],
  starTrailer: [508, 512],
  gnuAccessTime: [345, 357],
  gnuChangeTime: [357, 369],
} as const

function bytes(block: Buffer, name: keyof typeof field): Buffer {
  const [start, end] = field[name]
  return block.subarray(start, end)
}

/** Reads a header block that is not all zero (Go: archive/tar reader.go, readHeader). Throws Go's ErrHeader. */
export function readHeaderBlock(block: Buffer): HeaderBlock {
  const format = formatOf(block)
  const numbers = ['size', 'mode', 'uid', 'gid', 'modTime'] as const
  const [size, mode] = numbers.map((name) => required(bytes(block, name)))
  let name = cString(bytes(block, 'name'))
  if (format !== 'v7') {
    required(bytes(block, 'devMajor'))
    required(bytes(block, 'devMinor'))
    const prefix = prefixOf(block, format)
    if (prefix !== '') name = `${prefix}/${name}`
  }
  return { format, typeflag: String.fromCharCode(block[156] ?? 0), name, size: size ?? 0n, mode: mode ?? 0n }
}

/** Go: archive/tar format.go, getFormat. Both the unsigned and Sun's signed checksum count. */
export function formatOf(block: Buffer): TarFormat {
  const checksum = parseOctal(bytes(block, 'checksum'))
  let unsigned = 0
  let signed = 0
  for (let index = 0; index < BLOCK_SIZE; index++) {
    const byte = index >= 148 && index < 156 ? 0x20 : (block[index] ?? 0)
    unsigned += byte
    signed += byte < 0x80 ? byte : byte - 0x100
  }
  if (checksum !== BigInt(unsigned) && checksum !== BigInt(signed)) throw invalidHeader()
  const magic = bytes(block, 'magic').toString('latin1')
  if (magic === 'ustar\0') return bytes(block, 'starTrailer').toString('latin1') === 'tar\0' ? 'star' : 'ustar'
  if (magic === 'ustar ' && bytes(block, 'version').toString('latin1') === ' \0') return 'gnu'
  return 'v7'
}

function prefixOf(block: Buffer, format: 'ustar' | 'star' | 'gnu'): string {
  if (format === 'ustar') return cString(bytes(block, 'prefix'))
  if (format === 'star') {
    required(bytes(block, 'starAccessTime'))
    required(bytes(block, 'starChangeTime'))
    return cString(bytes(block, 'starPrefix'))
  }
  // GNU has times where USTAR has the prefix. Go before 1.8 wrote a prefix all the same, so Go still takes what is
  // no time for one (golang.org/issue/12594).
  const times = [bytes(block, 'gnuAccessTime'), bytes(block, 'gnuChangeTime')]
  if (times.every((time) => time[0] === 0 || parseNumeric(time) !== undefined)) return ''
  const prefix = cString(bytes(block, 'prefix'))
  // eslint-disable-next-line no-control-regex
  return /^[\x01-\x7f]*$/.test(prefix) ? prefix : ''
}

function required(number: Buffer): bigint {
  const value = parseNumeric(number)
  if (value === undefined) throw invalidHeader()
  return value
}
