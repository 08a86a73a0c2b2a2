import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, it } from 'vitest'
import { GzipReader } from '../../../src/unpack/gzip/reader.ts'
import { gzipMember } from '../../helpers/evil-archives-build.ts'

const scratch = mkdtempSync(join(tmpdir(), 'hvs-gzip-'))
afterAll(() => {
  rmSync(scratch, { recursive: true })
})

/** Everything that comes out, and the error that ends it. */
async function read(bytes: Buffer, maxMembers?: number, small?: number): Promise<{ data: Buffer; error: string }> {
  const path = join(scratch, 'x.gz')
  writeFileSync(path, bytes)
  const fd = openSync(path, 'r')
  const reader = new GzipReader(fd, maxMembers, small)
  const parts: Buffer[] = []
  let error = ''
  try {
    for (let next = await reader.next(); next !== undefined; next = await reader.next()) parts.push(Buffer.from(next))
  } catch (thrown) {
    error = (thrown as Error).message
  }
  reader.close()
  closeSync(fd)
  return { data: Buffer.concat(parts), error }
}

const text = Buffer.from('some text '.repeat(50))
const large = randomBytes(300_000)

it.each([
  ['one member', gzipMember(text), text, ''],
  [
    'several',
    Buffer.concat([gzipMember(text), gzipMember(Buffer.alloc(0)), gzipMember(text)]),
    Buffer.concat([text, text]),
    '',
  ],
  ['many times the size of a read', gzipMember(large), large, ''],
  [
    'members that end within a read',
    Buffer.concat([gzipMember(large), gzipMember(text)]),
    Buffer.concat([large, text]),
    '',
  ],
  ['what inflates a lot', gzipMember(Buffer.alloc(5_000_000)), Buffer.alloc(5_000_000), ''],
  ['nothing', Buffer.alloc(0), Buffer.alloc(0), 'EOF'],
  [
    'garbage after a member',
    Buffer.concat([gzipMember(text), Buffer.from('not a gzip header')]),
    text,
    'gzip: invalid header',
  ],
  ['little garbage after a member', Buffer.concat([gzipMember(text), Buffer.from('x')]), text, 'unexpected EOF'],
  ['a wrong checksum', gzipMember(text, { crc: 1 }), text, 'gzip: invalid checksum'],
  ['a wrong size', gzipMember(text, { size: 1 }), text, 'gzip: invalid checksum'],
  ['a trailer cut off', gzipMember(text).subarray(0, -1), text, 'unexpected EOF'],
  ['no trailer', gzipMember(text).subarray(0, -8), text, 'unexpected EOF'],
  ['broken data', gzipMember(text, { deflated: Buffer.from([7]) }), Buffer.alloc(0), 'flate: corrupt input'],
])('reads %s as Go does', async (_, bytes, data, error) => {
  const result = await read(bytes)
  expect(result.error).toBe(error)
  expect(result.data.equals(data)).toBe(true)
})

it('what was inflated before the data break off comes out first', async () => {
  const { data, error } = await read(gzipMember(large).subarray(0, 200_000))
  expect(error).toBe('unexpected EOF')
  expect(data.length).toBeGreaterThan(150_000)
  expect(large.subarray(0, data.length).equals(data)).toBe(true)
})

it('more members than anybody needs are refused', async () => {
  const members = Buffer.concat(Array<Buffer>(5).fill(gzipMember(text)))
  expect(await read(members, 5)).toMatchObject({ error: '' })
  expect(await read(members, 4)).toMatchObject({ error: 'gzip: more than 4 members' })
})

it('gives the same, whether members are inflated at once or as they are asked for', async () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
    fc
      .tuple(fc.uint8Array({ maxLength: 60 }), fc.nat(300))
      .map(([bytes, times]) => gzipMember(Buffer.concat(Array.from({ length: times }, () => Buffer.from(bytes))))),
  )
  const change = fc.tuple(fc.nat(), fc.nat(255))
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 4 }), fc.array(change, { maxLength: 2 }), async (pieces, changes) => {
      const bytes = Buffer.concat(pieces)
      for (const [at, byte] of changes) if (bytes.length > 0) bytes[at % bytes.length] = byte
      const atOnce = await read(bytes)
      const streamed = await read(bytes, undefined, 0)
      expect([atOnce.error, atOnce.data.toString('latin1')]).toEqual([streamed.error, streamed.data.toString('latin1')])
    }),
    { numRuns: 1500 },
  )
})
