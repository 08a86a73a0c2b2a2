import { expect, it } from 'vitest'
import { examineRuntime } from '../../../src/commands/doctor/runtime.ts'

it.each([
  ['v22.15.0', 'ok'],
  ['v24.0.0', 'ok'],
  ['v22.14.9', 'error'],
  ['v20.20.0', 'error'],
])('Node %s is %s', (version, level) => {
  expect(examineRuntime({ version, execPath: '/n', isExecutable: false })).toMatchObject([{ level }])
})

it('a single executable has its own Node', () => {
  const [finding] = examineRuntime({ version: 'v20.0.0', execPath: '/x', isExecutable: true })
  expect(finding).toMatchObject({ level: 'ok', text: 'a single executable, "/x", with Node v20.0.0 in it' })
})
