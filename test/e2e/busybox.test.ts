import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { targets } from '../../scripts/executables/targets.ts'
import { makeRelease } from '../../scripts/release/make.ts'
import type { ClassicRepository } from '../helpers/classic-repository.ts'
import { itDoesItsJob, type Place } from '../helpers/installed-shim.ts'
import { muslLoader } from '../helpers/musl.ts'
import { canEnterRootFolders, RootFolder } from '../helpers/root-folder.ts'
import { Sandbox } from '../helpers/sandbox.ts'
import { startSignedRepository } from '../helpers/signed-repository.ts'
import { tool } from '../helpers/tools.ts'

const root = join(import.meta.dirname, '../..')
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
const musl = canEnterRootFolders ? muslLoader() : undefined
const bin = '/opt/helm-verify-shim/bin'

// Entering a root folder takes root. Without, nothing of this can be tried.
describe.runIf(canEnterRootFolders)('in a root folder with nothing but busybox and helm,', () => {
  const sandbox = new Sandbox()
  let repository: ClassicRepository
  let keyring: string

  beforeAll(async () => {
    const wanted = targets.filter(
      ({ name }) => name === 'linux-x64' || (name === 'linux-x64-musl' && musl !== undefined),
    )
    await makeRelease(root, wanted, sandbox.at('release'))
    const started = await startSignedRepository(sandbox)
    repository = started.repository
    keyring = started.signers.keyring
  }, 600_000)

  afterAll(async () => {
    await repository.stop()
    sandbox.dispose()
  })

  /** A root folder with helm, where a tarball of the release was unpacked by busybox. */
  async function folder(name: string, suffix: string): Promise<RootFolder> {
    const made = new RootFolder(sandbox.at(name))
    made.add(tool('helm3'), 'usr/local/bin/helm')
    copyFileSync(keyring, made.at('work/keyring.gpg'))
    copyFileSync(sandbox.at(`release/helm-verify-shim-${version}${suffix}.tar.gz`), made.at('tmp/release.tar.gz'))
    const unpacked = await made.run('', 'tar', ['xzf', '/tmp/release.tar.gz', '-C', '/opt'])
    expect(unpacked).toEqual({ code: 0, stdout: '', stderr: '' })
    return made
  }

  const place = (made: RootFolder): Place => ({
    helm: async (...args) => await made.run(bin, 'helm', args),
    realHelm: async (...args) => await made.run('', 'helm', args),
    url: repository.url,
    keyring: '/work/keyring.gpg',
    work: '/work',
    workHere: made.at('work'),
  })
  const pull = (made: RootFolder) =>
    made.run(bin, 'helm', ['pull', 'signed', '--repo', repository.url, '--untar', '-d', '/work/out'])

  describe('the tarball, with a Node,', () => {
    let made: RootFolder
    beforeAll(async () => {
      made = await folder('with Node', '')
      made.addWithLibraries(process.execPath, 'usr/local/bin/node')
    })
    itDoesItsJob(() => place(made))

    it('installs elsewhere, and uninstalls', async () => {
      const installed = await made.run(bin, 'helm-verify-shim', ['install', '--print-path'])
      expect(installed).toEqual({ code: 0, stdout: '/root/.local/share/helm-verify-shim/bin\n', stderr: '' })
      expect((await made.run(bin, 'helm-verify-shim', ['uninstall'])).code).toBe(0)
      expect(existsSync(made.at('root/.local/share'))).toBe(false)
    })
  })

  describe('the tarball, without Node,', () => {
    let made: RootFolder
    beforeAll(async () => {
      made = await folder('without Node', '')
    })

    it('hands other commands over all the same', async () => {
      const { helm, realHelm } = place(made)
      expect(await helm('version')).toEqual(await realHelm('version'))
    })

    it('refuses what needs the engine, and says how to get Node on Alpine', async () => {
      const { code, stdout, stderr } = await pull(made)
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(stderr).toContain('Node is not on PATH')
      expect(stderr).toContain('apk add nodejs')
      expect(existsSync(made.at('work/out'))).toBe(false)
    })
  })

  describe('the executable for glibc', () => {
    it('cannot run: the command is refused, and nothing is pulled', async () => {
      const made = await folder('glibc', '-linux-x64')
      const { code, stdout, stderr } = await pull(made)
      expect(code).toBe(1)
      expect(stdout).toBe('')
      expect(stderr).toContain('on Alpine take the linux-x64-musl release')
      expect(existsSync(made.at('work/out'))).toBe(false)
      const { helm, realHelm } = place(made)
      expect(await helm('version')).toEqual(await realHelm('version'))
    })
  })

  // What Alpine has: musl, and no libstdc++.
  describe.runIf(musl !== undefined)('the executable for musl', () => {
    let made: RootFolder
    beforeAll(async () => {
      made = await folder('musl', '-linux-x64-musl')
      made.add(musl ?? '', 'lib/ld-musl-x86_64.so.1')
    })
    itDoesItsJob(() => place(made))

    it('installs itself with its libraries, and works from there', async () => {
      const folder = '/root/shim'
      expect((await made.run(bin, 'helm-verify-shim', ['install', '--dir', folder])).code).toBe(0)
      rmSync(made.at('opt/helm-verify-shim'), { recursive: true })
      mkdirSync(made.at('work/again'))
      const args = ['pull', 'signed', '--repo', repository.url, '--untar', '-d', '/work/again']
      expect(await made.run(folder, 'helm', args)).toEqual({ code: 0, stdout: '', stderr: '' })
      expect((await made.run(folder, 'helm-verify-shim', ['uninstall'])).code).toBe(0)
      expect(existsSync(made.at('root/shim'))).toBe(false)
    })
  })
})
