import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { list } from 'tar'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundledPackages } from '../../scripts/package/bundled.ts'
import { makePackage } from '../../scripts/package/make.ts'
import type { ClassicRepository } from '../helpers/classic-repository.ts'
import { itDoesItsJob, type Place } from '../helpers/installed-shim.ts'
import { Sandbox, tree } from '../helpers/sandbox.ts'
import { startSignedRepository } from '../helpers/signed-repository.ts'

const root = join(import.meta.dirname, '../..')
const sandbox = new Sandbox()
const prefix = sandbox.at('prefix')
let packed: string
let repository: ClassicRepository
let place: Place

/** npm with nothing of the user's, and no network. */
const npm = async (...args: string[]) =>
  await sandbox.run('npm', [
    ...args,
    '--offline',
    '--no-audit',
    '--no-fund',
    '--no-update-notifier',
    '--loglevel=error',
  ])

beforeAll(async () => {
  await makePackage(root, sandbox.at('package'))
  mkdirSync(sandbox.at('packed'))
  await npm('pack', sandbox.at('package'), '--pack-destination', sandbox.at('packed'))
  packed = join(sandbox.at('packed'), readdirSync(sandbox.at('packed'))[0] ?? '')
  expect(await npm('install', '--global', '--prefix', prefix, packed)).toMatchObject({ code: 0, stderr: '' })
  const started = await startSignedRepository(sandbox)
  repository = started.repository
  const shim = sandbox.at('shim')
  const env = { ...sandbox.withHelm('helm3', false) }
  env['PATH'] = `${shim}:${env['PATH'] ?? ''}`
  mkdirSync(sandbox.at('work'))
  place = {
    helm: async (...args) => await sandbox.run('helm', args, { env }),
    realHelm: async (...args) => await sandbox.helm('helm3', false, args),
    url: repository.url,
    keyring: started.signers.keyring,
    work: sandbox.at('work'),
    workHere: sandbox.at('work'),
  }
})

afterAll(async () => {
  await repository.stop()
  sandbox.dispose()
})

describe('the npm package', () => {
  it('is under 1 MiB packed', () => {
    expect(statSync(packed).size).toBeLessThan(2 ** 20)
  })

  it('holds the programs and the documents, and nothing else', async () => {
    const names: string[] = []
    await list({ file: packed, onReadEntry: (entry) => names.push(entry.path.replace('package/', '')) })
    expect(names.filter((name) => !/^bin\/helm-verify-shim\.[0-9a-f]{12}\.cache$/.test(name)).sort()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'SECURITY.md',
      'THIRD-PARTY-LICENSES',
      'bin/helm',
      'bin/helm-verify-shim',
      'package.json',
    ])
  })

  it('has no dependencies and no scripts', () => {
    const manifest = JSON.parse(readFileSync(sandbox.at('package/package.json'), 'utf8')) as Record<string, unknown>
    const bad = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies', 'scripts']
    expect(Object.keys(manifest).filter((field) => bad.includes(field))).toEqual([])
    expect(manifest).toMatchObject({ name: 'helm-verify-shim', license: 'Apache-2.0', type: 'commonjs' })
    expect(readdirSync(join(prefix, 'lib/node_modules'))).toEqual(['helm-verify-shim'])
  })

  it('has the licence of each package that is bundled', async () => {
    const text = readFileSync(sandbox.at('package/THIRD-PARTY-LICENSES'), 'utf8')
    const bundled = await bundledPackages(root)
    expect(bundled.length).toBeGreaterThan(0)
    for (const { name, version, license } of bundled) expect(text).toContain(`\n${name} ${version} (${license})\n`)
  })

  it('puts helm-verify-shim on PATH, and no helm', async () => {
    expect(readdirSync(join(prefix, 'bin'))).toEqual(['helm-verify-shim'])
    expect((await sandbox.run(join(prefix, 'bin/helm-verify-shim'), ['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})

describe('helm-verify-shim install, from the npm package', () => {
  it('installs into a folder of its own, and uninstall leaves the home as it was', async () => {
    const before = tree(sandbox.at('data'))
    const command = join(prefix, 'bin/helm-verify-shim')
    const env = sandbox.withHelm('helm3', false)
    const installed = await sandbox.run(command, ['install'], { env })
    expect(installed).toMatchObject({ code: 0, stderr: '' })
    expect(installed.stdout).toContain(sandbox.at('data/helm-verify-shim/bin'))
    expect(existsSync(sandbox.at('data/helm-verify-shim/bin/helm'))).toBe(true)
    expect(await sandbox.run(command, ['uninstall'], { env })).toMatchObject({ code: 0, stderr: '' })
    expect(tree(sandbox.at('data'))).toEqual(before)
  })

  it('works through npx, whose folder may then go away', async () => {
    const env = { ...sandbox.withHelm('helm3', false), npm_config_cache: sandbox.at('npx cache') }
    const args = ['--yes', '--offline', '--loglevel=error', `--package=${packed}`]
    const words = ['helm-verify-shim', 'install', '--print-path', '--dir', sandbox.at('shim')]
    const { code, stdout, stderr } = await sandbox.run('npx', [...args, ...words], { env })
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: `${sandbox.at('shim')}\n`, stderr: '' })
    rmSync(sandbox.at('npx cache'), { recursive: true })
  })

  itDoesItsJob(() => place)
})
