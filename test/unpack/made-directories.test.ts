import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { MadeDirectories } from '../../src/unpack/made-directories.ts'

let scratch = ''

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'hvs-made-'))
})

afterEach(() => {
  rmSync(scratch, { recursive: true, force: true })
})

it('missing parents are made, and only they are taken back', () => {
  mkdirSync(join(scratch, 'a'))
  const made = new MadeDirectories()
  made.make(join(scratch, 'a/b/c'))
  expect(statSync(join(scratch, 'a/b/c')).isDirectory()).toBe(true)
  made.takeBack()
  expect(existsSync(join(scratch, 'a/b'))).toBe(false)
  expect(existsSync(join(scratch, 'a'))).toBe(true)
})

it('a directory that is there, or a link to one, is left alone', () => {
  mkdirSync(join(scratch, 'real'))
  symlinkSync('real', join(scratch, 'link'))
  const made = new MadeDirectories()
  made.make(join(scratch, 'real'))
  made.make(join(scratch, 'link/in'))
  made.takeBack()
  expect(existsSync(join(scratch, 'real'))).toBe(true)
  expect(existsSync(join(scratch, 'real/in'))).toBe(false)
})

it('what somebody put there since stays', () => {
  const made = new MadeDirectories()
  made.make(join(scratch, 'a/b'))
  writeFileSync(join(scratch, 'a/theirs'), '')
  made.takeBack()
  expect(existsSync(join(scratch, 'a/b'))).toBe(false)
  expect(existsSync(join(scratch, 'a/theirs'))).toBe(true)
})

it('a file in the way is an error, and nothing stays', () => {
  writeFileSync(join(scratch, 'file'), '')
  const made = new MadeDirectories()
  expect(() => {
    made.make(join(scratch, 'file/x/y'))
  }).toThrow(/ENOTDIR/)
  expect(() => {
    made.make(join(scratch, 'file'))
  }).toThrow(/EEXIST/)
})
