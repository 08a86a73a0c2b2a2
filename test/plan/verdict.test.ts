import { describe, expect, it } from 'vitest'
import { judge, type Demand, type Unpacked } from '../../src/plan/verdict.ts'

const differences = [{ path: 'values.yaml', change: 'altered' }] as const
const states = {
  same: { kind: 'same', archive: 'a.tgz' },
  changed: { kind: 'changed', archive: 'a.tgz', differences },
  unknown: { kind: 'unknown', why: 'it is gone' },
} as const

/** The whole policy. Columns: the directory equals its packed chart, differs from it, cannot be compared. */
const policy: [string, Partial<Demand>, { verified: boolean; isChart: boolean }, string[]][] = [
  // demand, directory → same, changed, unknown
  ['verified, used', {}, { verified: true, isChart: true }, ['use', 'refuse changed', 'refuse unknown']],
  ['verified, named otherwise', {}, { verified: true, isChart: false }, ['use', 'refuse changed', 'refuse unknown']],
  ['unverified, used', {}, { verified: false, isChart: true }, ['use', 'use', 'use']],
  [
    'verified, --verify',
    { verify: true },
    { verified: true, isChart: true },
    ['bridge', 'refuse changed', 'leave-to-helm unknown'],
  ],
  [
    'unverified, --verify',
    { verify: true },
    { verified: false, isChart: true },
    ['bridge', 'leave-to-helm changed', 'leave-to-helm unknown'],
  ],
  [
    'unverified, named beside a chart that is verified',
    { verify: true },
    { verified: false, isChart: false },
    ['use', 'use', 'use'],
  ],
  [
    'unverified, REQUIRE',
    { require: true },
    { verified: false, isChart: true },
    ['bridge', 'refuse changed', 'refuse unknown'],
  ],
  [
    'unverified, REQUIRE, in a plugin',
    { require: true },
    { verified: false, isChart: false },
    ['verify-first', 'refuse changed', 'refuse unknown'],
  ],
  [
    'verified, MODIFIED=allow',
    { allowModified: true },
    { verified: true, isChart: true },
    ['use', 'verify-original', 'refuse unknown'],
  ],
  [
    'unverified, MODIFIED=allow, --verify',
    { allowModified: true, verify: true },
    { verified: false, isChart: true },
    ['bridge', 'verify-original', 'leave-to-helm unknown'],
  ],
  [
    'MODIFIED=allow, REQUIRE, in a plugin',
    { allowModified: true, require: true },
    { verified: false, isChart: false },
    ['verify-first', 'verify-original', 'refuse unknown'],
  ],
  [
    'MODIFIED=allow, helm verify itself',
    { allowModified: true, verify: true, isVerify: true },
    { verified: true, isChart: true },
    ['bridge', 'refuse changed', 'leave-to-helm unknown'],
  ],
]

describe.each(policy)('%s', (_, demand, directory, expected) => {
  it.each([
    ['same', expected[0]],
    ['changed', expected[1]],
    ['unknown', expected[2]],
  ] as const)('%s → %s', (state, verdict) => {
    const unpacked: Unpacked = { directory: '/c', ...directory, state: states[state] }
    const asked = { verify: false, require: false, allowModified: false, isVerify: false, ...demand }
    const { kind, ...rest } = judge(unpacked, asked)
    expect('why' in rest ? `${kind} ${rest.why}` : kind).toBe(verdict)
  })
})
