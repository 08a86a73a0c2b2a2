import { chmodSync, copyFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Sandbox, tree } from '../helpers/sandbox.ts'
import { makeSigners, type Signers } from '../helpers/signers.ts'
import { helmfiles, helms, nodeFolder, shimFolder, tool, type Helm, type Helmfile } from '../helpers/tools.ts'

interface Report {
  readonly code: number
  readonly ok: boolean
  readonly lines: readonly string[]
}

const sandbox = new Sandbox()
let signers: Signers

beforeAll(async () => {
  signers = await makeSigners(sandbox.root)
})

afterAll(() => {
  sandbox.dispose()
})

/** A PATH with the shim before a helm, before the system's folders. */
const path = (...first: string[]) => [...first, nodeFolder, '/usr/bin', '/bin'].join(':')
const folderOf = (helm: Helm) => {
  sandbox.withHelm(helm, false)
  return sandbox.at('bin', helm)
}
const link = (folder: string, name: string, target: string) => {
  mkdirSync(sandbox.at(folder), { recursive: true })
  rmSync(sandbox.at(folder, name), { force: true })
  symlinkSync(target, sandbox.at(folder, name))
  return sandbox.at(folder)
}

/** Runs `doctor`; its lines are those about one thing, as `level: text`. */
async function doctor(about: string, env: NodeJS.ProcessEnv, cwd = sandbox.root): Promise<Report> {
  const whole = { ...sandbox.withHelm('helm3', true), ...env }
  const { code, stdout, stderr } = await sandbox.run(join(shimFolder, 'helm-verify-shim'), ['doctor', '--json'], {
    env: whole,
    cwd,
  })
  expect(stderr).toBe('')
  const { ok, findings } = JSON.parse(stdout) as { ok: boolean; findings: Record<'about' | 'level' | 'text', string>[] }
  const lines = findings.filter((one) => one.about === about).map(({ level, text }) => `${level}: ${text}`)
  return { code, ok, lines }
}

const keyring = () => ({ HELM_VERIFY_SHIM_KEYRING: signers.strangersKeyring })

describe('doctor', () => {
  it('finds nothing wrong in a good installation, and changes nothing', async () => {
    const before = tree(sandbox.at('home'))
    const env = { ...sandbox.withHelm('helm3', true), ...keyring() }
    const { code, stdout, stderr } = await sandbox.run(join(shimFolder, 'helm-verify-shim'), ['doctor'], { env })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/\n\nAll is well\.\n$/)
    const levels = stdout
      .split('\n\n')[0]
      ?.split('\n')
      .map((text) => text.slice(0, 19).split(/ +/).slice(0, 2).join(' '))
    expect(levels).toEqual([
      'ok helm',
      'ok PATH',
      'ok helmfile',
      'ok keyring',
      'ok keyring',
      'ok state',
      'ok plugins',
      'ok settings',
      'ok runtime',
    ])
    expect(tree(sandbox.at('home'))).toEqual(before)
    expect(tree(sandbox.at('state'))).toEqual({})
    expect(tree(sandbox.at('tmp'))).toEqual({})
  })

  it.each([...helms, 'helm3.7'] as const)('says which helm would run, and why: %s', async (helm) => {
    const version = { helm3: '3.22.0', helm4: '4.3.1', 'helm3.7': '3.7.0' }[helm]
    const { lines } = await doctor('helm', { PATH: path(shimFolder, folderOf(helm)) })
    expect(lines).toEqual([`ok: "${folderOf(helm)}/helm", version ${version}: the next on PATH after this shim`])
    const named = { HELM_VERIFY_SHIM_HELM: tool(helm), PATH: path(shimFolder) }
    expect((await doctor('helm', named)).lines).toEqual([
      `ok: "${tool(helm)}", version ${version}: HELM_VERIFY_SHIM_HELM names it`,
    ])
  })

  it('fails where there is no helm, or one that is too old or broken', async () => {
    const none = await doctor('helm', { PATH: path(shimFolder) })
    expect(none).toEqual({ code: 1, ok: false, lines: ['error: there is no helm on PATH besides this shim'] })
    const old = link('old', 'unused', '/bin/true')
    for (const [says, why] of [
      ['v3.6.3+gd506314', /^error: .*version 3\.6\.3/],
      ['nonsense', /^error: .* does not say its version/],
    ] as const) {
      writeFileSync(join(old, 'helm'), `#!/bin/sh\necho ${says}\n`)
      chmodSync(join(old, 'helm'), 0o755)
      const report = await doctor('helm', { PATH: path(shimFolder, old) })
      expect(report).toMatchObject({ code: 1, lines: [expect.stringMatching(why)] })
    }
  })

  it('says where the shim stands on PATH', async () => {
    const helm = folderOf('helm3')
    expect((await doctor('PATH', {})).lines).toEqual([`ok: the first helm is "${shimFolder}/helm", this shim`])
    const behind = await doctor('PATH', { PATH: path(helm, shimFolder, folderOf('helm4')) })
    expect(behind).toEqual({
      code: 0,
      ok: true,
      lines: [
        `warning: "${helm}/helm" stands before "${shimFolder}/helm", this shim: a plain "helm" does not go through it`,
      ],
    })
    const absent = await doctor('PATH', { PATH: path(helm) })
    expect(absent.lines).toEqual([expect.stringMatching(/^warning: this shim is not on PATH/)])
    mkdirSync(sandbox.at('copy'))
    copyFileSync(join(shimFolder, 'helm'), sandbox.at('copy/helm'))
    const copy = await doctor('PATH', { PATH: path(sandbox.at('copy'), helm) })
    expect(copy.lines).toEqual([`ok: the first helm is "${sandbox.at('copy')}/helm", another copy of this shim`])
  })
})

