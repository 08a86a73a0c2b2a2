import { expect, it } from 'vitest'
import { quote } from '../../src/unpack/quote.ts'

const bytes = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')

it.each([
  ['demo/a b', '"demo/a b"'],
  [bytes('größe/日本'), '"größe/日本"'],
  ['a"b\\c', '"a\\"b\\\\c"'],
  ['a\nb\x1b[2J\x7f', '"a\\x0ab\\x1b[2J\\x7f"'],
  ['\xff\xfe', '"\\xff\\xfe"'],
  [bytes('ü') + '\xff', '"\\xc3\\xbc\\xff"'],
  [bytes('a\u202eb\u2028c\u200bd'), '"a\\u{202e}b\\u{2028}c\\u{200b}d"'],
  [bytes('\u0085'), '"\\x85"'],
])('%j is shown as %s', (name, shown) => {
  expect(quote(name)).toBe(shown)
})
