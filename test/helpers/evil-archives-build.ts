import { crc32, deflateRawSync, gzipSync } from 'node:zlib'

/** A tar header's fields; a Buffer is written as it stands, whatever it means. */
export interface HeaderOptions {
  readonly name?: string | Buffer
  readonly mode?: number | Buffer
  readonly uid?: number | Buffer
  readonly gid?: number | Buffer
  readonly size?: number | Buffer
  readonly mtime?: number | Buffer
  readonly type?: string
  readonly link?: string
  readonly format?: 'ustar' | 'gnu' | 'v7' | 'star'
  readonly prefix?: string | Buffer
  readonly devMajor?: Buffer
  readonly devMinor?: Buffer
  /** Bytes put at offsets of the finished header, before its checksum is taken. */
  readonly patch?: Readonly<Record<number, Buffer | string>>
  readonly checksum?: 'unsigned' | 'signed' | 'wrong' | Buffer
}

const latin1 = (value: string | Buffer): Buffer => (Buffer.isBuffer(value) ? value : Buffer.from(value, 'latin1'))
const octal = (value: number | Buffer, width: number): Buffer =>
  Buffer.isBuffer(value) ? value : Buffer.from(`${value.toString(8).padStart(width - 1, '0')}\0`, 'latin1')

/** One header block. */
export function header(options: HeaderOptions): Buffer {
  const block = Buffer.alloc(512)
  const format = options.format ?? 'ustar'
  latin1(options.name ?? 'demo/file').copy(block, 0, 0, 100)
  octal(options.mode ?? 0o644, 8).copy(block, 100)
  octal(options.uid ?? 0, 8).copy(block, 108)
  octal(options.gid ?? 0, 8).copy(block, 116)
  octal(options.size ?? 0, 12).copy(block, 124)
  octal(options.mtime ?? 0, 12).copy(block, 136)
  latin1(options.type ?? '0').copy(block, 156)
  latin1(options.link ?? '').copy(block, 157, 0, 100)
  if (format === 'gnu') block.write('ustar  \0', 257, 'latin1')
  else if (format !== 'v7') block.write('ustar\x0000', 257, 'latin1')
  if (format === 'star') block.write('tar\0', 508, 'latin1')
  options.devMajor?.copy(block, 329)
  options.devMinor?.copy(block, 337)
  if (options.prefix !== undefined) latin1(options.prefix).copy(block, 345, 0, format === 'star' ? 131 : 155)
  for (const [offset, bytes] of Object.entries(options.patch ?? {})) latin1(bytes).copy(block, Number(offset))
  return withChecksum(block, options.checksum ?? 'unsigned')
}

/** Writes the checksum of a header into it. */
export function withChecksum(block: Buffer, kind: 'unsigned' | 'signed' | 'wrong' | Buffer): Buffer {
  block.fill(0x20, 148, 156)
  let sum = 0
  for (const byte of block) sum += kind === 'signed' && byte > 0x7f ? byte - 0x100 : byte
  if (kind === 'wrong') sum++
  const text = `${Math.max(sum, 0).toString(8).padStart(6, '0')}\0 `
  if (Buffer.isBuffer(kind)) kind.copy(block, 148, 0, 8)
  else block.write(text, 148, 'latin1')
  return block
}

/** Data and what fills its last block. */
export function padded(data: Buffer): Buffer {
  return Buffer.concat([data, Buffer.alloc(-data.length & 511)])
}

/** A header with its data; the header's size is the data's unless given. */
export function entry(options: HeaderOptions, data: string | Buffer = ''): Buffer {
  const bytes = Buffer.isBuffer(data) ? data : Buffer.from(data)
  return Buffer.concat([header({ size: bytes.length, ...options }), padded(bytes)])
}

/** An ordinary file. */
export function file(name: string | Buffer, data: string | Buffer = 'x\n'): Buffer {
  return entry({ name }, data)
}

/** A PAX record with its length. */
export function paxRecord(key: string, value: string | Buffer): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), latin1(value), Buffer.from('\n')])
  let length = rest.length + 1
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length
  return Buffer.concat([Buffer.from(String(length)), rest])
}

/** An extended header (type x, or g for a global one) with these records. */
export function pax(records: Readonly<Record<string, string | Buffer>>, type: 'x' | 'g' = 'x'): Buffer {
  return paxRaw(Buffer.concat(Object.entries(records).map(([key, value]) => paxRecord(key, value))), type)
}

/** An extended header with this data. */
export function paxRaw(data: string | Buffer, type: 'x' | 'g' = 'x'): Buffer {
  return entry({ name: 'PaxHeaders/x', type }, data)
}

