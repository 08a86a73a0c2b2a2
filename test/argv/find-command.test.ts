import { expect, it } from 'vitest'
import { findCommandLine } from '../../src/argv/find-command.ts'

it('leaves pflag every word but those of the command', () => {
  expect(findCommandLine(['-n', 'show', 'show', '--debug', 'values', 'values', '--', 'show'])).toEqual({
    command: 'show values',
    commandWords: [2, 4],
    rest: [0, 1, 3, 5, 6, 7],
  })
})

it('takes a word of one character that is not ASCII for no shorthand', () => {
  expect(findCommandLine(['-é', 'pull', 'x'])).toMatchObject({ command: 'pull', rest: [0, 2] })
  expect(findCommandLine(['-Z', 'pull', 'x'])).toBe('`x` is no command that every helm has')
})

it('does not look behind the terminator', () => {
  expect(findCommandLine(['--debug', '--', 'pull'])).toBe('it names no command')
  expect(findCommandLine(['show', '--', 'values'])).toBe('`show` is no command that every helm has')
})