describe.each(helmfiles)('doctor about %s', (helmfile: Helmfile) => {
  const version = helmfile.replace('helmfile-', '')
  const withHelmfile = (...first: string[]) => {
    const folder = link(`with ${helmfile}`, 'helmfile', tool(helmfile))
    return { folder, PATH: path(...first, folder, folderOf('helm3')) }
  }
  const words = (folder: string) => `"${folder}/helmfile", version ${version},`
  const inFolder = (name: string, text: string) => {
    mkdirSync(sandbox.at(name), { recursive: true })
    writeFileSync(sandbox.at(name, 'helmfile.yaml'), text)
    return sandbox.at(name)
  }

  it('says whether it calls this shim', async () => {
    const { folder, PATH } = withHelmfile(shimFolder)
    expect((await doctor('helmfile', { PATH })).lines).toEqual([
      `ok: ${words(folder)} calls "helm", which is this shim`,
    ])
    const without = withHelmfile()
    expect((await doctor('helmfile', { PATH: without.PATH })).lines).toEqual([
      `warning: ${words(folder)} calls "${folderOf('helm3')}/helm", which is not this shim`,
    ])
  })

  it('reads helmBinary of the helmfile.yaml here', async () => {
    const { folder, PATH } = withHelmfile()
    const gate = join(shimFolder, 'helm')
    const named = inFolder('named', `releases: []\nhelmBinary: "${gate}" # the shim\n`)
    const report = await doctor('helmfile', { PATH }, named)
    expect(report.lines).toEqual([
      `ok: ${words(folder)} calls "${gate}" (helmBinary in helmfile.yaml), which is this shim`,
    ])
    expect((await doctor('PATH', { PATH }, named)).lines).toEqual([
      'ok: this shim is not on PATH; helmfile is told by name to use it',
    ])
    const gone = await doctor('helmfile', { PATH }, inFolder('gone', 'helmBinary: /nowhere/helm\n'))
    expect(gone).toMatchObject({ code: 1, lines: [expect.stringMatching(/^error: .*, which is not there$/)] })
    const template = await doctor('helmfile', { PATH }, inFolder('template', 'helmBinary: {{ env "HELM" }}\n'))
    expect(template.lines).toEqual([expect.stringMatching(/^warning: .* takes its helm from a template/)])
  })

  it('knows whether it reads HELMFILE_HELM_BINARY', async () => {
    const { folder, PATH } = withHelmfile(shimFolder)
    const env = { PATH, HELMFILE_HELM_BINARY: tool('helm4') }
    expect((await doctor('helmfile', env)).lines).toEqual(
      helmfile === 'helmfile-1.8.0'
        ? [`warning: ${words(folder)} calls "${tool('helm4')}" (HELMFILE_HELM_BINARY), which is not this shim`]
        : [
            'warning: helmfile 0.x does not read HELMFILE_HELM_BINARY',
            `ok: ${words(folder)} calls "helm", which is this shim`,
          ],
    )
  })
})

