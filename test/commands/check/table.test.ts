import { expect, it } from 'vitest'
import { describeReleases, type CheckedRelease } from '../../../src/commands/check/table.ts'

const release = (name: string, more: Partial<CheckedRelease>): CheckedRelease => ({
  name,
  namespace: '',
  chart: 'oci/demo',
  version: '0.1.0',
  status: 'verified',
  why: null,
  check: null,
  ...more,
})

it('is a table, then what is to be done, then a count', () => {
  const check = { signers: ['Ann'], next: 'sign it' } as unknown as CheckedRelease['check']
  expect(
    describeReleases([
      release('a', { check }),
      release('long name', { status: 'not-verified', why: 'unsigned', check }),
      release('c', { status: 'local', why: 'a local chart: not checked', version: '', chart: './c' }),
      release('d', { status: 'not-pulled', why: '404\u0007' }),
    ]),
  ).toBe(`RELEASE    CHART     VERSION  RESULT        SIGNED BY
a          oci/demo  0.1.0    verified      Ann
long name  oci/demo  0.1.0    NOT VERIFIED  Ann
c          ./c       -        local         -
d          oci/demo  0.1.0    NOT PULLED    -

long name: unsigned. next: sign it
c: a local chart: not checked
d: 404\\x07

1 verified, 1 not verified, 1 not pulled, 1 local.
`)
})

it('has no notes where all verify', () => {
  expect(describeReleases([release('a', {})])).toMatch(/-\n\n1 verified\.\n$/)
})

it('says so where there are no releases', () => {
  expect(describeReleases([])).toBe('helmfile lists no releases.\n')
})
