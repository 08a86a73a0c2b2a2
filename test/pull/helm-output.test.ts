import { describe, expect, it } from 'vitest'
import {
  HeldError,
  readSignature,
  splitReports,
  withoutProvWarning,
  withoutSecondReport,
} from '../../src/pull/helm-output.ts'

const report = 'Pulled: r/demo:0.1.0\nDigest: sha256:00\n'
const underscore =
  'Pulled: r/demo:0.1.0_1\nDigest: sha256:00\nr/demo:0.1.0_1 contains an underscore.\n\nOCI artifact references (e.g. tags) do not\na plus (+) when pulling from a registry.\n'

describe('stderr of a pull where --prov is ours', () => {
  it.each([
    ['a chart and its provenance', report + report, report],
    ['with other lines around', `a\n${report}b\n${report}c\n`, `a\n${report}b\nc\n`],
    ['a tag with an underscore', underscore + underscore, underscore],
    ['a chart without provenance', report, report],
    ['two different reports', report + underscore, report + underscore],
    ['nothing', '', ''],
  ])('%s', (_, stderr, expected) => {
    expect(withoutSecondReport(Buffer.from(stderr)).toString()).toBe(expected)
  })

  it('keeps bytes that are not UTF-8', () => {
    const bytes = Buffer.from([0xff, 0x0a, ...Buffer.from(report + report), 0xfe])
    expect(withoutSecondReport(bytes)).toEqual(Buffer.from([0xff, 0x0a, ...Buffer.from(report), 0xfe]))
  })
})

it.each([
  [report + report, 'Signed by: A\n'],
  [underscore, ''],
  ['', `Signed by: A\n${report}`],
  ['', ''],
])('splits stdout into what helm 4 says as it pulls and what it says at the end: %j, %j', (reports, rest) => {
  const split = splitReports(Buffer.from(reports + rest))
  expect([split.reports.toString(), split.rest.toString()]).toEqual([reports, rest])
})

it('takes the warning of our --prov from stdout, and nothing else', () => {
  const stdout = Buffer.from('a\nWARNING: Verification not found for r/demo: 404\nb\n')
  expect(withoutProvWarning(stdout).toString()).toBe('a\nb\n')
})

it('reads who signed, with which key, and the hash that helm computed', () => {
  const digest = `sha256:${'ab'.repeat(32)}`
  const stdout = `Signed by: A <a@x>\nSigned by: B\nUsing Key With Fingerprint: 00FF\nChart Hash Verified: ${digest}\n`
  expect(readSignature(stdout)).toEqual({ signers: ['A <a@x>', 'B'], fingerprint: '00FF', digest })
  expect(readSignature('Chart Hash Verified: nonsense\n').digest).toBe(undefined)
})

describe("helm's stderr while it verifies", () => {
  const through = (...chunks: string[]) => {
    const held = new HeldError()
    return { shown: chunks.map((chunk) => held.take(Buffer.from(chunk)).toString()), rest: held.rest.toString() }
  }

  it('passes whole lines on as they come', () => {
    expect(through('a\nb', 'c\n')).toEqual({ shown: ['a\n', 'bc\n'], rest: '' })
  })

  it('holds the closing error back, with all that follows', () => {
    expect(through('a\nError: no\n', 'more\n')).toEqual({ shown: ['a\n', ''], rest: 'Error: no\nmore\n' })
  })

  it('recognises an error that comes in pieces', () => {
    expect(through('a\nErr', 'or: no\n')).toEqual({ shown: ['a\n', ''], rest: 'Error: no\n' })
  })

  it('does not take an error in the middle of a line for one', () => {
    expect(through('an Error: inside\n')).toEqual({ shown: ['an Error: inside\n'], rest: '' })
  })
})
