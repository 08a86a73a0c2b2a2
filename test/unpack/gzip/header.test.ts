import { expect, it } from 'vitest'
import { readGzipHeader } from '../../../src/unpack/gzip/header.ts'
import { gzipMember } from '../../helpers/evil-archives-build.ts'

/** Reads a header and says how many bytes it had. */
function read(bytes: Buffer): number | false {
  let at = 0
  return readGzipHeader(() => bytes[at++]) && at
}

const data = Buffer.from('x')

it.each([
  ['a plain one', gzipMember(data), 10],
  ['a name and a comment', gzipMember(data, { name: Buffer.from('ab'), comment: Buffer.from('c') }), 15],
  ['an extra field', gzipMember(data, { extra: Buffer.alloc(300) }), 312],
  ['a checksum', gzipMember(data, { headerCrc: 'right', extra: Buffer.from('e') }), 15],
  ['flags that mean nothing', gzipMember(data, { flags: 0xe1 }), 10],
  ['the longest name', gzipMember(data, { name: Buffer.alloc(511, 1) }), 522],
])('reads %s', (_, bytes, length) => {
  expect(read(bytes)).toBe(length)
})

it('there is none at the end', () => {
  expect(read(Buffer.alloc(0))).toBe(false)
})

it.each([
  ['another magic', gzipMember(data, { magic: Buffer.from('PK') }), 'gzip: invalid header'],
  ['another method', gzipMember(data, { magic: Buffer.from([0x1f, 0x8b, 9]) }), 'gzip: invalid header'],
  ['a longer name', gzipMember(data, { name: Buffer.alloc(512, 1) }), 'gzip: invalid header'],
  ['a wrong checksum', gzipMember(data, { headerCrc: 'wrong' }), 'gzip: invalid header'],
  ['a start cut off', gzipMember(data).subarray(0, 9), 'unexpected EOF'],
  ['a name cut off', gzipMember(data, { name: Buffer.from('ab') }).subarray(0, 12), 'unexpected EOF'],
])('refuses %s', (_, bytes, message) => {
  expect(() => read(bytes)).toThrow(message)
})
