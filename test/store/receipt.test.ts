import { expect, it } from 'vitest'
import { formatReceipt, parseReceipt, type Receipt } from '../../src/store/receipt.ts'

const receipt: Receipt = {
  directory: '/a/demo',
  reference: 'oci://r/demo',
  repository: undefined,
  name: 'demo',
  version: '0.1.0',
  digest: `sha256:${'0'.repeat(64)}`,
  archive: 'demo-0.1.0.tgz',
  provenance: true,
  verified: true,
  signers: ['A <a@x>'],
  fingerprint: '00FF',
  keyring: undefined,
  unpackedAt: '2026-01-01T00:00:00.000Z',
}

it('reads what it writes', () => {
  expect(parseReceipt(formatReceipt(receipt))).toEqual(JSON.parse(JSON.stringify(receipt)))
})

const spoilt = (change: object) => JSON.stringify({ format: 1, ...receipt, ...change })
it.each([
  ['', 'an empty file'],
  ['{', 'half a file'],
  ['null', 'no object'],
  [spoilt({ format: 2 }), 'a format that is not known'],
  [spoilt({ format: undefined }), 'no format'],
  [spoilt({ verified: 'true' }), 'a word for a boolean'],
  [spoilt({ digest: 'sha256:../..' }), 'a digest that leads elsewhere'],
  [spoilt({ archive: '../x.tgz' }), 'a file name that leads elsewhere'],
  [spoilt({ archive: '..' }), 'a file name that is none'],
  [spoilt({ signers: [1] }), 'a signer that is no text'],
  [spoilt({ directory: undefined }), 'no directory'],
])('does not take %s for a receipt: %s', (text) => {
  expect(parseReceipt(text)).toBe(undefined)
})
