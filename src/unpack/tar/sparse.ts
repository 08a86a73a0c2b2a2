import { FormatError, invalidHeader, parseDecimal, parseNumeric } from './numeric.ts'
import type { PaxRecords } from './pax.ts'

/** A stretch of data in a sparse file. */
export interface SparseEntry {
  readonly offset: bigint
  readonly length: bigint
}

/** Go: archive/tar errSparseTooLong. */
export function sparseTooLong(): FormatError {
  return new FormatError('archive/tar: sparse map too long')
}

/** The most that Go reads of a PAX header, a long name or a sparse map (Go: maxSpecialFileSize). */
export const MAX_SPECIAL_SIZE = 1 << 20

const MAX_INT64 = 2n ** 63n - 1n

/** One block's part of an old GNU sparse map (Go: archive/tar reader.go, readOldGNUSparseMap). */
export function oldGnuEntries(array: Buffer): { entries: SparseEntry[]; extended: boolean } {
  const count = Math.floor(array.length / 24)
  const entries: SparseEntry[] = []
  for (let index = 0; index < count; index++) {
    const start = index * 24
    if (array[start] === 0) break
    const offset = parseNumeric(array.subarray(start, start + 12))
    const length = parseNumeric(array.subarray(start + 12, start + 24))
    if (offset === undefined || length === undefined) throw invalidHeader()
    entries.push({ offset, length })
  }
  return { entries, extended: array[24 * count] !== 0 }
}

/** Which of GNU's sparse formats a PAX header announces, if any (Go: readGNUSparsePAXHeaders). */
export function paxSparseFormat(records: PaxRecords): '0.x' | '1.0' | undefined {
  const major = records.get('GNU.sparse.major') ?? ''
  const minor = records.get('GNU.sparse.minor') ?? ''
  if (major === '0' && (minor === '0' || minor === '1')) return '0.x'
  if (major === '1' && minor === '0') return '1.0'
  if (major !== '' || minor !== '') return undefined
  return (records.get('GNU.sparse.map') ?? '') === '' ? undefined : '0.x'
}

/** The sparse map in the PAX records (Go: readGNUSparseMap0x1). */
export function sparseMap0x1(records: PaxRecords): SparseEntry[] {
  const count = entryCount(records.get('GNU.sparse.numblocks') ?? '')
  const map = records.get('GNU.sparse.map') ?? ''
  const numbers = map === '' ? [] : map.split(',')
  if (BigInt(numbers.length) !== 2n * count) throw invalidHeader()
  return pairs(numbers)
}

/**
 * The sparse map at the start of the entry's data (Go: readGNUSparseMap1x0). `readBlock` gives the next block of it,
 * or throws if there is none.
 */
export async function sparseMap1x0(readBlock: () => Promise<Buffer>): Promise<SparseEntry[]> {
  let text = ''
  let lines = 0
  let total = 0
  const feed = async (wanted: bigint): Promise<void> => {
    while (BigInt(lines) < wanted) {
      total += 512
      if (total > MAX_SPECIAL_SIZE) throw sparseTooLong()
      const block = (await readBlock()).toString('latin1')
      lines += block.split('\n').length - 1
      text += block
    }
  }
  await feed(1n)
  const count = entryCount(text.slice(0, text.indexOf('\n')))
  await feed(2n * count + 1n)
  return pairs(text.split('\n').slice(1, Number(2n * count) + 1))
}

function entryCount(text: string): bigint {
  const count = parseDecimal(text)
  if (count === undefined || count < 0n || 2n * count > MAX_INT64) throw invalidHeader()
  return count
}

function pairs(numbers: readonly string[]): SparseEntry[] {
  const values = numbers.map((text) => {
    const value = parseDecimal(text)
    if (value === undefined) throw invalidHeader()
    return value
  })
  const entries: SparseEntry[] = []
  for (let index = 0; index + 1 < values.length; index += 2) {
    entries.push({ offset: values[index] ?? 0n, length: values[index + 1] ?? 0n })
  }
  return entries
}

/** A stretch of a file as it comes out: data from the archive, or zeros. */
export interface Fragment {
  readonly hole: boolean
  readonly length: number
}

/**
 * The file from start to end as data and holes (Go: validateSparseEntries, invertSparseEntries). Throws Go's ErrHeader
 * for a map that overlaps, runs backwards or leaves the file.
 */
export function fragments(entries: readonly SparseEntry[], size: bigint): Fragment[] {
  if (size < 0n) throw invalidHeader()
  const result: Fragment[] = []
  let end = 0n
  let covered = 0n
  for (const { offset, length } of entries) {
    if (offset < 0n || length < 0n || offset + length > size || offset < end) throw invalidHeader()
    end = offset + length
    if (length === 0n) continue
    if (offset > covered) result.push({ hole: true, length: Number(offset - covered) })
    result.push({ hole: false, length: Number(length) })
    covered = end
  }
  if (size > covered) result.push({ hole: true, length: Number(size - covered) })
  return result
}

/** The real size that an old GNU sparse header gives. */
export function oldGnuRealSize(block: Buffer): bigint {
  const size = parseNumeric(block.subarray(483, 495))
  if (size === undefined) throw invalidHeader()
  return size
}
