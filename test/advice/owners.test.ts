import { expect, it } from 'vitest'
import { ownersOf } from '../../src/advice/owners.ts'
import type { Ended } from '../../src/helm/run.ts'
import { folder } from '../helpers/folder.ts'

const listing = [
  'pub:-:2048:1:0123456789ABCDEF:1600000000:::-:::scESC:',
  'fpr:::::::::00000000000000000000000000000000:',
  'uid:-::::1600000000::x::Ann <ann@example.com>:',
  'uid:-::::1600000000::x::Ann at work:',
  'sub:-:2048:1:AAAAAAAAAAAAAAAA:1600000000::::::s:',
].join('\n')
const run = (): Promise<Ended> =>
  Promise.resolve({
    code: 0,
    signal: undefined,
    stdout: Buffer.from(listing),
    stderr: Buffer.alloc(0),
    failure: undefined,
  })
const owners = (keyId: string | undefined, given = run) => {
  const keyring = `${folder({ 'k.gpg': '\u0099' })}/k.gpg`
  return ownersOf(keyId === undefined ? undefined : { keyId, fingerprint: undefined }, keyring, given, {})
}

it.each(['0123456789ABCDEF', 'AAAAAAAAAAAAAAAA'])('are the user ids of a key or of its subkey: %s', async (keyId) => {
  expect(await owners(keyId)).toEqual(['Ann <ann@example.com>', 'Ann at work'])
})

it('is undefined for a key that is not in the keyring, for no key, and where there is no gpg', async () => {
  expect(await owners('BBBBBBBBBBBBBBBB')).toBeUndefined()
  expect(await owners(undefined)).toBeUndefined()
  const none = async () => ({ ...(await run()), failure: 'ENOENT' })
  expect(await owners('0123456789ABCDEF', none)).toBeUndefined()
})
