/** What is thrown for bytes that Go's archive/tar or compress/gzip refuses; the message is Go's. */
export class FormatError extends Error {}

/** Go: archive/tar ErrHeader. */
export function invalidHeader(): FormatError {
  return new FormatError('archive/tar: invalid tar header')
}

const MAX_INT64 = 2n ** 63n - 1n
const MIN_INT64 = -(2n ** 63n)

/**
 * A number of a tar header, octal or base-256 (Go: archive/tar strconv.go, parseNumeric); undefined if Go refuses it.
 * May be negative.
 */
export function parseNumeric(field: Buffer): bigint | undefined {
  const first = field[0] ?? 0
  if ((first & 0x80) === 0) return parseOctal(field)
  const invert = (first & 0x40) === 0 ? 0 : 0xff
  let value = 0n
  for (const [index, byte] of field.entries()) {
    if (value >> 56n > 0n) return undefined
    const plain = byte ^ invert
    value = (value << 8n) | BigInt(index === 0 ? plain & 0x7f : plain)
  }
  if (value > MAX_INT64) return undefined
  return invert === 0 ? value : -value - 1n
}

/** Go: archive/tar strconv.go, parseOctal: spaces and NULs around it do not count, one inside ends it. */
export function parseOctal(field: Buffer): bigint | undefined {
  const text = cString(Buffer.from(field.toString('latin1').replace(/^[ \0]+|[ \0]+$/g, ''), 'latin1'))
  if (text === '') return 0n
  return /^[0-7]+$/.test(text) ? BigInt(`0o${text}`) : undefined
}

/** A decimal as Go's strconv.ParseInt(text, 10, 64) reads it; undefined if it refuses. */
export function parseDecimal(text: string): bigint | undefined {
  if (!/^[+-]?[0-9]+$/.test(text)) return undefined
  const value = BigInt(text.startsWith('+') ? text.slice(1) : text)
  return value > MAX_INT64 || value < MIN_INT64 ? undefined : value
}

/** Go: archive/tar strconv.go, parseString: up to the first NUL, one byte per character. */
export function cString(field: Buffer): string {
  const end = field.indexOf(0)
  return field.toString('latin1', 0, end < 0 ? field.length : end)
}
