import { expect, it } from 'vitest'
import { readHelmLine } from '../../src/argv/read.ts'
import { planFor } from '../../src/plan/plan.ts'
import { readSettings } from '../../src/settings.ts'

const words = (line: string) => line.split(' ').filter(Boolean)
const plan = (line: string, env = {}) => planFor(readHelmLine(words(line)), words(line), readSettings(env))

const cases: [string, string][] = [
  ['version', 'use'],
  ['pull oci://r/demo', 'pass'],
  ['pull oci://r/demo --verify', 'pass'],
  ['pull --untar', 'pass'],
  ['pull oci://r/demo --untar', 'pull'],
  ['fetch oci://r/demo --untar', 'pull'],
  ['pull oci://r/demo --untar=1', 'pull'],
  ['pull oci://r/demo --untar=false', 'pass'],
  ['pull oci://r/demo --untar --untar=f', 'pass'],
  ['pull oci://r/demo --untar=f --untar', 'pull'],
  ['pull oci://r/demo --version --untar', 'pass'],
  ['pull oci://r/demo -- --untar', 'pass'],
  ['--debug pull oci://r/demo --untar', 'pull'],
  ['pull oci://r/demo --untar --no-such-flag', 'use'],
  ['pull oci://r/demo --untar --help', 'use'],
  ['upgrade demo ./demo --verify', 'use'],
  ['diff upgrade demo ./demo', 'use'],
]
it.each(cases)('helm %s → %s', (line, kind) => {
  expect(plan(line).kind).toBe(kind)
})

it.each([
  ['pull oci://r/demo --untar --no-such-flag', 'refuse'],
  ['fetch oci://r/demo --untar=maybe', 'refuse'],
  ['pull oci://r/demo --no-such-flag', 'use'],
  ['diff upgrade demo ./demo', 'use'],
  ['pull oci://r/demo --untar', 'pull'],
])('with REQUIRE: helm %s → %s', (line, kind) => {
  expect(plan(line, { HELM_VERIFY_SHIM_REQUIRE: '1' }).kind).toBe(kind)
})

it('passes everything through when switched off, also under REQUIRE', () => {
  const env = { HELM_VERIFY_SHIM_OFF: '1', HELM_VERIFY_SHIM_REQUIRE: '1' }
  expect(plan('pull oci://r/demo --untar --verify', env).kind).toBe('pass')
})
