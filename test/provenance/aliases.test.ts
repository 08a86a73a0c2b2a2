import { expect, it } from 'vitest'
import { aliasKey, aliasSetting, readAliases } from '../../src/provenance/aliases.ts'

it.each<[string, [string, string][]]>([
  ['', []],
  ['ghcr.io/org/alias=real', [['ghcr.io/org/alias', 'real']]],
  ['oci://localhost:5000/alias=real', [['localhost:5000/alias', 'real']]],
  [
    'stable/alias=real,ghcr.io/a/b=c.d',
    [
      ['stable/alias', 'real'],
      ['ghcr.io/a/b', 'c.d'],
    ],
  ],
  ['https://charts.example.com/alias=real', [['https://charts.example.com/alias', 'real']]],
])('reads %j', (text, entries) => {
  expect([...readAliases(text)]).toEqual(entries)
})

it.each([
  ['ghcr.io/org/alias', 'there is no ='],
  ['ghcr.io/org/alias=', 'cannot be a chart'],
  ['=real', 'the repository is missing'],
  ['oci://=real', 'the repository is missing'],
  ['alias=real', 'has to be whole'],
  ['ghcr.io/org/=real', 'has to be whole'],
  ['/alias=real', 'has to be whole'],
  ['ghcr.io/org/alias=../real', 'cannot be a chart'],
  ['ghcr.io/org/alias=a/b', 'cannot be a chart'],
  ['ghcr.io/org/alias=a=b', 'no wildcards'],
  ['ghcr.io/org/*=real', 'no wildcards'],
  ['ghcr.io/org/alias:1.0.0=real', 'tag or a digest'],
  ['ghcr.io/org/alias@sha256:00=real', 'tag or a digest'],
  ['ghcr.io/a/b=c, ghcr.io/a/d=e', 'white space'],
  ['ghcr.io/a/b=c,', 'there is no ='],
  ['ghcr.io/a/b=c;ghcr.io/a/d=e', 'no wildcards'],
  ['ghcr.io/a/b=c,oci://ghcr.io/a/b=d', 'already an alias of "c"'],
  ['ghcr.io/a/b=c,ghcr.io/a/b=c', 'already an alias of "c"'],
])('refuses %j: %s', (text, why) => {
  expect(() => readAliases(text)).toThrow(expect.objectContaining({ code: 'usage' }))
  expect(() => readAliases(text)).toThrow(/^HELM_VERIFY_SHIM_ALIAS: "/)
  expect(() => readAliases(text)).toThrow(why)
})

it('offers only settings that it reads itself', () => {
  expect(aliasSetting('ghcr.io/org/alias', 'real')).toBe('HELM_VERIFY_SHIM_ALIAS=ghcr.io/org/alias=real')
  expect(aliasSetting('alias', 'real')).toBeUndefined()
  expect(aliasSetting('ghcr.io/a/b=c,ghcr.io/d/e', 'real')).toBeUndefined()
})

it('knows a repository with and without its scheme', () => {
  expect(aliasKey('oci://ghcr.io/org/alias')).toBe(aliasKey('ghcr.io/org/alias'))
})
