import { join } from 'node:path'
import { expect, it } from 'vitest'
import { keyringInWords } from '../../src/advice/keyring-in-words.ts'
import { folder } from '../helpers/folder.ts'

it('names the keyring that was given', () => {
  expect(keyringInWords('my "ring".gpg', { HOME: '/home/me' })).toBe('the keyring "my \\"ring\\".gpg"')
})

it.each([
  [{ HOME: '/home/me' }, '/home/me/.gnupg/pubring.gpg'],
  [{ HOME: '/home/me', GNUPGHOME: '/gnupg' }, '/gnupg/pubring.gpg'],
])("says that it is helm's default where none was: %j", (env, path) => {
  expect(keyringInWords(undefined, env)).toBe(`helm's default keyring "${path}"`)
})

it("names GnuPG's keybox where helm's default does not exist, and it does", () => {
  const GNUPGHOME = folder({ 'pubring.kbx': '' })
  expect(keyringInWords(undefined, { GNUPGHOME })).toBe(`GnuPG's keyring "${join(GNUPGHOME, 'pubring.kbx')}"`)
})
