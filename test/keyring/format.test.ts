import { expect, it } from 'vitest'
import { keyringFormat } from '../../src/keyring/format.ts'

const keyboxHead = Buffer.from('00000020010100024b425866', 'hex')

it.each([
  ['nothing', Buffer.alloc(0), 'binary'],
  ['a packet of the old kind', Buffer.from([0x99, 1, 0x0d]), 'binary'],
  ['a packet of the new kind', Buffer.from([0xc6, 0x33]), 'binary'],
  ['armor', Buffer.from('-----BEGIN PGP'), 'armored'],
  ['armor with text before it', Buffer.from('\n pub  rsa2048'), 'armored'],
  ['armor behind a byte order mark', Buffer.from('\ufeff-----BEGIN'), 'armored'],
  ['text that begins with another letter than ASCII has', Buffer.from('Überschrift'), 'binary'],
  ['a keybox', keyboxHead, 'keybox'],
  ['what has the magic in a blob that is no header', Buffer.from(keyboxHead).fill(2, 4, 5), 'armored'],
  ['what is cut off within the magic', keyboxHead.subarray(0, 11), 'armored'],
])('takes the first bytes of %s for what they are', (_, head, format) => {
  expect(keyringFormat(head)).toBe(format)
})
