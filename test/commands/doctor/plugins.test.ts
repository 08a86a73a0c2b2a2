import { expect, it } from 'vitest'
import { pluginNames } from '../../../src/commands/doctor/plugins.ts'

it.each([
  ['NAME\tVERSION\tDESCRIPTION\n', []],
  ['NAME\tVERSION\tDESCRIPTION\ndiff\t3.9.14\tPreview\nsecrets \t4.0\tx\n', ['diff', 'secrets']],
  ['NAME\tVERSION\tTYPE\tAPIVERSION\tPROVENANCE\tSOURCE\ndiff\t3\tcli/v1\tlegacy\tunknown\t\n', ['diff']],
  ['', []],
])('reads the table of helm 3 and 4: %j', (table, names) => {
  expect(pluginNames(table)).toEqual(names)
})