describe('doctor about the keyring', () => {
  it('lists its keys, and warns of those that have expired or were revoked', async () => {
    const { code, lines } = await doctor('keyring', { HELM_VERIFY_SHIM_KEYRING: signers.keyring })
    expect(code).toBe(0)
    expect(lines).toEqual([
      `ok: HELM_VERIFY_SHIM_KEYRING: "${signers.keyring}", packets, 3 keys`,
      expect.stringMatching(/^ok: "Trusted <trusted@example\.com>", [0-9A-F]{40}, no expiry$/),
      expect.stringMatching(/^warning: "Expired <expired@example\.com>", [0-9A-F]{40}, expired 2020-05-06$/),
      expect.stringMatching(/^warning: "Revoked <revoked@example\.com>", [0-9A-F]{40}, revoked$/),
    ])
  })

  it("looks at helm's default where none is named", async () => {
    const missing = await doctor('keyring', {})
    expect(missing).toMatchObject({
      code: 0,
      lines: [expect.stringMatching(/^warning: helm's default keyring ".*gnupg\/pubring\.gpg" does not exist/)],
    })
    copyFileSync(signers.strangersKeyring, sandbox.at('gnupg/pubring.gpg'))
    const there = await doctor('keyring', {})
    rmSync(sandbox.at('gnupg/pubring.gpg'))
    expect(there.lines[0]).toBe(`ok: helm's default, "${sandbox.at('gnupg/pubring.gpg')}", packets, 1 key`)
  })

  it("says so where GnuPG's own daemon has the keys", async () => {
    mkdirSync(sandbox.at('gnupg/public-keys.d'))
    writeFileSync(sandbox.at('gnupg/public-keys.d/pubring.db'), '')
    const { lines } = await doctor('keyring', {})
    rmSync(sandbox.at('gnupg/public-keys.d'), { recursive: true })
    expect(lines).toEqual([expect.stringMatching(/^warning: GnuPG's keyboxd keeps its public keys in /)])
  })

  it('fails where the keyring that was named is not there, or helm cannot read it', async () => {
    const gone = await doctor('keyring', { HELM_VERIFY_SHIM_KEYRING: '/nowhere/k' })
    expect(gone).toMatchObject({
      code: 1,
      lines: ['error: HELM_VERIFY_SHIM_KEYRING names "/nowhere/k", which cannot be read'],
    })
    const box = sandbox.at('box.kbx')
    writeFileSync(box, Buffer.from('00000020010100024b425866000000000000000000000000000000000000000000', 'hex'))
    const PATH = (helm: Helm) => [shimFolder, folderOf(helm), nodeFolder].join(':')
    const kbx = { HELM_VERIFY_SHIM_KEYRING: box }
    expect(await doctor('keyring', { ...kbx, PATH: PATH('helm3') })).toMatchObject({
      code: 1,
      lines: [expect.stringMatching(/^error: .* helm reads that only from 4\.3, and there is no gpg to convert it$/)],
    })
    expect((await doctor('keyring', { ...kbx, PATH: PATH('helm4') })).lines).toEqual([
      expect.stringMatching(/^ok: .*a GnuPG keybox \(there is no gpg to list its keys\)$/),
    ])
  })
})

describe('doctor about the rest', () => {
  it('looks at the state folder', async () => {
    const root = sandbox.at('elsewhere/helm-verify-shim')
    const env = { XDG_STATE_HOME: sandbox.at('elsewhere') }
    expect((await doctor('state', env)).lines).toEqual([`ok: "${root}" does not exist yet; the first pull makes it`])
    mkdirSync(join(root, 'dirs/a'), { recursive: true })
    writeFileSync(join(root, 'dirs/a/receipt.json'), '{}')
    chmodSync(root, 0o755)
    expect((await doctor('state', env)).lines).toEqual([
      `ok: "${root}": 1 receipt, 0 packed charts`,
      `warning: others can look into "${root}"`,
      'warning: 1 receipt cannot be read',
    ])
    const file = await doctor('state', { XDG_STATE_HOME: join(root, 'dirs/a/receipt.json') })
    expect(file).toMatchObject({ code: 1, lines: [expect.stringMatching(/^error: .* cannot be written/)] })
    const none = await doctor('state', { XDG_STATE_HOME: '', HOME: '', USERPROFILE: '' })
    expect(none).toMatchObject({ code: 1, lines: [expect.stringMatching(/^error: there is no state folder/)] })
  })

  it('names the plugins that do not go through it', async () => {
    mkdirSync(sandbox.at('plugins/other'), { recursive: true })
    const plugin = 'name: other\nversion: 1.0.0\nusage: x\ndescription: x\ncommand: "true"\n'
    writeFileSync(sandbox.at('plugins/other/plugin.yaml'), plugin)
    const { code, lines } = await doctor('plugins', { HELM_PLUGINS: sandbox.at('plugins') })
    expect({ code, lines }).toEqual({
      code: 0,
      lines: [expect.stringMatching(/^warning: "other": a plugin gets the real helm as HELM_BIN, /)],
    })
  })

  it('says which settings are in effect, and which are not what they seem', async () => {
    const env = { HELM_VERIFY_SHIM_OFF: '1', HELM_VERIFY_SHIM_REQIURE: '1', HELM_VERIFY_SHIM_MODIFIED: 'yes' }
    const { code, lines } = await doctor('settings', env)
    expect({ code, lines }).toEqual({
      code: 0,
      lines: [
        'warning: HELM_VERIFY_SHIM_MODIFIED="yes" has no effect',
        'warning: HELM_VERIFY_SHIM_OFF="1": nothing is verified or checked by the shim',
        'warning: there is no setting "HELM_VERIFY_SHIM_REQIURE"',
      ],
    })
  })
})
