import { expect, it } from 'vitest'
import { ByteFeed } from '../../src/unpack/byte-feed.ts'

function feed(...chunks: string[]): ByteFeed {
  return new ByteFeed({
    next: () => Promise.resolve(chunks.length === 0 ? undefined : Buffer.from(chunks.shift() ?? '')),
  })
}

it('bytes come out in the amounts asked for, across chunks', async () => {
  const bytes = feed('ab', 'cdef', 'g')
  expect(await bytes.fill(3)).toBe(6)
  expect(bytes.take(3).toString()).toBe('abc')
  expect((await bytes.some(2)).toString()).toBe('de')
  expect((await bytes.some(9)).toString()).toBe('f')
  expect((await bytes.some(9)).toString()).toBe('g')
  expect((await bytes.some(9)).toString()).toBe('')
})

it('fewer are there at the end', async () => {
  const bytes = feed('ab')
  expect(await bytes.fill(5)).toBe(2)
  expect(bytes.buffered).toBe(2)
  expect(bytes.take(5).toString()).toBe('ab')
})

it('a source that fails fails only when it is asked', async () => {
  let asked = 0
  const bytes = new ByteFeed({
    next: () => (asked++ === 0 ? Promise.resolve(Buffer.from('ab')) : Promise.reject(new Error('broken'))),
  })
  expect(await bytes.fill(2)).toBe(2)
  await expect(bytes.fill(3)).rejects.toThrow('broken')
})