/** A GNU long name (L) or long link (K) entry. */
export function longName(name: string | Buffer, type: 'L' | 'K' = 'L'): Buffer {
  const data = Buffer.concat([latin1(name), Buffer.from([0])])
  return entry({ name: '././@LongLink', type, format: 'gnu' }, data)
}

/** The two zero blocks. */
export const END = Buffer.alloc(1024)

/** The Chart.yaml that makes an archive a chart. */
export const CHART_YAML = 'apiVersion: v2\nname: demo\nversion: 0.1.0\n'

/** A whole tar archive of a chart with these entries after its Chart.yaml. */
export function chartTar(...entries: readonly Buffer[]): Buffer {
  return Buffer.concat([file('demo/Chart.yaml', CHART_YAML), ...entries, END])
}

/** The same, packed. */
export function chart(...entries: readonly Buffer[]): Buffer {
  return gzipSync(chartTar(...entries))
}

/** A chart whose Chart.yaml this is, with one more file. */
export function chartWithYaml(yaml: string | Buffer): Buffer {
  return gzipSync(Buffer.concat([file('demo/Chart.yaml', yaml), file('demo/values.yaml', 'a: 1\n'), END]))
}

/** What a gzip member has besides its data. */
export interface GzipOptions {
  readonly flags?: number
  readonly extra?: Buffer
  readonly name?: Buffer
  readonly comment?: Buffer
  readonly headerCrc?: 'right' | 'wrong'
  readonly crc?: number
  readonly size?: number
  readonly magic?: Buffer
  readonly level?: number
  readonly deflated?: Buffer
}

/** A gzip member, field by field. */
export function gzipMember(data: Buffer, options: GzipOptions = {}): Buffer {
  const { extra, name, comment, headerCrc } = options
  let flags = options.flags ?? 0
  if (headerCrc !== undefined) flags |= 2
  if (extra !== undefined) flags |= 4
  if (name !== undefined) flags |= 8
  if (comment !== undefined) flags |= 16
  const start = Buffer.from([0x1f, 0x8b, 8, flags, 0, 0, 0, 0, 0, 255])
  options.magic?.copy(start)
  const parts: Buffer[] = [start]
  if (extra !== undefined) parts.push(Buffer.from([extra.length & 255, extra.length >> 8]), extra)
  if (name !== undefined) parts.push(name, Buffer.from([0]))
  if (comment !== undefined) parts.push(comment, Buffer.from([0]))
  if (headerCrc !== undefined) {
    const sum = (crc32(Buffer.concat(parts)) & 0xffff) ^ (headerCrc === 'wrong' ? 1 : 0)
    parts.push(Buffer.from([sum & 255, sum >> 8]))
  }
  const trailer = Buffer.alloc(8)
  trailer.writeUInt32LE(options.crc ?? crc32(data), 0)
  trailer.writeUInt32LE(options.size ?? data.length % 2 ** 32, 4)
  return Buffer.concat([...parts, options.deflated ?? deflateRawSync(data, { level: options.level ?? 6 }), trailer])
}

/** A number in base-256, as GNU writes large ones. */
export function base256(value: bigint, width: number): Buffer {
  const field = Buffer.alloc(width)
  let rest = BigInt.asUintN(width * 8, value)
  for (let index = width - 1; index >= 0; index--) {
    field[index] = Number(rest & 0xffn)
    rest >>= 8n
  }
  field[0] = (field[0] ?? 0) | 0x80
  return field
}

/** An old GNU sparse header; `map` holds pairs of offset and length, of which it has room for four. */
export function gnuSparseHeader(
  name: string,
  map: readonly (readonly [number, number])[],
  realSize: number,
  size: number,
  extended = false,
): Buffer {
  const patch: Record<number, Buffer> = { 483: octal(realSize, 12) }
  for (const [index, [offset, length]] of map.entries()) {
    patch[386 + index * 24] = octal(offset, 12)
    patch[398 + index * 24] = octal(length, 12)
  }
  if (extended) patch[482] = Buffer.from([1])
  return header({ name, size, type: 'S', format: 'gnu', patch })
}

/** A block that goes on with an old GNU sparse map. */
export function gnuSparseBlock(map: readonly (readonly [number, number])[], extended = false): Buffer {
  const block = Buffer.alloc(512)
  for (const [index, [offset, length]] of map.entries()) {
    octal(offset, 12).copy(block, index * 24)
    octal(length, 12).copy(block, index * 24 + 12)
  }
  if (extended) block[504] = 1
  return block
}
