import { expect, it } from 'vitest'
import { examineSettings } from '../../../src/commands/doctor/settings.ts'

it.each([
  [{ OFF: '1' }, /^warning: .*nothing is verified/],
  [{ OFF: 'true' }, /^warning: .*OFF="true" has no effect$/],
  [{ MODIFIED: 'allow' }, /^ok: .*charts that were changed after their pull are used/],
  [{ MODIFIED: '1' }, /^warning: .* has no effect$/],
  [{ LOG: 'debug' }, /^ok: HELM_VERIFY_SHIM_LOG="debug"$/],
  [{ LOG: 'trace' }, /^warning: .* has no effect$/],
  [{ REQUIRE: '1' }, /^ok: .*every pull that unpacks is verified$/],
  [{ REQUIRE: 'false' }, /^ok: .*: off$/],
  [{ KEYRING: '/k' }, /^ok: HELM_VERIFY_SHIM_KEYRING="\/k"$/],
  [{ HELM: '/h' }, /^ok: HELM_VERIFY_SHIM_HELM="\/h"$/],
  [{ ALIAS: 'ghcr.io/a/b=c' }, /^ok: .*ghcr\.io\/a\/b may serve "c"$/],
  [{ ALIAS: '*=c' }, /^error: .*no wildcards$/],
  [{ KEYRINGS: '/k' }, /^warning: there is no setting "HELM_VERIFY_SHIM_KEYRINGS"$/],
  [{ CONSTRUCTOR: 'x' }, /^warning: there is no setting/],
])('%j', (settings, expected) => {
  const env = Object.fromEntries(Object.entries(settings).map(([name, value]) => [`HELM_VERIFY_SHIM_${name}`, value]))
  const lines = examineSettings({ ...env, HOME: '/h' }).map(({ level, text }) => `${level}: ${text}`)
  expect(lines).toEqual([expect.stringMatching(expected)])
})

it('says that there are none, and takes an empty one for none', () => {
  for (const env of [{}, { HELM_VERIFY_SHIM_REQUIRE: '' }])
    expect(examineSettings(env)).toEqual([
      expect.objectContaining({ level: 'ok', text: expect.stringMatching(/^none/) as unknown }),
    ])
})
