import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { closeSync, copyFileSync, existsSync, mkdirSync, openSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeAll, type Made } from '../../scripts/executables/all.ts'
import { seaConfig, writeBlob } from '../../scripts/executables/blob.ts'
import { inspect } from '../../scripts/executables/inspect.ts'
import { generator, throughPkg, throughPostject } from '../../scripts/executables/make.ts'
import { targets, type Target } from '../../scripts/executables/targets.ts'
import type { ClassicRepository } from '../helpers/classic-repository.ts'
import { itDoesItsJob, type Place } from '../helpers/installed-shim.ts'
import { Sandbox, tree } from '../helpers/sandbox.ts'
import { startSignedRepository } from '../helpers/signed-repository.ts'

const root = join(import.meta.dirname, '../..')
const cache = join(root, '.tools/node')
const sandbox = new Sandbox()
let made: readonly Made[]
let repository: ClassicRepository
let place: Place

const has = (program: string) => spawnSync(program, ['--version']).error === undefined
const byName = (name: Target['name']) => made.find(({ target }) => target.name === name)?.file ?? ''
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }

beforeAll(async () => {
  mkdirSync(sandbox.at('scratch'))
  made = await makeAll(root, targets, sandbox.at('made'), sandbox.at('scratch'))
  const started = await startSignedRepository(sandbox)
  repository = started.repository
  mkdirSync(sandbox.at('work'))
  // No Node, and no other program either: the gate and the executable need none.
  const env = { ...sandbox.withHelm('helm3', false), PATH: `${sandbox.at('shim')}:${sandbox.at('bin/helm3')}` }
  place = {
    helm: async (...args) => await sandbox.run(sandbox.at('shim/helm'), args, { env }),
    realHelm: async (...args) => await sandbox.helm('helm3', false, args),
    url: repository.url,
    keyring: started.signers.keyring,
    work: sandbox.at('work'),
    workHere: sandbox.at('work'),
  }
}, 900_000)

afterAll(async () => {
  await repository.stop()
  sandbox.dispose()
})

describe('the single executables', () => {
  it.each(targets)('$name is a $format file for $architecture, signed where its system wants that', (target) => {
    const { format, architecture, signature } = inspect(readFileSync(byName(target.name)))
    expect({ format, architecture, signature }).toEqual({
      format: target.format,
      architecture: target.architecture,
      signature: format === 'Mach-O' ? 'ad hoc' : 'none',
    })
  })

  it.each(targets)('$name stands beside the gate, but on Windows, which has no sh for it', ({ name, format }) => {
    const gate = join(byName(name), '../helm')
    expect(existsSync(gate)).toBe(format !== 'PE')
    if (format !== 'PE') expect(readFileSync(gate)).toEqual(readFileSync(join(root, 'src/gate/helm.sh')))
  })

  it.each([
    ['linux-x64', '/lib64/ld-linux-x86-64.so.2'],
    ['linux-arm64', '/lib/ld-linux-aarch64.so.1'],
    ['linux-x64-musl', '/lib/ld-musl-x86_64.so.1'],
  ] as const)('%s asks for the loader %s', (name, interpreter) => {
    expect(inspect(readFileSync(byName(name))).interpreter).toBe(interpreter)
  })

  it(
    'linux-x64 has the same bytes, whether pkg made it or the way that makes the others',
    { timeout: 300_000 },
    async () => {
      const [target] = targets
      if (target?.name !== 'linux-x64') throw new Error('linux-x64 is not the first target')
      const { node } = await generator(target, cache)
      const scripts = { engine: '(function(){})', unpacker: '', 'chart-yaml': '' }
      const contents = { scripts, gate: join(root, 'src/gate/helm.sh'), caches: undefined }
      const config = seaConfig(contents, sandbox.at('scratch'))
      await throughPkg(config, node, sandbox.at('by-pkg'))
      await throughPostject(target, writeBlob(node, config, sandbox.at('scratch')), node, sandbox.at('by-postject'))
      const digest = (name: string) =>
        createHash('sha256')
          .update(readFileSync(sandbox.at(name)))
          .digest('hex')
      expect(digest('by-pkg')).toBe(digest('by-postject'))
    },
  )
})

