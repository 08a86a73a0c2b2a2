import { describe, expect, it } from 'vitest'
import { cString, parseDecimal, parseNumeric } from '../../../src/unpack/tar/numeric.ts'

const field = (text: string): Buffer => Buffer.from(text, 'latin1')

describe('when a header has a number', () => {
  it.each([
    ['0000644\0', 0o644n],
    ['    644 ', 0o644n],
    ['\0\0\x0012\0\0\0', 0o12n],
    ['12\x0034\0\0\0', 0o12n],
    ['', 0n],
    ['\0\0\0\0', 0n],
    ['000000000003', 3n],
    ['\x80\0\0\0\0\0\0\x07', 7n],
    ['\x80\x7f\xff\xff\xff\xff\xff\xff\xff', 2n ** 63n - 1n],
    ['\xff\xff\xff\xff\xff\xff\xff\xff', -1n],
    ['\xff\xff\xff\xfe', -2n],
    ['\xbf\xff', 0x3fffn],
  ])('%j is %s', (text, value) => {
    expect(parseNumeric(field(text))).toBe(value)
  })

  it.each(['8', '-1', '+1', '1 2', '0x1', 'a', '\x80\x80\0\0\0\0\0\0\0', '\x80\x01\0\0\0\0\0\0\0\0\0\0'])(
    '%j is refused',
    (text) => {
      expect(parseNumeric(field(text))).toBeUndefined()
    },
  )

  it.each([
    ['0', 0n],
    ['007', 7n],
    ['+5', 5n],
    ['-5', -5n],
    ['9223372036854775807', 2n ** 63n - 1n],
    ['-9223372036854775808', -(2n ** 63n)],
    ['9223372036854775808', undefined],
    ['-9223372036854775809', undefined],
    ['', undefined],
    ['+', undefined],
    ['1_0', undefined],
    ['1 ', undefined],
    ['0x1', undefined],
  ])('the decimal %j is %s', (text, value) => {
    expect(parseDecimal(text)).toBe(value)
  })

  it('a string ends at the first NUL, or with its field', () => {
    expect([cString(field('ab\0cd')), cString(field('abcd')), cString(field('\xff\0'))]).toEqual(['ab', 'abcd', '\xff'])
  })
})
