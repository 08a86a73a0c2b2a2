import { invalidHeader, parseDecimal } from './numeric.ts'

/** PAX records by key; keys and values have one byte per character. */
export type PaxRecords = ReadonlyMap<string, string>

/**
 * Reads the data of a PAX header (Go: archive/tar reader.go, parsePAX). GNU sparse 0.0 repeats two keys, which become
 * the one of 0.1. Throws Go's ErrHeader.
 */
export function parsePax(data: Buffer): PaxRecords {
  const records = new Map<string, string>()
  const sparse: string[] = []
  for (let rest = data; rest.length > 0;) {
    const { key, value, size } = parseRecord(rest)
    rest = rest.subarray(size)
    if (key === 'GNU.sparse.offset' || key === 'GNU.sparse.numbytes') {
      const wanted = sparse.length % 2 === 0 ? 'GNU.sparse.offset' : 'GNU.sparse.numbytes'
      if (key !== wanted || value.includes(',')) throw invalidHeader()
      sparse.push(value)
    } else {
      records.set(key, value)
    }
  }
  if (sparse.length > 0) records.set('GNU.sparse.map', sparse.join(','))
  return records
}

/** Go: archive/tar strconv.go, parsePAXRecord and validPAXRecord. */
function parseRecord(data: Buffer): { key: string; value: string; size: number } {
  const space = data.indexOf(0x20)
  if (space < 0) throw invalidHeader()
  const length = parseDecimal(data.toString('latin1', 0, space))
  if (length === undefined || length < 5n || length > BigInt(data.length)) throw invalidHeader()
  const size = Number(length)
  if (size <= space + 1 || data[size - 1] !== 0x0a) throw invalidHeader()
  const record = data.toString('latin1', space + 1, size - 1)
  const equals = record.indexOf('=')
  if (equals < 1) throw invalidHeader()
  const key = record.slice(0, equals)
  const value = record.slice(equals + 1)
  const checked = ['path', 'linkpath', 'uname', 'gname'].includes(key) ? value : key
  if (checked.includes('\0')) throw invalidHeader()
  return { key, value, size }
}

/**
 * What the records say of an entry's name and size; empty values do not count (Go: archive/tar reader.go, mergePAX).
 * Throws Go's ErrHeader for numbers and times that it cannot read.
 */
export function mergePax(records: PaxRecords): { name?: string; size?: bigint } {
  const merged: { name?: string; size?: bigint } = {}
  for (const [key, value] of records) {
    if (value === '') continue
    if (key === 'path') merged.name = value
    else if (key === 'size') merged.size = decimal(value)
    else if (key === 'uid' || key === 'gid') decimal(value)
    else if (key === 'atime' || key === 'mtime' || key === 'ctime') checkTime(value)
  }
  return merged
}

/** Go: archive/tar strconv.go, parsePAXTime. */
function checkTime(text: string): void {
  const point = text.indexOf('.')
  decimal(point < 0 ? text : text.slice(0, point))
  if (point >= 0 && !/^[0-9]*$/.test(text.slice(point + 1))) throw invalidHeader()
}

function decimal(text: string): bigint {
  const value = parseDecimal(text)
  if (value === undefined) throw invalidHeader()
  return value
}
