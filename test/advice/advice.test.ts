import { describe, expect, it } from 'vitest'
import { adviceFor, explain } from '../../src/advice/advice.ts'

const facts = { chart: 'oci://host/charts/demo', keyring: 'the keyring "k.gpg"' }
const issuer = { keyId: '0123456789ABCDEF', fingerprint: undefined }

describe('adviceFor', () => {
  it('is one line that names the chart and the keyring, says why, and what to do', () => {
    expect(adviceFor('Error: openpgp: signature made by unknown entity\n', true, { ...facts, issuer })).toBe(
      '"oci://host/charts/demo" was not verified with the keyring "k.gpg": it is signed by key 0123456789ABCDEF, which ' +
        "is not in that keyring. next: get the key from the chart's publisher, compare its fingerprint with one from " +
        'another source, and add it to the keyring.',
    )
  })

  it.each([
    'failed to fetch provenance "u"',
    'failed to load keyring: open k: no such file or directory',
    'failed to load keyring: open k: permission denied',
    'failed to load keyring: openpgp: invalid data: tag byte does not have MSB set',
    'signature block not found',
    'sha256 sum does not match for a: "b" != "c"',
    'openpgp: signature made by unknown entity',
    'openpgp: key expired',
    'openpgp: signature expired',
    'openpgp: signature made by revoked key',
    'openpgp: invalid signature: RSA verification failure',
    'openpgp: unsupported feature: hash function 1',
    'unpacked charts cannot be verified',
    'never heard of',
  ])('has one line for: %s', (words) => {
    expect(adviceFor(`Error: ${words}\n`, true, facts)).toMatch(
      /^"oci:\/\/host\/charts\/demo" was not verified with the keyring "k.gpg": [^\n]+[^.]\. next: [^\n]+[^.]\.$/,
    )
  })

  it('leaves plain failures of the pull, and names, alone', () => {
    expect(adviceFor('Error: 404 Not Found\n', false, facts)).toBeUndefined()
    const name = 'Error: provenance does not contain a SHA for a file named "a.tgz"\n'
    expect(adviceFor(name, true, facts)).toBeUndefined()
  })

  it('hides a password, and escapes what could write to the terminal', () => {
    const advice = adviceFor('Error: openpgp: key expired\n', true, {
      ...facts,
      chart: 'https://me:secret@host/\u001b[31mdemo.tgz',
    })
    expect(advice).toMatch(/^"https:\/\/me:…@host\/\\x1b\[31mdemo\.tgz" was/)
  })
})

describe('explain', () => {
  it('names the whole fingerprint where the signature has it, else the key id', () => {
    const fingerprint = '89ABCDEF'.repeat(5)
    expect(explain('key-expired', { issuer }).why).toContain('key 0123456789ABCDEF ')
    expect(explain('key-expired', { issuer: { ...issuer, fingerprint } }).why).toContain(`key ${fingerprint} `)
  })

  it('says what is known of a keyring besides', () => {
    const note = 'the keyring "a \\"b\\".kbx" is a GnuPG keybox, and there is no gpg; next: run gpg --export'
    expect(explain('keyring-format', { note })).toEqual({
      why: 'it is a GnuPG keybox, and there is no gpg',
      next: 'run gpg --export',
    })
    const other = explain('keyring-format', { note: 'the keyring "x" is neither packets nor armor' })
    expect(other.why).toBe('it is neither packets nor armor')
    expect(other.next).toBe(explain('keyring-format', {}).next)
  })

  it('does not send anybody for a key that is in the keyring', () => {
    expect(explain('unknown-key', { issuer, isInKeyring: true }).why).toContain('which is in that keyring, but')
    expect(explain('unknown-key', { isInKeyring: true }).why).toContain('is not in that keyring')
  })

  it.each(['unknown-key', 'key-expired', 'key-revoked'] as const)(
    'does without the key where it is not known: %s',
    (failure) => {
      expect(explain(failure, {}).why).toMatch(/the key that signed it/)
    },
  )
})
