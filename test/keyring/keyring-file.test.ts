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

it('reads the first bytes at once, and the rest when asked', () => {
  const path = join(folder, 'ring')
  const bytes = Buffer.alloc(300_000, 'keyring')
  writeFileSync(path, bytes)
  const file = openKeyring(path)
  expect(Buffer.from(file?.head ?? []).toString()).toBe('keyringkeyri')
  expect(bytes.equals(file?.read() ?? Buffer.alloc(0))).toBe(true)
  file?.close()
})

it('reads what is left of a file that shrinks meanwhile', () => {
  const path = join(folder, 'ring')
  writeFileSync(path, 'keyring, keyring')
  const file = openKeyring(path)
  truncateSync(path, 7)
  expect(file?.read().toString()).toBe('keyring')
  file?.close()
})

it('follows links to a file', () => {
  writeFileSync(join(folder, 'ring'), 'keys')
  symlinkSync('ring', join(folder, 'link'))
  const file = openKeyring(join(folder, 'link'))
  expect(Buffer.from(file?.head ?? []).toString()).toBe('keys')
  file?.close()
})

it('leaves a FIFO alone, and does not wait for its writer', () => {
  const fifo = join(folder, 'fifo')
  execFileSync('mkfifo', [fifo])
  expect(openKeyring(fifo)).toBeUndefined()
  symlinkSync('fifo', join(folder, 'link'))
  expect(openKeyring(join(folder, 'link'))).toBeUndefined()
})

it('leaves a descriptor alone, and where it stands in its file', () => {
  writeFileSync(join(folder, 'ring'), 'keyring')
  const descriptor = openSync(join(folder, 'ring'), 'r')
  try {
    expect(openKeyring(`/dev/fd/${descriptor}`)).toBeUndefined()
    expect(openKeyring(`/proc/self/fd/${descriptor}`)).toBeUndefined()
    const byte = Buffer.alloc(1)
    readSync(descriptor, byte)
    expect(byte.toString()).toBe('k')
  } finally {
    closeSync(descriptor)
  }
})

it('leaves alone what is no file, or none that it can read', () => {
  mkdirSync(join(folder, 'folder'))
  symlinkSync('loop', join(folder, 'loop'))
  for (const path of ['folder', 'missing', 'loop', 'folder/missing', 'nul\0byte', 'x'.repeat(5000)]) {
    expect(openKeyring(join(folder, path))).toBeUndefined()
  }
  expect(openKeyring('/dev/null')).toBeUndefined()
})
