import { expect, it } from 'vitest'
import { limitsFileSize, refusesDotDotTarget } from '../../src/unpack/limits.ts'

const version = (text: string) => {
  const [major = 0, minor = 0, patch = 0] = text.split('.').map(Number)
  return { major, minor, patch }
}

it.each([
  ['3.7.0', true],
  ['3.22.0', true],
  ['4.2.4', true],
  ['4.3.0', false],
  ['4.4.0', false],
  ['5.0.0', false],
])('helm %s limits single files: %s', (helm, limits) => {
  expect(limitsFileSize(version(helm))).toBe(limits)
})

it.each([
  ['3.7.0', false],
  ['3.17.4', false],
  ['3.18.0', true],
  ['4.0.0', true],
])('helm %s refuses a target that begins with ..: %s', (helm, refuses) => {
  expect(refusesDotDotTarget(version(helm))).toBe(refuses)
})
