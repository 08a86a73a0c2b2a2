import { expect, it } from 'vitest'
import { readSettings } from '../src/settings.ts'

const settings = (name: string, value: string) => readSettings({ [`HELM_VERIFY_SHIM_${name}`]: value })

it.each(['1', 'true', 'yes', 'on', 'no', ' '])('REQUIRE=%j asks for verification', (value) => {
  expect(settings('REQUIRE', value).require).toBe(true)
})

it.each(['', '0', 'false'])('REQUIRE=%j asks for nothing', (value) => {
  expect(settings('REQUIRE', value).require).toBe(false)
})

it.each(['true', 'yes', '0', '', '1 '])('OFF=%j leaves the shim on', (value) => {
  expect(settings('OFF', value).off).toBe(false)
})

it('is off at OFF=1', () => {
  expect(settings('OFF', '1').off).toBe(true)
})

it.each(['1', 'true', 'Allow', 'deny'])('MODIFIED=%j allows nothing', (value) => {
  expect(settings('MODIFIED', value).allowModified).toBe(false)
})

it('takes no setting from names without our prefix', () => {
  expect(readSettings({ HELM_BIN: 'x', REQUIRE: '1', OFF: '1', HELM_VERIFY_SHIM_MODIFIED: 'allow' })).toEqual({
    require: false,
    keyring: undefined,
    allowModified: true,
    off: false,
    debug: false,
    alias: undefined,
  })
})
