import { expect, it } from 'vitest'
import { readHelmLine } from '../../src/argv/read.ts'
import { chartArgument } from '../../src/plan/chart-argument.ts'

it.each([
  ['install demo ./c --verify', './c', true],
  ['install ./c -g --verify', './c', true],
  ['install demo ./c', './c', false],
  ['template ./c --verify', './c', true],
  ['template demo ./c --verify=false', './c', false],
  ['upgrade --install demo ./c --verify', './c', true],
  ['upgrade demo ./c --verify --verify=0', './c', false],
  ['show values ./c --verify', './c', true],
  ['inspect chart ./c --verify', './c', true],
  ['show all ./c', './c', false],
  ['verify ./c', './c', true],
])('the chart of helm %s is %s, verified: %s', (line, value, verify) => {
  const reading = readHelmLine(line.split(' '))
  expect(reading.kind === 'read' && chartArgument(reading.line)).toMatchObject({ value, verify })
})

it.each([
  'upgrade demo',
  'install a b c --verify',
  'dependency build ./c --verify',
  'lint ./c',
  'package ./c',
  'verify ./a ./b',
  'list',
])('helm %s has no chart that helm would verify', (line) => {
  const reading = readHelmLine(line.split(' '))
  expect(reading.kind === 'read' && chartArgument(reading.line)).toBe(undefined)
})