describe('linux-x64', () => {
  it('installs itself and its gate, and uninstall leaves nothing', async () => {
    const before = tree(sandbox.at('data'))
    const env = sandbox.withHelm('helm3', false)
    expect(await sandbox.run(byName('linux-x64'), ['install'], { env })).toMatchObject({ code: 0, stderr: '' })
    const folder = sandbox.at('data/helm-verify-shim/bin')
    expect(readdirSync(folder).sort()).toEqual(['.helm-verify-shim.json', 'helm', 'helm-verify-shim'])
    expect(readFileSync(join(folder, 'helm'))).toEqual(readFileSync(join(root, 'src/gate/helm.sh')))
    expect(await sandbox.run(join(folder, 'helm-verify-shim'), ['uninstall'], { env })).toMatchObject({ code: 0 })
    expect(tree(sandbox.at('data'))).toEqual(before)
  })

  it('installs where a script wants it', async () => {
    const args = ['install', '--print-path', '--dir', sandbox.at('shim')]
    expect(await sandbox.run(byName('linux-x64'), args)).toMatchObject({ code: 0, stdout: `${sandbox.at('shim')}\n` })
  })

  itDoesItsJob(() => place)
})

describe('linux-arm64', () => {
  it.runIf(has('qemu-aarch64'))('runs, in an emulator', () => {
    const args = ['-L', '/usr/aarch64-linux-gnu', byName('linux-arm64'), '--version']
    expect(execFileSync('qemu-aarch64', args, { encoding: 'utf8' })).toBe(`${version}\n`)
  })
})

describe('win-x64', () => {
  const wine = '/usr/lib/wine/wine64'
  const args = ['version', 'a b', 'q"uo\\"te', '\\\\', '', "it's %PATH% ^&|<>"]

  /** Runs a program in a Windows of the test's own. Output goes to files: Wine knows no socket as a standard stream. */
  const windows = (...words: string[]) => {
    const WINEPATH = 'C:\\shim;C:\\real'
    const prefix = { WINEPREFIX: sandbox.at('wine'), WINEDEBUG: '-all', WINEPATH }
    const files = ['stdout', 'stderr'].map((name) => sandbox.at(name))
    const streams = files.map((file) => openSync(file, 'w'))
    const { status } = spawnSync(wine, words, {
      env: { HOME: sandbox.at('home'), PATH: '/usr/bin:/bin', ...prefix },
      stdio: ['ignore', ...streams],
    })
    for (const stream of streams) closeSync(stream)
    const [stdout = '', stderr = ''] = files.map((file) => readFileSync(file, 'utf8'))
    return { code: status, stdout, stderr }
  }

  it.runIf(existsSync(wine))(
    'installs itself as helm.exe, passes commands on, and uninstalls',
    async () => {
      windows('winecfg', '/v', 'win10')
      // A helm that says what it got, and ends as it is told to.
      const target = targets.find(({ name }) => name === 'win-x64')
      if (!target) throw new Error('no target for Windows')
      const program = `(function () {
      const args = process.argv.slice(2)
      console.log(JSON.stringify(args))
      console.error('on stderr')
      if (args[0] === 'exit') process.exitCode = Number(args[1])
    })`
      const config = seaConfig(
        {
          scripts: { engine: program, unpacker: '', 'chart-yaml': '' },
          gate: join(root, 'src/gate/helm.sh'),
          caches: undefined,
        },
        sandbox.at('scratch'),
      )
      const blob = writeBlob((await generator(target, cache)).node, config, sandbox.at('scratch'))
      const drive = sandbox.at('wine/drive_c')
      mkdirSync(join(drive, 'real'))
      const base = join(cache, `${target.node.name}-${target.node.version}/bin/node.exe`)
      await throughPostject(target, blob, base, join(drive, 'real/helm.exe'))
      copyFileSync(byName('win-x64'), join(drive, 'downloaded.exe'))

      expect(windows('C:\\downloaded.exe', 'install', '--dir', 'C:\\shim')).toMatchObject({ code: 0, stderr: '' })
      expect(readdirSync(join(drive, 'shim')).sort()).toEqual([
        '.helm-verify-shim.json',
        'helm-verify-shim.exe',
        'helm.exe',
      ])
      const passed = windows('C:\\shim\\helm.exe', ...args)
      expect(passed).toEqual(windows('C:\\real\\helm.exe', ...args))
      expect(JSON.parse(passed.stdout)).toEqual(args)
      expect(windows('C:\\shim\\helm.exe', 'exit', '7').code).toBe(7)
      expect(windows('C:\\shim\\helm-verify-shim.exe', 'uninstall')).toMatchObject({ code: 0, stderr: '' })
      expect(existsSync(join(drive, 'shim'))).toBe(false)
    },
    300_000,
  )
})
