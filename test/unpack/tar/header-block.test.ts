import { describe, expect, it } from 'vitest'
import { readHeaderBlock } from '../../../src/unpack/tar/header-block.ts'
import { header, type HeaderOptions } from '../../helpers/evil-archives-build.ts'

const read = (options: HeaderOptions) => readHeaderBlock(header(options))

describe('when a header block is read', () => {
  it.each([
    ['ustar', { format: 'ustar', prefix: 'pre' }, 'ustar', 'pre/file'],
    ['star', { format: 'star', prefix: 'pre' }, 'star', 'pre/file'],
    ['gnu', { format: 'gnu' }, 'gnu', 'file'],
    ['v7, which has no prefix', { format: 'v7', prefix: 'pre' }, 'v7', 'file'],
    ['ustar of any version', { patch: { 263: '\0\0' }, prefix: 'pre' }, 'ustar', 'pre/file'],
    ['gnu magic of another version, which is v7', { format: 'gnu', prefix: 'pre', patch: { 263: '00' } }, 'v7', 'file'],
    ['gnu times, which are no prefix', { format: 'gnu', prefix: '00000000001\x0000000000001\0' }, 'gnu', 'file'],
    ['gnu with the prefix that old Go wrote', { format: 'gnu', prefix: 'old' }, 'gnu', 'old/file'],
    ['gnu with a prefix that is not ASCII', { format: 'gnu', prefix: 'o\xff' }, 'gnu', 'file'],
  ] as const)('%s', (_, options, format, name) => {
    expect(read({ name: 'file', ...options })).toMatchObject({ format, name })
  })

  it.each([
    ['a wrong checksum', { checksum: 'wrong' }],
    ['a checksum that is no number', { checksum: Buffer.from('9999999\0') }],
    ['a broken size', { size: Buffer.from('99') }],
    ['a broken mode', { mode: Buffer.from('rwx') }],
    ['a broken owner', { uid: Buffer.from('root') }],
    ['a broken group', { gid: Buffer.from('root') }],
    ['a broken time', { mtime: Buffer.from('now') }],
    ['a broken device number', { devMinor: Buffer.from('zzz') }],
    ['broken star times', { format: 'star', patch: { 488: 'x' } }],
  ] as const)('refuses %s', (_, options) => {
    expect(() => read(options)).toThrow('archive/tar: invalid tar header')
  })

  it('takes a checksum of signed bytes', () => {
    expect(read({ name: '\xfc', checksum: 'signed' }).name).toBe('\xfc')
  })
})
