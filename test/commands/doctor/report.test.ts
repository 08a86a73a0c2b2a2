import { expect, it } from 'vitest'
import type { Finding } from '../../../src/commands/doctor/finding.ts'
import { describeFindings, isHealthy } from '../../../src/commands/doctor/report.ts'

const ok: Finding = { about: 'helm', level: 'ok', text: 'fine\u0007' }
const warning: Finding = { about: 'PATH', level: 'warning', text: 'hm', next: 'look' }
const error: Finding = { about: 'state', level: 'error', text: 'no', next: 'mend it' }

it('is a line for each finding, one for what to do, and a count', () => {
  expect(describeFindings([ok, warning, error, error])).toBe(`ok       helm      fine\\x07
warning  PATH      hm
                   next: look
error    state     no
                   next: mend it
error    state     no
                   next: mend it

2 errors, 1 warning.
`)
  expect(describeFindings([ok])).toMatch(/\nAll is well\.\n$/)
})

it('is healthy unless there is an error', () => {
  expect(isHealthy([ok, warning])).toBe(true)
  expect(isHealthy([ok, error, warning])).toBe(false)
})
