import { describe, expect, it } from 'vitest'
import { readReference } from '../../src/provenance/reference.ts'

const none = { tag: undefined, digest: undefined }
const digest = `sha256:${'ab'.repeat(32)}`

it.each([
  ['oci://ghcr.io/org/demo', { kind: 'oci', repository: 'ghcr.io/org/demo', chart: 'demo', ...none }],
  ['oci://localhost:5000/demo', { kind: 'oci', repository: 'localhost:5000/demo', chart: 'demo', ...none }],
  ['oci://r:5000/a/demo:1.0.0', { kind: 'oci', repository: 'r:5000/a/demo', chart: 'demo', ...none, tag: '1.0.0' }],
  [`oci://r/demo@${digest}`, { kind: 'oci', repository: 'r/demo', chart: 'demo', ...none, digest }],
  [`oci://r/demo:v1@${digest}`, { kind: 'oci', repository: 'r/demo', chart: 'demo', tag: 'v1', digest }],
  ['stable/demo', { kind: 'repository', repository: 'stable/demo', chart: 'demo', ...none }],
  ['stable/a/demo', { kind: 'repository', repository: 'stable/a/demo', chart: 'demo', ...none }],
  ['https://x/demo-1.tgz', { kind: 'url', repository: 'https://x/demo-1.tgz', chart: undefined, ...none }],
])('%s', (reference, expected) => {
  expect(readReference(reference)).toEqual(expected)
})

describe('with --repo', () => {
  it.each([
    ['https://charts.example.com/stable', 'https://charts.example.com/stable/demo'],
    ['https://charts.example.com/stable//', 'https://charts.example.com/stable/demo'],
    ['https://me:secret@charts.example.com', 'https://charts.example.com/demo'],
  ])('%s, the repository is %s', (repo, repository) => {
    expect(readReference('demo', repo)).toEqual({ kind: 'repository', repository, chart: 'demo', ...none })
  })
})
