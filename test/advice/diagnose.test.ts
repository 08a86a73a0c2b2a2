import { describe, expect, it } from 'vitest'
import { diagnose, helmError, type Failure } from '../../src/advice/diagnose.ts'

describe('diagnose', () => {
  // test/e2e/failures.test.ts provokes these for real.
  it.each<[string, Failure]>([
    ['failed to fetch provenance "http://127.0.0.1:1/demo-0.1.0.tgz.prov"', 'no-provenance'],
    ['could not load provenance file demo-0.1.0.tgz.prov: stat …', 'no-provenance'],
    ['unpacked charts cannot be verified', 'not-packed'],
    ['chart must be a tgz file', 'not-packed'],
    ['failed to load keyring: open /nowhere: no such file or directory', 'keyring-missing'],
    ['failed to load keyring: open k: The system cannot find the file specified.', 'keyring-missing'],
    ['failed to load keyring: open k: permission denied', 'keyring-unreadable'],
    ['failed to load keyring: read k: is a directory', 'keyring-unreadable'],
    ['failed to load keyring: openpgp: invalid data: tag byte does not have MSB set', 'keyring-format'],
    ['failed to load keyring: openpgp: unsupported feature: public key type: 22', 'keyring-format'],
    ['failed to load keyring: reading armored keyring k: no keys found', 'keyring-format'],
    ['failed to load keyring: reading keybox k: keybox contains no OpenPGP keys', 'keyring-format'],
    ['failed to load keyring: unexpected EOF', 'keyring-format'],
    ['failed to decode signature: signature block not found', 'broken-provenance'],
    ['signature block not found', 'broken-provenance'],
    ['message block must have at least two parts', 'broken-provenance'],
    ['provenance does not contain a SHA for a file named "demo-0.1.0.tgz"', 'other-name'],
    ['sha256 sum does not match for demo-0.1.0.tgz: "sha256:1" != "sha256:2"', 'altered'],
    ['openpgp: signature made by unknown entity', 'unknown-key'],
    ['openpgp: key expired', 'key-expired'],
    ['openpgp: signature expired', 'signature-expired'],
    ['openpgp: signature made by revoked key', 'key-revoked'],
    ['openpgp: invalid signature: RSA verification failure', 'bad-signature'],
    ['openpgp: invalid signature: unknown critical notation: a@example.com', 'unsupported-signature'],
    ['openpgp: unsupported feature: hash function 1', 'unsupported-signature'],
    ['openpgp: weak algorithms are rejected: SHA-1', 'unsupported-signature'],
  ])('%s: %s, whatever was fetched', (words, failure) => {
    expect(diagnose(`Pulled: x\nError: ${words}\n`, false)).toBe(failure)
    expect(diagnose(`Error: INSTALLATION FAILED: ${words}\n`, true)).toBe(failure)
  })

  it.each<[string, Failure]>([
    ['unexpected EOF', 'broken-provenance'],
    ['EOF', 'broken-provenance'],
    ['illegal base64 data at input byte 4', 'broken-provenance'],
    ['openpgp: invalid data: armor invalid', 'broken-provenance'],
    ['error converting YAML to JSON: yaml: line 2: did not find expected key', 'broken-provenance'],
    ['something that no helm has said yet', 'other'],
  ])('%s: %s once chart and provenance were fetched; before, a failed pull', (words, failure) => {
    expect(diagnose(`Error: ${words}\n`, true)).toBe(failure)
    expect(diagnose(`Error: ${words}\n`, false)).toBeUndefined()
  })

  it.each([
    'chart "demo" matching 1.2.3 not found in http://127.0.0.1:1 index',
    'failed to fetch http://127.0.0.1:1/demo-0.1.0.tgz : 404 Not Found',
    'GET "https://host/v2/charts/demo/tags/list": unexpected status code 401: unauthorized',
    'looks like "http://127.0.0.1:1" is not a valid chart repository or cannot be reached: EOF',
  ])('%s: nothing, for it is the pull that failed', (words) => {
    expect(diagnose(`Error: ${words}\n`, false)).toBeUndefined()
  })

  it('says nothing where helm reports no error, even if a warning has the words of one', () => {
    expect(diagnose('WARNING: openpgp: key expired\n', true)).toBeUndefined()
    expect(diagnose('', true)).toBeUndefined()
  })

  it('goes by the last error, and by its first line', () => {
    expect(diagnose('Error: openpgp: key expired\nError: signature block not found\n', true)).toBe('broken-provenance')
    expect(diagnose('Error: openpgp: key expired\nhelm.go:86: [debug] openpgp: key expired\n', true)).toBe(
      'key-expired',
    )
  })
})

describe('helmError', () => {
  it.each([
    ['Error: a\n', 'a'],
    ['Pulled: x\r\nError: a\r\nb\r\n', 'a\nb'],
    ['Error: UPGRADE FAILED: a\n', 'a'],
    ['no Error: a\n', undefined],
    ['', undefined],
  ])('of %j is %j', (stderr, words) => {
    expect(helmError(stderr)).toBe(words)
  })
})
