import { expect, it } from 'vitest'
import { chartNameRefusal } from '../../../src/unpack/chart-yaml/chart-name.ts'

it.each([
  ['demo', undefined],
  ['...', undefined],
  ['..data', undefined],
  [' ', undefined],
  ['', 'chart name not specified'],
  ['.', 'chart name "." is not allowed'],
  ['..', 'chart name ".." is not allowed'],
  ['a/b', 'chart name "a/b" must not contain path separators'],
  ['a/', 'chart name "a/" must not contain path separators'],
  ['/', 'chart name "/" must not contain path separators'],
  ['../x', 'chart name "../x" must not contain path separators'],
  ['a\0', 'chart name "a\\u0000": invalid argument'],
])('%j: %s', (name, refusal) => {
  expect(chartNameRefusal(name)).toBe(refusal)
})
