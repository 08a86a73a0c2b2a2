import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { runCommand } from '../../src/commands/command.ts'
import { say, write } from '../../src/messages/say.ts'

vi.mock('../../src/messages/say.ts', () => ({ write: vi.fn(), say: vi.fn() }))

let root: string
let env: NodeJS.ProcessEnv
const script = process.argv[1] ?? ''
beforeEach(() => {
  vi.stubGlobal('VERSION', '1.2.3')
  root = realpathSync(mkdtempSync(join(tmpdir(), 'install-command-')))
  for (const folder of ['package', 'home', 'real']) mkdirSync(join(root, folder))
  writeFileSync(join(root, 'package/helm'), '#!/bin/sh\n# The gate of helm-verify-shim.\n')
  writeFileSync(join(root, 'package/helm-verify-shim'), 'engine')
  writeFileSync(join(root, 'real/helm'), 'real')
  chmodSync(join(root, 'real/helm'), 0o755)
  process.argv[1] = join(root, 'package/helm-verify-shim')
  env = { HOME: join(root, 'home'), PATH: join(root, 'real') }
})
afterEach(() => {
  process.argv[1] = script
  rmSync(root, { recursive: true })
  vi.clearAllMocks()
  vi.unstubAllGlobals()
})

const standard = () => join(root, 'home/.local/share/helm-verify-shim/bin')
/** Runs a command and returns what it printed on stdout. */
async function output(...argv: string[]): Promise<string> {
  vi.mocked(write).mockClear()
  await runCommand(argv, env)
  return vi
    .mocked(write)
    .mock.calls.map(([, text]) => String(text))
    .join('')
}

describe('helm-verify-shim install', () => {
  it('says what it put where, how to put it first on PATH, and how to undo it', async () => {
    expect(await output('install')).toBe(`Installed helm-verify-shim 1.2.3 in ${standard()} (helm-verify-shim, helm).

Put that folder first on PATH:
  sh, bash, zsh    export PATH=${standard()}:"$PATH"
  fish             fish_add_path --prepend --move ${standard()}
  GitHub Actions   echo ${standard()} >> "$GITHUB_PATH"
or name the gate in helmfile.yaml:
  helmBinary: ${standard()}/helm

This is undone by: helm-verify-shim uninstall
`)
    expect(say).not.toHaveBeenCalled()
  })

  it('says that there is nothing to do the second time', async () => {
    await output('install')
    expect(await output('install')).toMatch(/^Nothing to do: there is already helm-verify-shim 1\.2\.3 in /)
  })

  it('says that it is first on PATH where it is', async () => {
    env = { ...env, PATH: `${standard()}:${env['PATH'] ?? ''}` }
    const text = await output('install')
    expect(text).toContain('It is found first on PATH.')
    expect(text).not.toContain('export PATH')
  })

  it('still gives the advice where another helm comes first', async () => {
    env = { ...env, PATH: `${env['PATH'] ?? ''}:${standard()}` }
    expect(await output('install')).toContain('export PATH=')
  })

  it('warns where there is no real helm on PATH', async () => {
    env = { ...env, PATH: '/nowhere' }
    await output('install')
    expect(say).toHaveBeenCalledWith(expect.stringContaining('no real helm'), expect.stringContaining('next:'))
  })

  it('installs, and prints the folder and nothing else with --print-path', async () => {
    expect(await output('install', '--print-path', '--dir', join(root, 'x y'))).toBe(`${root}/x y\n`)
    expect(readdirSync(join(root, 'x y')).sort()).toEqual(['.helm-verify-shim.json', 'helm', 'helm-verify-shim'])
  })

  it('refuses a folder with a real helm, which stays as it is', async () => {
    await expect(runCommand(['install', '--dir', join(root, 'real')], env)).rejects.toMatchObject({ exitCode: 1 })
    expect(readdirSync(join(root, 'real'))).toEqual(['helm'])
  })

  it('refuses a folder that PATH cannot hold, and an environment without a home', async () => {
    await expect(runCommand(['install', '--dir', '/a:b'], env)).rejects.toThrow(/has a colon/)
    await expect(runCommand(['install'], {})).rejects.toThrow(/no home folder/)
  })
})

describe('helm-verify-shim uninstall', () => {
  it('undoes install, and says so', async () => {
    await output('install')
    const text = await output('uninstall')
    expect(text).toContain(`Removed from ${standard()}: helm, helm-verify-shim.\n`)
    expect(text).toContain('Take that folder out of PATH')
    expect(readdirSync(join(root, 'home'))).toEqual([])
  })

  it('says that there is nothing to do where nothing is installed', async () => {
    expect(await output('uninstall')).toBe(`Nothing to do: nothing is installed in ${standard()}.\n`)
    expect(await output('uninstall', '--dir', join(root, 'real'))).toContain('Nothing to do')
    expect(existsSync(join(root, 'real/helm'))).toBe(true)
  })

  it('takes the folder that the running program was installed in', async () => {
    await output('install', '--dir', join(root, 'there'))
    process.argv[1] = join(root, 'there/helm-verify-shim')
    expect(await output('uninstall', '--print-path')).toBe(`${root}/there\n`)
    expect(existsSync(join(root, 'there'))).toBe(false)
  })

  it('names what it leaves because it was changed, and fails', async () => {
    await output('install')
    writeFileSync(join(standard(), 'helm'), 'edited')
    expect(await runCommand(['uninstall'], env)).toBe(1)
    expect(say).toHaveBeenCalledWith(expect.stringMatching(/^"helm" was left in .*: it was changed since$/))
  })
})
