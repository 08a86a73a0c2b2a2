import { expect, it } from 'vitest'
import type { CheckedChart } from '../../../src/commands/check/check-chart.ts'
import { asJson, describeChart } from '../../../src/commands/check/report.ts'

const chart: CheckedChart = {
  reference: 'oci://host/demo',
  repository: null,
  version: null,
  status: 'verified',
  reason: null,
  why: null,
  next: null,
  archive: 'demo-0.1.0.tgz',
  digest: 'sha256:ab',
  provenance: true,
  signers: ['Ann', 'Ann at work'],
  key: 'ABCD',
  keyring: '/k.gpg',
  signedAs: null,
  error: null,
}

it('asJson has the version of its format', () => {
  expect(JSON.parse(asJson(chart))).toEqual({ format: 1, ...chart })
  expect(asJson(chart).endsWith('}\n')).toBe(true)
})

it('describeChart leaves out what there is nothing to say of', () => {
  expect(describeChart(chart)).toBe(
    [
      'oci://host/demo',
      '  archive     demo-0.1.0.tgz',
      '  hash        sha256:ab',
      '  provenance  there is one',
      '  signed by   Ann, Ann at work',
      '  key         ABCD',
      '  keyring     /k.gpg',
      '  verified    yes',
      '',
    ].join('\n'),
  )
})

it.each([
  [true, 'there is one'],
  [false, 'there is none'],
  [null, '?'],
])('describeChart says of a provenance that is %j: %s', (provenance, words) => {
  expect(describeChart({ ...chart, provenance })).toContain(`  provenance  ${words}\n`)
})

it("describeChart says why, what to do, and helm's words, and escapes what could write to the terminal", () => {
  const text = describeChart({
    ...chart,
    status: 'not-verified',
    why: 'it is altered',
    next: 'do not use it',
    error: 'sha256 sum\u001b[0m\ndoes not match',
  })
  expect(text).toContain(
    '  verified    no: it is altered\n  helm says   sha256 sum\\x1b[0m\\ndoes not match\n  next        do not use it\n',
  )
})
