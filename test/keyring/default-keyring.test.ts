import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defaultKeyring, keyboxInstead } from '../../src/keyring/default-keyring.ts'

describe('where helm looks', () => {
  it.each([
    [{ HOME: '/home/me' }, '/home/me/.gnupg'],
    [{ HOME: '/home/me', GNUPGHOME: '/keys' }, '/keys'],
    [{ USERPROFILE: '/profile' }, '/profile/.gnupg'],
    [{}, '.gnupg'],
  ])('with %j is %s', (env, home) => {
    expect(defaultKeyring(env)).toEqual({ legacy: join(home, 'pubring.gpg'), keybox: join(home, 'pubring.kbx') })
  })

  it('is the current directory where GNUPGHOME is set but empty', () => {
    expect(defaultKeyring({ HOME: '/home/me', GNUPGHOME: '' }).legacy).toBe('pubring.gpg')
  })
})

describe('the keybox is taken instead', () => {
  let home: string
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'hvs default '))
  })
  afterEach(() => {
    rmSync(home, { recursive: true, force: true })
  })

  const taken = () => keyboxInstead({ legacy: 'pubring.gpg', keybox: 'pubring.kbx' }, (path) => resolve(home, path))

  it.each([
    ['never where there is only the legacy keyring', ['pubring.gpg'], undefined],
    ['where there is only the keybox', ['pubring.kbx'], 'pubring.kbx'],
    ['never where both are there', ['pubring.gpg', 'pubring.kbx'], undefined],
    ['never where neither is there', [], undefined],
  ])('%s', (_, files, expected) => {
    for (const file of files) writeFileSync(join(home, file), 'keys')
    expect(taken()).toBe(expected)
  })

  it('never where something else is wrong with the legacy keyring than that it is missing', () => {
    writeFileSync(join(home, 'pubring.kbx'), 'keys')
    symlinkSync('pubring.gpg', join(home, 'pubring.gpg'))
    expect(taken()).toBeUndefined()
  })

  it('where the legacy keyring is a link to nothing', () => {
    writeFileSync(join(home, 'pubring.kbx'), 'keys')
    symlinkSync('gone', join(home, 'pubring.gpg'))
    expect(taken()).toBe('pubring.kbx')
  })

  it('never where the legacy keyring is a folder', () => {
    writeFileSync(join(home, 'pubring.kbx'), 'keys')
    mkdirSync(join(home, 'pubring.gpg'))
    expect(taken()).toBeUndefined()
  })
})
