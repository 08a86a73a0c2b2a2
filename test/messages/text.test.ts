import { expect, it } from 'vitest'
import { escapeName, hidePassword, listed, quote } from '../../src/messages/text.ts'

it('escapes what could write to a terminal', () => {
  expect(escapeName('a\u001b[31mb\u0007\u202ec\nd')).toBe('a\\x1b[31mb\\x07\\x202ec\\nd')
  expect(quote('a"b')).toBe('"a\\"b"')
})

it.each([
  ['https://u:secret@host/x', 'https://u:…@host/x'],
  ['https://u:se:cr@et@host/x', 'https://u:…@host/x'],
  ['oci://u:secret@host:5000/x:1', 'oci://u:…@host:5000/x:1'],
  ['https://host:8443/x@sha256:00', 'https://host:8443/x@sha256:00'],
  ['repo/chart', 'repo/chart'],
])('hides the password of %s', (reference, shown) => {
  expect(hidePassword(reference)).toBe(shown)
})

it('lists ten names at most, and says how many more there are', () => {
  const names = Array.from({ length: 12 }, (_, index) => `file${index}`)
  expect(listed(names)).toHaveLength(11)
  expect(listed(names).at(-1)).toBe('  … and 2 more')
  expect(listed(names.slice(0, 10))).toHaveLength(10)
})
