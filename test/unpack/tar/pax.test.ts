import { describe, expect, it } from 'vitest'
import { mergePax, parsePax } from '../../../src/unpack/tar/pax.ts'
import { paxRecord } from '../../helpers/evil-archives-build.ts'

const parse = (text: string) => [...parsePax(Buffer.from(text, 'latin1'))]

describe('when PAX records are read', () => {
  it.each([
    ['', []],
    ['9 a=bcde\n', [['a', 'bcde']]],
    ['+9 a=bcd\n', [['a', 'bcd']]],
    ['9 a=b=cd\n', [['a', 'b=cd']]],
    ['5 a=\n', [['a', '']]],
    ['6 a=1\n6 a=2\n', [['a', '2']]],
    ['8 a=\0\xff\n\n', [['a', '\0\xff\n']]],
  ])('%j', (text, records) => {
    expect(parse(text)).toEqual(records)
  })

  it.each([
    'x',
    '4 a\n',
    '5 ab\n',
    '99 a=b\n',
    '6 a=bc\n',
    '6 =abc\n',
    '8 a\0b=c\n',
    '-6 a=b\n',
    '6 a=b\n\0',
    `${'9'.repeat(30)} a=b\n`,
    '10 path=\0\n',
    ' 6 a=b\n',
  ])('refuses %j', (text) => {
    expect(() => parse(text)).toThrow('archive/tar: invalid tar header')
  })

  it('GNU sparse 0.0 becomes 0.1', () => {
    const records = ['0', '5', '10', '5'].map((value, i) =>
      paxRecord(i % 2 === 0 ? 'GNU.sparse.offset' : 'GNU.sparse.numbytes', value),
    )
    expect(parsePax(Buffer.concat(records)).get('GNU.sparse.map')).toBe('0,5,10,5')
  })

  it.each([[['GNU.sparse.numbytes', '5']], [['GNU.sparse.offset', '0,5']]])(
    'refuses sparse 0.0 of %j',
    ([key, value]) => {
      expect(() => parsePax(paxRecord(key ?? '', value ?? ''))).toThrow()
    },
  )
})

describe('when PAX records change an entry', () => {
  it.each([
    [
      { path: 'a', size: '3', mtime: '1.5', uid: '1' },
      { name: 'a', size: 3n },
    ],
    [{ path: '', size: '' }, {}],
    [{ size: '-1' }, { size: -1n }],
    [{ mtime: '-1.', atime: '1.0000000000001', ctime: '7' }, {}],
  ])('%j', (records, merged) => {
    expect(mergePax(new Map(Object.entries(records)))).toEqual(merged)
  })

  it.each([
    { size: 'x' },
    { size: '1e3' },
    { uid: 'a' },
    { gid: '0x1' },
    { mtime: '1.x' },
    { atime: '.5' },
    { ctime: 'now' },
  ])('refuses %j', (records) => {
    expect(() => mergePax(new Map(Object.entries(records)))).toThrow('archive/tar: invalid tar header')
  })
})
