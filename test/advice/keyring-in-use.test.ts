import { join } from 'node:path'
import { expect, it } from 'vitest'
import { keyringInUse } from '../../src/advice/keyring-in-use.ts'
import { folder } from '../helpers/folder.ts'

it('is the one that was named, whether it is there or not', () => {
  expect(keyringInUse('k.gpg', { GNUPGHOME: folder({ 'pubring.kbx': '' }) })).toBe('k.gpg')
})

it("is helm's default where none was named, and GnuPG's keybox where only that exists", () => {
  const none = folder()
  expect(keyringInUse(undefined, { GNUPGHOME: none })).toBe(join(none, 'pubring.gpg'))
  const keybox = folder({ 'pubring.kbx': '' })
  expect(keyringInUse(undefined, { GNUPGHOME: keybox })).toBe(join(keybox, 'pubring.kbx'))
  const both = folder({ 'pubring.kbx': '', 'pubring.gpg': '' })
  expect(keyringInUse(undefined, { GNUPGHOME: both })).toBe(join(both, 'pubring.gpg'))
})
