import { expect, it } from 'vitest'
import { readProvenance } from '../../src/provenance/read-provenance.ts'

// cert-manager's, shortened: what `helm package --sign` writes.
const real = `-----BEGIN PGP SIGNED MESSAGE-----
Hash: SHA512

annotations:
  artifacthub.io/signKey: |
    fingerprint: 1020CF3C033D4F35BAE1C19E1226061C665DF13E
apiVersion: v2
appVersion: v1.20.2
description: A Helm chart for cert-manager
name: cert-manager
version: v1.20.2

...
files:
  cert-manager-v1.20.2.tgz: sha256:0fcdb9fd2b1c2a4c3a2a5c3b1a1d2e3f4a5b6c7d8e9fa0b1c2d3e4f5a6b7c8d9
-----BEGIN PGP SIGNATURE-----

wsBcBAEBCgAQBQJ
-----END PGP SIGNATURE-----`

const with_ = (from: string, to: string) => readProvenance(real.replace(from, to))

it('reads the name, the version and the hashes', () => {
  expect(readProvenance(real)).toEqual({
    name: 'cert-manager',
    version: 'v1.20.2',
    files: {
      'cert-manager-v1.20.2.tgz': 'sha256:0fcdb9fd2b1c2a4c3a2a5c3b1a1d2e3f4a5b6c7d8e9fa0b1c2d3e4f5a6b7c8d9',
    },
  })
  expect(readProvenance(real.replaceAll('\n', '\r\n'))).toEqual(readProvenance(real))
})

it('takes every word as it is written', () => {
  expect(with_('name: cert-manager', 'name: yes')?.name).toBe('yes')
  expect(with_('version: v1.20.2\n\n', 'version: 1.10\n\n')?.version).toBe('1.10')
  expect(with_('version: v1.20.2\n\n', 'version: "0x1F"\n\n')?.version).toBe('0x1F')
})

it('reads a name that a dash escape begins', () => {
  expect(with_('apiVersion: v2', '- --- # one document\napiVersion: v2')).toBeUndefined()
  expect(with_('annotations:', '- ---\nannotations:')?.name).toBe('cert-manager')
})

it('looks at the second part only for the hashes, as helm does', () => {
  expect(with_('files:', 'images: {}\nfiles:')?.name).toBe('cert-manager')
  expect(with_('-----BEGIN PGP SIGNATURE', '\n...\nfiles: {}\n-----BEGIN PGP SIGNATURE')?.files).toHaveProperty([
    'cert-manager-v1.20.2.tgz',
  ])
})

it('takes a file named __proto__ for a file', () => {
  const files = with_('cert-manager-v1.20.2.tgz:', '__proto__:')?.files
  expect(Object.keys(files ?? {})).toEqual(['__proto__'])
})

it.each([
  ['no name', 'name: cert-manager\n', ''],
  ['a name that is no scalar', 'name: cert-manager', 'name: [cert-manager]'],
  ['two names', 'name: cert-manager', 'name: cert-manager\nname: other'],
  ['no version', 'version: v1.20.2\n\n', '\n'],
  ['two versions', 'version: v1.20.2\n\n', 'version: v1.20.2\nversion: v1.19.0\n\n'],
  ['no files', 'files:', 'fails:'],
  ['files that are no map', 'files:\n ', 'files: none\nx:\n '],
  ['a file twice', 'files:\n', 'files:\n  cert-manager-v1.20.2.tgz: sha256:00\n'],
  ['a hash that is no text', 'sha256:0fcdb9fd', '{sha256: 0fcdb9fd}\n# '],
  ['one part', '\n...\n', '\n---\n'],
  ['two documents in the first part', 'apiVersion: v2', '- ---\napiVersion: v2'],
  ['broken YAML', 'name: cert-manager', 'name: "cert-manager'],
  ['an alias', 'name: cert-manager', 'x: &x cert-manager\nname: *x'],
  ['no signature', '-----BEGIN PGP SIGNATURE-----', ''],
])('makes nothing of a file with %s', (_, from, to) => {
  expect(real).toContain(from)
  expect(with_(from, to)).toBeUndefined()
})

it('makes nothing of bombs', () => {
  const bomb = Array.from({ length: 30 }, (_, at) => `a${at + 1}: &a${at + 1} [${`*a${at},`.repeat(9)}]`).join('\n')
  expect(with_('annotations:', `a0: &a0 x\n${bomb}\nannotations:`)).toBeUndefined()
})
