import { describe, expect, it } from 'vitest'
import { fragments, paxSparseFormat, sparseMap0x1, sparseMap1x0 } from '../../../src/unpack/tar/sparse.ts'
import { padded } from '../../helpers/evil-archives-build.ts'

const entries = (...pairs: [number, number][]) =>
  pairs.map(([offset, length]) => ({ offset: BigInt(offset), length: BigInt(length) }))

describe('when a sparse map is laid out', () => {
  it.each([
    ['nothing but a hole', entries(), 9, ['0:9']],
    ['data first', entries([0, 4]), 9, ['4', '0:5']],
    ['data last', entries([5, 4]), 9, ['0:5', '4']],
    ['data side by side', entries([0, 4], [4, 5]), 9, ['4', '5']],
    ['empty stretches', entries([0, 0], [3, 0], [5, 4]), 9, ['0:5', '4']],
    ['an empty file', entries(), 0, []],
  ])('%s', (_, map, size, expected) => {
    const shown = fragments(map, BigInt(size)).map(({ hole, length }) => `${hole ? '0:' : ''}${length}`)
    expect(shown).toEqual(expected)
  })

  it.each([
    ['a negative size', entries(), -1],
    ['a negative offset', entries([-1, 2]), 9],
    ['a negative length', entries([1, -1]), 9],
    ['data beyond the size', entries([5, 5]), 9],
    ['overlap', entries([0, 5], [4, 1]), 9],
    ['overlap with an empty stretch', entries([5, 0], [4, 1]), 9],
  ])('refuses %s', (_, map, size) => {
    expect(() => fragments(map, BigInt(size))).toThrow('archive/tar: invalid tar header')
  })
})

describe('when PAX records announce a sparse file', () => {
  it.each([
    [{}, undefined],
    [{ 'GNU.sparse.map': '0,1' }, '0.x'],
    [{ 'GNU.sparse.map': '' }, undefined],
    [{ 'GNU.sparse.major': '0', 'GNU.sparse.minor': '1' }, '0.x'],
    [{ 'GNU.sparse.major': '1', 'GNU.sparse.minor': '0' }, '1.0'],
    [{ 'GNU.sparse.major': '1', 'GNU.sparse.map': '0,1' }, undefined],
  ])('%j is %s', (records, format) => {
    expect(paxSparseFormat(new Map(Object.entries(records)))).toBe(format)
  })

  it('the map of 0.1 must have as many pairs as it says', () => {
    const map = (numblocks: string, pairs: string) =>
      sparseMap0x1(
        new Map([
          ['GNU.sparse.numblocks', numblocks],
          ['GNU.sparse.map', pairs],
        ]),
      )
    expect(map('2', '0,1,5,1')).toEqual(entries([0, 1], [5, 1]))
    expect(map('0', '')).toEqual([])
    for (const [count, pairs] of [
      ['1', '0,1,5,1'],
      ['x', ''],
      ['-1', ''],
      ['1', '0,x'],
      ['', ''],
    ] as const) {
      expect(() => map(count, pairs)).toThrow('archive/tar: invalid tar header')
    }
  })

  const blocks = (text: string): (() => Promise<Buffer>) => {
    let rest = padded(Buffer.from(text))
    return () => {
      const block = rest.subarray(0, 512)
      rest = rest.subarray(512)
      return block.length === 512 ? Promise.resolve(block) : Promise.reject(new Error('unexpected EOF'))
    }
  }

  it('the map of 1.0 stands before the data', async () => {
    expect(await sparseMap1x0(blocks('2\n0\n1\n5\n1\n'))).toEqual(entries([0, 1], [5, 1]))
    expect(await sparseMap1x0(blocks('0\n'))).toEqual([])
    const long = Array.from({ length: 200 }, (_, i) => `${i * 1000}\n1\n`).join('')
    expect(await sparseMap1x0(blocks(`200\n${long}`))).toHaveLength(200)
  })

  it.each([
    ['x\n', 'invalid tar header'],
    ['-1\n', 'invalid tar header'],
    ['1\n0\nx\n', 'invalid tar header'],
    ['2\n0\n1\n', 'unexpected EOF'],
    [`9\n${'\0'.repeat(1 << 20)}`, 'sparse map too long'],
  ])('refuses a map of 1.0 that says %#', async (text, message) => {
    await expect(sparseMap1x0(blocks(text))).rejects.toThrow(message)
  })
})
