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
  it('are the bundle with its code cache and the gate beside it, also where the bundle was started through a link', () => {
    mkdirSync(join(folder, 'package'))
    writeFileSync(join(folder, 'package/helm-verify-shim'), '')
    writeFileSync(join(folder, 'package/helm'), '#!/bin/sh\n# The gate of helm-verify-shim. It stands\n')
    writeFileSync(join(folder, 'package/helm-verify-shim.0123456789ab.cache'), '')
    writeFileSync(join(folder, 'package/other.cache'), '')
    symlinkSync('package/helm-verify-shim', join(folder, 'link'))
    const cache = 'helm-verify-shim.0123456789ab.cache'
    expect(parts(bundle(join(folder, 'link')))).toEqual([
      { name: cache, content: { file: join(folder, 'package', cache) }, plain: true },
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

  it('are the executable, the libraries that it brings along, and the gate that was built into it', () => {
    const gate = Buffer.from('#!/bin/sh\n')
    const executable = join(folder, 'shim')
    for (const name of ['shim', 'libstdc++-5d72f927.so.6.0.33', 'libgcc_s-0cd532bd.so.1', 'libc.so', 'helm'])
      writeFileSync(join(folder, name), '')
    expect(parts({ executable, script: undefined, platform: 'linux' }, () => gate)).toEqual([
      { name: 'libgcc_s-0cd532bd.so.1', content: { file: join(folder, 'libgcc_s-0cd532bd.so.1') }, plain: true },
      {
        name: 'libstdc++-5d72f927.so.6.0.33',
        content: { file: join(folder, 'libstdc++-5d72f927.so.6.0.33') },
        plain: true,
      },
      { name: 'helm-verify-shim', content: { file: executable } },
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
