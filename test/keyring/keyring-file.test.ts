import { execFileSync } from 'node:child_process'
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openKeyring } from '../../src/keyring/keyring-file.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hvs keyring '))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

it('reads the first bytes at once, and the rest when asked', async () => {
  const path = join(folder, 'ring')
  const bytes = Buffer.alloc(300_000, 'keyring')
  writeFileSync(path, bytes)
  const file = await openKeyring(path)
  expect(Buffer.from(file?.head ?? []).toString()).toBe('keyringkeyri')
  expect(bytes.equals((await file?.read()) ?? Buffer.alloc(0))).toBe(true)
  await file?.close()
})

it('reads what is left of a file that shrinks meanwhile', async () => {
  const path = join(folder, 'ring')
  writeFileSync(path, 'keyring, keyring')
  const file = await openKeyring(path)
  truncateSync(path, 7)
  expect((await file?.read())?.toString()).toBe('keyring')
  await file?.close()
})

it('follows links to a file', async () => {
  writeFileSync(join(folder, 'ring'), 'keys')
  symlinkSync('ring', join(folder, 'link'))
  const file = await openKeyring(join(folder, 'link'))
  expect(Buffer.from(file?.head ?? []).toString()).toBe('keys')
  await file?.close()
})

it('leaves a FIFO alone, and does not wait for its writer', async () => {
  const fifo = join(folder, 'fifo')
  execFileSync('mkfifo', [fifo])
  expect(await openKeyring(fifo)).toBeUndefined()
  symlinkSync('fifo', join(folder, 'link'))
  expect(await openKeyring(join(folder, 'link'))).toBeUndefined()
})

it('leaves a descriptor alone, and where it stands in its file', async () => {
  writeFileSync(join(folder, 'ring'), 'keyring')
  const descriptor = openSync(join(folder, 'ring'), 'r')
  try {
    expect(await openKeyring(`/dev/fd/${descriptor}`)).toBeUndefined()
    expect(await openKeyring(`/proc/self/fd/${descriptor}`)).toBeUndefined()
    const byte = Buffer.alloc(1)
    readSync(descriptor, byte)
    expect(byte.toString()).toBe('k')
  } finally {
    closeSync(descriptor)
  }
})

it('leaves alone what is no file, or none that it can read', async () => {
  mkdirSync(join(folder, 'folder'))
  symlinkSync('loop', join(folder, 'loop'))
  for (const path of ['folder', 'missing', 'loop', 'folder/missing', 'nul\0byte', 'x'.repeat(5000)]) {
    expect(await openKeyring(join(folder, path))).toBeUndefined()
  }
  expect(await openKeyring('/dev/null')).toBeUndefined()
})
