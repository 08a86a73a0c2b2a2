import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { copyDirectory } from '../../src/unpack/copy-directory.ts'
import { tree } from '../helpers/evil-archives-tree.ts'

let scratch = ''

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'hvs-copy-'))
  mkdirSync(join(scratch, 'from/sub'), { recursive: true })
})

afterEach(() => {
  rmSync(scratch, { recursive: true, force: true })
})

const copy = (): void => {
  copyDirectory(join(scratch, 'from'), join(scratch, 'to'))
}

it('files, directories, their modes and names of any bytes are copied', () => {
  writeFileSync(join(scratch, 'from/a'), 'a', { mode: 0o600 })
  writeFileSync(join(scratch, 'from/sub/run'), '#!', { mode: 0o755 })
  writeFileSync(Buffer.from(`${scratch}/from/\xff`, 'latin1'), 'x')
  chmodSync(join(scratch, 'from/sub'), 0o750)
  copy()
  expect(tree(join(scratch, 'to'))).toEqual(tree(join(scratch, 'from')))
  expect(tree(join(scratch, 'to'))).toHaveLength(4)
})

it('a link is refused', () => {
  symlinkSync('a', join(scratch, 'from/sub/link'))
  expect(copy).toThrow(/from\/sub\/link is a link or special file; remove it first$/)
})

it('a pipe is refused, not read', () => {
  execFileSync('mkfifo', [join(scratch, 'from/pipe')])
  expect(copy).toThrow(/from\/pipe is a link or special file/)
})
