import { gunzipSync } from 'node:zlib'
import { Parser, type ReadEntry } from 'tar'
import { expect, it } from 'vitest'
import { ByteFeed } from '../../src/unpack/byte-feed.ts'
import { TarReader } from '../../src/unpack/tar/reader.ts'
import { evilArchives } from '../helpers/evil-archives.ts'

// Why the tar reader is not node-tar's: for these archives Go's archive/tar, and so helm, gives other files, or another
// verdict, than node-tar's Parser in its strict mode. That TarReader gives helm's is what test/e2e/archives.test.ts shows.

type Files = readonly string[] | 'refused'

async function byNodeTar(tar: Buffer): Promise<Files> {
  const files: string[] = []
  return new Promise((done) => {
    const parser = new Parser({ strict: true, gzip: false, brotli: false, zstd: false })
    parser.on('entry', (entry: ReadEntry) => {
      const at = files.push(`${entry.path}: `) - 1
      entry.on('data', (data: Buffer) => {
        files[at] = `${files[at] ?? ''}${data.toString('latin1')}`
      })
    })
    parser.on('end', () => {
      done(files)
    })
    parser.on('error', () => {
      done('refused')
    })
    parser.end(tar)
  })
}

async function byGoRules(tar: Buffer): Promise<Files> {
  const chunks = [tar]
  const reader = new TarReader(new ByteFeed({ next: () => Promise.resolve(chunks.pop()) }))
  const files: string[] = []
  try {
    for (let entry = await reader.next(); entry !== undefined; entry = await reader.next()) {
      if (entry.typeflag === 'g') continue
      let text = `${entry.name}: `
      for (let data = await reader.read(4096); data.length > 0; data = await reader.read(4096))
        text += data.toString('latin1')
      files.push(text)
    }
    return files
  } catch {
    return 'refused'
  }
}

/** The last file after Chart.yaml, as far as it tells something. */
const short = (files: Files): string =>
  files === 'refused' ? files : (files.slice(1).at(-1) ?? 'nothing').slice(0, 20)

it.each([
  ['a name that is not UTF-8', 'demo/\xff\xfe\x80: x', 'demo/\ufffd\ufffd\ufffd: x'],
  ['pax: two headers in a row', 'demo/u: x\n', 'demo/1: x\n'],
  ['pax: a global header between a header and its file', 'demo/a: a', 'demo/lost: a'],
  ['pax: no newline', 'refused', 'demo/s: x\n'],
  ['pax: NULs after the records', 'refused', 'demo/x: x\n'],
  ['pax: size negative', 'refused', 'demo/s: abc'],
  ['pax: mtime broken', 'refused', 'demo/s: x\n'],
  ['pax: more than a megabyte', 'refused', 'demo/s: x\n'],
  ['gnu: long name and pax path', 'demo/gnu: x\n', 'demo/pax: x\n'],
  ['gnu: a prefix where the times are', 'old/go/demo/t: x', 'demo/t: x'],
  ['gnu sparse: a hole at the end', `demo/s: 01234${'\0'.repeat(7)}`, 'nothing'],
  ['gnu sparse: map that overlaps', 'refused', 'nothing'],
  ['header: checksum signed', 'demo/\xfc: x', 'refused'],
  ['header: size with a space inside', 'refused', 'demo/s: abc'],
  ['header: mode broken', 'refused', 'demo/u: x'],
  ['header: star with broken times', 'refused', 'demo/s: x'],
  ['end: last padding missing', 'demo/a: abc', 'refused'],
  ['end: a zero block and a half', 'refused', 'demo/a: abc'],
  ['end: one zero block, then an entry', 'refused', 'demo/b: x\n'],
])('%s: helm reads %j, node-tar %j', async (name, helm, nodeTar) => {
  const archive = evilArchives.find((one) => one.name === name)
  if (archive === undefined) throw new Error(`no archive named ${name}`)
  const tar = gunzipSync(archive.build())
  expect(short(await byGoRules(tar))).toBe(helm)
  expect(short(await byNodeTar(tar))).toBe(nodeTar)
})
