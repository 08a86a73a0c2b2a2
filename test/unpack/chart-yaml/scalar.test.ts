import { describe, expect, it } from 'vitest'
import {
  GoFloat,
  formatFloat32,
  resolveScalar,
  scalarString,
  type YamlScalar,
} from '../../../src/unpack/chart-yaml/scalar.ts'

const show = (value: YamlScalar): string =>
  typeof value === 'string' ? `'${value}'` : value === null ? 'null' : scalarString(value)

describe('when a plain scalar is read by YAML 1.1, as go-yaml does', () => {
  it.each([
    ['demo', "'demo'"],
    ['1.2.3', "'1.2.3'"],
    ['yes', 'true'],
    ['On', 'true'],
    ['y', 'true'],
    ['oN', "'oN'"],
    ['off', 'false'],
    ['N', 'false'],
    ['', 'null'],
    ['~', 'null'],
    ['NULL', 'null'],
    ['nULL', "'nULL'"],
    ['0', '0'],
    ['-0', '0'],
    ['+12', '12'],
    ['010', '8'],
    ['0o17', '15'],
    ['08', '8'],
    ['0x1F', '31'],
    ['-0xff', '-255'],
    ['0b101', '5'],
    ['-0b11', '-3'],
    ['1_000', '1000'],
    ['_1', "'_1'"],
    ['9223372036854775807', '9223372036854775807'],
    ['18446744073709551615', '18446744073709551615'],
    ['18446744073709551616', '1.8446744e+19'],
    ['-9223372036854775809', '-9.223372e+18'],
    ['1.10', '1.1'],
    ['1.0', '1'],
    ['1.', '1'],
    ['.5', '0.5'],
    ['.1_5', '0.15'],
    ['._5', "'._5'"],
    ['1e3', '1000'],
    ['1e6', '1e+06'],
    ['123456.7', '123456.7'],
    ['1234567.8', '1.2345678e+06'],
    ['0.00001', '1e-05'],
    ['1e400', "'1e400'"],
    ['.inf', '+Inf'],
    ['-.INF', '-Inf'],
    ['.NaN', 'NaN'],
    ['.iNf', "'.iNf'"],
    ['2020-01-01', "'2020-01-01'"],
    ['12:30:45', "'12:30:45'"],
    ['0x1p4', "'0x1p4'"],
    ['=', "'='"],
  ])('%j is %s', (text, value) => {
    expect(show(resolveScalar('', text))).toBe(value)
  })
})

describe('when a scalar has a tag', () => {
  const core = (tag: string): string => (tag.startsWith('!!') ? `tag:yaml.org,2002:${tag.slice(2)}` : tag)

  it.each([
    ['!!str', '010', "'010'"],
    ['!!int', '0x10', '16'],
    ['!!float', '1', '1'],
    ['!!bool', 'yes', 'true'],
    ['!!null', '', 'null'],
    ['!!binary', 'ZGVtbw==', "'demo'"],
    ['!!binary', 'ZGV\ntbw==', "'demo'"],
    ['!!timestamp', '2020-02-29', "'2020-02-29'"],
    ['!!timestamp', '2020-1-1T1:2:3.5Z', "'2020-1-1T1:2:3.5Z'"],
    ['!foo', '010', "'010'"],
    ['!!other', '010', "'010'"],
  ])('%s %j is %s', (tag, text, value) => {
    expect(show(resolveScalar(core(tag), text))).toBe(value)
  })

  it.each([
    ['!!int', 'a'],
    ['!!int', '1.5'],
    ['!!float', 'x'],
    ['!!bool', '1'],
    ['!!null', 'x'],
    ['!!binary', 'x'],
    ['!!binary', '/w=='],
    ['!!timestamp', '2021-02-29'],
    ['!!timestamp', '2020'],
  ])('%s %j is refused', (tag, text) => {
    expect(() => resolveScalar(core(tag), text)).toThrow()
  })
})

it.each([
  [0.1, '0.1'],
  [-0, '-0'],
  [16777217, '1.6777216e+07'],
  [3.4028235e38, '3.4028235e+38'],
  [1e39, '+Inf'],
  [1e-46, '0'],
  [100000, '100000'],
  [0.0001, '0.0001'],
])('the float %d has as few digits as a float32 needs: %s', (value, text) => {
  expect(formatFloat32(value)).toBe(text)
  expect(scalarString(new GoFloat(value))).toBe(text)
})
