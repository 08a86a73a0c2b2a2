import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parts } from '../../../src/commands/install/parts.ts'

let folder: string
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'parts-')))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

const bundle = (script: string | undefined, platform: NodeJS.Platform = 'linux') => ({
  executable: undefined,
  script,
  platform,
})

describe('parts', () => {
  it('are the bundle and the gate beside it, also where the bundle was started through a link', () => {
    mkdirSync(join(folder, 'package'))
    writeFileSync(join(folder, 'package/helm-verify-shim'), '')
    writeFileSync(join(folder, 'package/helm'), '#!/bin/sh\n# The gate of helm-verify-shim. It stands\n')
    symlinkSync('package/helm-verify-shim', join(folder, 'link'))
    expect(parts(bundle(join(folder, 'link')))).toEqual([
      { name: 'helm-verify-shim', content: { file: join(folder, 'package/helm-verify-shim') } },
      { name: 'helm', content: { file: join(folder, 'package/helm') } },
    ])
  })

  it('are refused where a helm that is not our gate lies beside the bundle', () => {
    writeFileSync(join(folder, 'helm-verify-shim'), '')
    writeFileSync(join(folder, 'helm'), 'a real helm')
    expect(() => parts(bundle(join(folder, 'helm-verify-shim')))).toThrow(/the gate is missing beside/)
  })

  it('are refused where the gate or the program itself is gone', () => {
    writeFileSync(join(folder, 'helm-verify-shim'), '')
    expect(() => parts(bundle(join(folder, 'helm-verify-shim')))).toThrow(/the gate is missing beside/)
    expect(() => parts(bundle(join(folder, 'gone')))).toThrow(/the gate is missing beside "this program"/)
  })

  it('are the executable and the gate that was built into it', () => {
    const gate = Buffer.from('#!/bin/sh\n')
    expect(parts({ executable: '/x/shim', script: undefined, platform: 'linux' }, () => gate)).toEqual([
      { name: 'helm-verify-shim', content: { file: '/x/shim' } },
      { name: 'helm', content: { text: gate } },
    ])
  })

  it('are the executable twice on Windows, which has no sh for the gate', () => {
    const executable = 'C:\\x\\helm-verify-shim.exe'
    expect(parts({ executable, script: undefined, platform: 'win32' })).toEqual([
      { name: 'helm-verify-shim.exe', content: { file: executable } },
      { name: 'helm.exe', content: { file: executable } },
    ])
  })

  it('are refused on Windows for the bundle', () => {
    expect(() => parts(bundle('x', 'win32'))).toThrow(/on Windows only the executable/)
  })
})
