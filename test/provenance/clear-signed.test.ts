import { expect, it } from 'vitest'
import { clearSignedText } from '../../src/provenance/clear-signed.ts'

const signature = '-----BEGIN PGP SIGNATURE-----\n\nAAAA\n-----END PGP SIGNATURE-----\n'
const message = `-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nname: demo\n\n...\nfiles: {}\n${signature}`
const text = 'name: demo\n\n...\nfiles: {}'

it.each([
  ['the text between header and signature', message, text],
  ['it whatever the line ends', message.replaceAll('\n', '\r\n'), text],
  ['it without white space at the end of lines', message.replace('demo', 'demo \t'), text],
  ['lines that begin with a dash', message.replace('name: demo', '- ---\n- - a\n-b'), `---\n- a\n-b\n\n...\nfiles: {}`],
  ['it with several hashes, or none', message.replace('Hash: SHA512', 'Hash: SHA256, SHA512\nHash: SHA1'), text],
  ['it without a header', message.replace('Hash: SHA512\n', ''), text],
  [
    'the first message, not what stands before or after',
    `name: evil\n\n${message}${message.replace('demo', 'evil')}`,
    text,
  ],
  ['nothing of a message within a line', `x ${message}`, undefined],
  ['nothing where more stands behind the mark', message.replace('MESSAGE-----', 'MESSAGE----- '), undefined],
  ['nothing under headers that helm refuses', message.replace('Hash: ', 'Comment: '), undefined],
  ['nothing without an empty line', message.replaceAll('\n\n', '\n'), undefined],
  ['nothing without a signature', message.replace(signature, ''), undefined],
  ['nothing without the end of the signature', message.replace('-----END', '----END'), undefined],
  ['nothing of nothing', '', undefined],
])('gives %s', (_, file, expected) => {
  expect(clearSignedText(file)).toBe(expected)
})

it('finds no second message where the first is broken, as helm finds none', () => {
  const broken = message.replace('Hash', 'Hush')
  expect(clearSignedText(broken + message)).toBeUndefined()
})
