import { describe, expect, it } from 'vitest'
import type { FlagKind } from '../../src/argv/flags.ts'
import { fitsKind, mayFitKind, parseBool } from '../../src/argv/value.ts'

describe('parseBool', () => {
  it.each(['1', 't', 'T', 'TRUE', 'true', 'True'])('%s is on', (value) => {
    expect(parseBool(value)).toBe(true)
  })
  it.each(['0', 'f', 'F', 'FALSE', 'false', 'False'])('%s is off', (value) => {
    expect(parseBool(value)).toBe(false)
  })
  it.each(['', 'yes', 'no', 'on', 'tRUE', ' true', '2'])('"%s" is refused', (value) => {
    expect(parseBool(value)).toBeUndefined()
  })
})

describe('fitsKind', () => {
  it.each<[FlagKind, string, boolean]>([
    ['int', '0', true],
    ['int', '42', true],
    // Octal and wrong as octal.
    ['int', '010', false],
    ['int', '08', false],
    ['int', '', false],
    ['float', '0.5', true],
    ['float', 'x', false],
    ['duration', '5m0s', true],
    ['duration', '1h30m', true],
    ['duration', '0', true],
    ['duration', '5', false],
    ['duration', '', false],
    ['list', 'a.yaml,b.yaml', true],
    ['list', 'a"b', false],
    ['map', 'a=b,c=d=e', true],
    ['map', 'a', false],
    ['text', '\n"', true],
    ['optional', 'anything', true],
    ['ambiguous', 'true', false],
  ])('%s %j: %s', (kind, value, fits) => {
    expect(fitsKind(kind, value)).toBe(fits)
  })
})

describe('mayFitKind', () => {
  it.each<[FlagKind, string, boolean]>([
    ['int', '+3', true],
    ['int', '0x1F', true],
    ['int', 'alues.yaml', false],
    ['int', '', false],
    ['float', 'inf', true],
    ['float', '1,5', false],
    ['bool', 'yes', false],
    ['text', '', true],
  ])('%s %j: %s', (kind, value, may) => {
    expect(mayFitKind(kind, value)).toBe(may)
  })
})
