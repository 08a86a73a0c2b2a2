import { describe, expect, it } from 'vitest'
import { defaultFolder } from '../../../src/commands/install/default-folder.ts'

describe('defaultFolder', () => {
  it.each([
    ['under HOME', { HOME: '/home/u' }, '/home/u/.local/share/helm-verify-shim/bin'],
    ['under XDG_DATA_HOME before HOME', { HOME: '/home/u', XDG_DATA_HOME: '/data' }, '/data/helm-verify-shim/bin'],
    [
      'under HOME where XDG_DATA_HOME is empty',
      { HOME: '/h', XDG_DATA_HOME: '' },
      '/h/.local/share/helm-verify-shim/bin',
    ],
    ['nowhere where XDG_DATA_HOME is relative', { HOME: '/home/u', XDG_DATA_HOME: 'data' }, undefined],
    ['nowhere without a home', {}, undefined],
  ])('is %s', (_, env, folder) => {
    expect(defaultFolder(env, 'linux')).toBe(folder)
  })

  it('is under LOCALAPPDATA on Windows', () => {
    expect(defaultFolder({ LOCALAPPDATA: 'C:\\u' }, 'win32')).toMatch(/^C:\\u.helm-verify-shim.bin$/)
  })
})
