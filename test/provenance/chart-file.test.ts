import { expect, it } from 'vitest'
import { isChartName, isSameVersion, plainVersion, versionInFile } from '../../src/provenance/chart-file.ts'

it.each([
  ['1.20.2', 'v1.20.2', true],
  ['1.0.0+build.5', '1.0.0_build.5', true],
  ['v1.0.0-rc.1+build', '1.0.0-rc.1_build', true],
  ['1.0.0', '1.0.0', true],
  ['1.0.0', '1.0.1', false],
  ['1.0.0', '1.0.0-rc.1', false],
  ['1.0.0', '1.0.0+build', false],
  ['1.0.0+a', '1.0.0+b', false],
  ['1.0.0-a', '1.0.0+a', false],
  ['1.0.0-A', '1.0.0-a', false],
  ['1.0.0', 'V1.0.0', false],
  ['1.0.0', 'vv1.0.0', false],
  ['1.0', '1.0', false],
  ['1.0.0+a+b', '1.0.0+a_b', false],
  ['', '', false],
])('%s and %s are the same version: %s', (one, other, same) => {
  expect([isSameVersion(one, other), isSameVersion(other, one)]).toEqual([same, same])
})

it.each([
  '1',
  '1.2',
  'v1',
  'latest',
  '^1.0.0',
  '=1.0.0',
  ' 1.0.0',
  '1.0.0\n',
  '01.0.0',
  '1.0.0/..',
  '1.0.0-',
  '1.0.0 || 2.0.0',
])('%j is no full version', (version) => {
  expect(plainVersion(version)).toBeUndefined()
})

it.each([
  ['cert-manager', true],
  ['a', true],
  ['Chart_2.x', true],
  ['', false],
  ['.', false],
  ['..', false],
  ['-x', false],
  ['a/b', false],
  ['a\\b', false],
  ['a\n', false],
  ['a b', false],
  ['ä', false],
])('%j can be the name of a chart: %s', (name, can) => {
  expect(isChartName(name)).toBe(can)
})

it.each([
  ['demo-1.0.0.tgz', 'demo', '1.0.0'],
  ['demo-x-1.0.0.tgz', 'demo', 'x-1.0.0'],
  ['demo.tgz', 'demo', undefined],
  ['demo-1.0.0.zip', 'demo', undefined],
  ['x/demo-1.0.0.tgz', 'demo', undefined],
])('%s, as a file of %s, has version %s', (file, name, version) => {
  expect(versionInFile(file, name)).toBe(version)
})
