import { describe, expect, it } from 'vitest'
import { provWarning, saysThereIsNone } from '../../../src/commands/check/missing-provenance.ts'

describe('provWarning', () => {
  it.each([
    [
      'WARNING: Verification not found for http://h:1/a.tgz: failed to fetch http://h:1/a.tgz.prov : 404 Not Found\n',
      'failed to fetch http://h:1/a.tgz.prov : 404 Not Found',
    ],
    ['Pulled: x\nWARNING: Verification not found for oci://h/a: no\nDigest: y\n', 'no'],
    ['Pulled: x\n', undefined],
  ])('of %j is %j', (stdout, warning) => {
    expect(provWarning(stdout)).toBe(warning)
  })
})

describe('saysThereIsNone', () => {
  it.each([
    ['failed to fetch http://h/a.tgz.prov : 404 Not Found', true],
    ['h/a:1: manifest does not contain minimum number of descriptors (3), descriptors found: 2', true],
    ['manifest does not contain a layer with mediatype application/vnd.cncf.helm.chart.provenance.v1.prov', true],
    ['manifest does not contain minimum number of descriptors (2), descriptors found: 1', false],
    ['manifest does not contain a layer with mediatype application/vnd.cncf.helm.chart.content.v1.tar+gzip', false],
    ['failed to fetch http://h/404.tgz.prov : 503 Service Unavailable', false],
    ['dial tcp: connection refused', false],
  ])('%s: %s', (warning, none) => {
    expect(saysThereIsNone(warning)).toBe(none)
  })
})
