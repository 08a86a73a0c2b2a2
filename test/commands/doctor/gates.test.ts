import { chmodSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { helmsOnPath, isAnyGate, whichProgram } from '../../../src/commands/doctor/gates.ts'
import { folder } from '../../helpers/folder.ts'

const programs = (files: Readonly<Record<string, string>>) => {
  const at = folder(files)
  for (const name of Object.keys(files)) chmodSync(join(at, name), 0o755)
  return at
}
const gate = '#!/bin/sh\n# The gate of helm-verify-shim. It stands\n'

describe('isAnyGate', () => {
  it('knows the own gate, a link to it, and another copy, and no other program', () => {
    const at = programs({ 'own/helm': '#!/bin/sh\n', 'copy/helm': gate, 'real/helm': '#!/bin/sh\n' })
    symlinkSync(join(at, 'own/helm'), join(at, 'link'))
    const is = (name: string) => isAnyGate(join(at, name), join(at, 'own/helm'))
    expect(['own/helm', 'link', 'copy/helm', 'real/helm', 'none'].map(is)).toEqual([true, true, true, false, false])
    expect(isAnyGate(join(at, 'copy/helm'), '/nowhere/helm')).toBe(true)
  })
})

describe('helmsOnPath', () => {
  it('looks at PATH alone, whatever helm is named', () => {
    const at = programs({ 'a/helm': '', 'b/helm': gate })
    const env = { PATH: `${at}/a:${at}/b`, HELM_VERIFY_SHIM_HELM: '/bin/sh' }
    expect(helmsOnPath(join(at, 'b/helm'), env)).toEqual([
      { path: join(at, 'a/helm'), isGate: false },
      { path: join(at, 'b/helm'), isGate: true },
    ])
  })
})

describe('whichProgram', () => {
  it('finds the first on PATH, or the one at a path, relative to the current directory', () => {
    const at = programs({ 'a/x': '', 'b/x': '', 'b/y': '' })
    const env = { PATH: `${at}/a:${at}/b` }
    expect(whichProgram('x', env, '/')).toBe(join(at, 'a/x'))
    expect(whichProgram('y', env, '/')).toBe(join(at, 'b/y'))
    expect(whichProgram('./b/y', env, at)).toBe(join(at, 'b/y'))
    expect(whichProgram(join(at, 'b/y'), {}, '/')).toBe(join(at, 'b/y'))
    expect(whichProgram('z', env, '/')).toBeUndefined()
    expect(whichProgram('./z', env, at)).toBeUndefined()
  })
})
