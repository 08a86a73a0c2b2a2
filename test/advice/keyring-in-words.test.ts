import { expect, it } from 'vitest'
import { keyringInWords } from '../../src/advice/keyring-in-words.ts'

it('names the keyring that was given', () => {
  expect(keyringInWords('my "ring".gpg', { HOME: '/home/me' })).toBe('the keyring "my \\"ring\\".gpg"')
})

it.each([
  [{ HOME: '/home/me' }, '/home/me/.gnupg/pubring.gpg'],
  [{ HOME: '/home/me', GNUPGHOME: '/gnupg' }, '/gnupg/pubring.gpg'],
])("says that it is helm's default where none was: %j", (env, path) => {
  expect(keyringInWords(undefined, env)).toBe(`helm's default keyring "${path}"`)
})
