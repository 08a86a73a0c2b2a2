import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { conditions, copyAs, makeChart, signChart, writeChart } from '../helpers/charts.ts'
import { startClassicRepository, type ClassicRepository } from '../helpers/classic-repository.ts'
import { writeHelmfile, type Release } from '../helpers/helmfile.ts'
import { startRegistry, type Registry } from '../helpers/registry.ts'
import { Sandbox, tree, type RunOptions } from '../helpers/sandbox.ts'
import { makeSigners, type Signers } from '../helpers/signers.ts'
import { helmfiles, helms, shimFolder, tool, type Helm } from '../helpers/tools.ts'

const sandbox = new Sandbox()
const plainTmp = mkdtempSync(join(tmpdir(), 'hvs-check-'))
let signers: Signers
let registry: Registry
let repository: ClassicRepository

beforeAll(async () => {
  signers = await makeSigners(sandbox.root)
  registry = await startRegistry(sandbox)
  repository = await startClassicRepository(sandbox)
  for (const condition of conditions) {
    const archive = await makeChart(sandbox.at('charts'), condition.replace(' ', '-'), condition, signers)
    await registry.push(archive)
    await repository.add(archive)
  }
  // As cert-manager has it: the tag is 0.2.0, and what is signed is v0.2.0.
  const spelled = await makeChart(sandbox.at('charts'), 'spelled', 'unsigned', signers, { version: '0.2.0' })
  await signChart(spelled, signers, 'trusted', 'spelled-v0.2.0.tgz')
  await repository.add(spelled)
  // A chart that is served under another name: helm's own index has it by the name in its Chart.yaml.
  await repository.add(copyAs(sandbox.at('charts/packed signed/signed-0.1.0.tgz'), 'alias-0.1.0.tgz'))
  const index = parse(readFileSync(sandbox.at('classic/index.yaml'), 'utf8')) as { entries: Record<string, unknown> }
  const served = { name: 'alias', version: '0.1.0', apiVersion: 'v2', urls: [`${repository.url}/alias-0.1.0.tgz`] }
  index.entries['alias'] = [served]
  const signed = { ...served, name: 'signed', urls: [`${repository.url}/signed-0.1.0.tgz`] }
  index.entries['signed'] = [signed]
  writeFileSync(sandbox.at('classic/index.yaml'), stringify(index))
})

afterAll(async () => {
  await Promise.all([registry.stop(), repository.stop()])
  const left = { ...tree(sandbox.at('tmp')), ...tree(plainTmp) }
  sandbox.dispose()
  rmSync(plainTmp, { recursive: true })
  expect(left, 'temporary files that were left behind').toEqual({})
})

const check = async (helm: Helm, args: readonly string[], options: RunOptions = {}) =>
  await sandbox.run(join(shimFolder, 'helm-verify-shim'), ['check', ...args], {
    ...options,
    env: { ...sandbox.withHelm(helm, true), ...options.env },
  })

const oci = (chart: string) => [`oci://${registry.host}/charts/${chart}`, '--ca-file', registry.caFile]
const ring = () => ['--keyring', signers.keyring]

describe.each(helms)('check with %s', (helm) => {
  it('says who signed a chart that verifies, and with which key', async () => {
    const { code, stdout, stderr } = await check(helm, [...oci('signed'), ...ring(), '--version', '0.1.0'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(
      new RegExp(
        [
          `oci://${registry.host}/charts/signed`,
          '  version     0.1.0',
          '  archive     signed-0.1.0.tgz',
          '  hash        sha256:[0-9a-f]{64}',
          '  provenance  there is one',
          '  signed by   Trusted <trusted@example.com>',
          '  key         [0-9A-F]{40}',
          '  keyring     .*pubring.gpg',
          '  verified    yes',
          '$',
        ].join('\n'),
      ),
    )
  })

  const both = ['OCI', 'classic'] as const
  it.each(both.flatMap((kind) => conditions.map((condition) => [condition, kind] as const)))(
    'says of a chart that is %s, from a repository that is %s, what it is',
    async (condition, kind) => {
      const chart = condition.replace(' ', '-')
      const where = kind === 'OCI' ? oci(chart) : [chart, '--repo', repository.url]
      const { code, stdout, stderr } = await check(helm, [...where, ...ring(), '--json'])
      const found = JSON.parse(stdout) as Record<string, unknown>
      const trusted = ['Trusted <trusted@example.com>']
      const key = expect.stringMatching(/^[0-9A-F]{40}$/) as unknown
      const expected = {
        signed: { status: 'verified', reason: null, provenance: true, signers: trusted, key },
        unsigned: { reason: 'no-provenance', provenance: false, signers: [], key: null },
        'wrong key': { reason: 'unknown-key', provenance: true, signers: [], key },
        altered: { reason: 'altered', provenance: true, signers: trusted, key },
        expired: { reason: 'key-expired', provenance: true, signers: ['Expired <expired@example.com>'], key },
        revoked: { reason: 'key-revoked', provenance: true, signers: ['Revoked <revoked@example.com>'], key },
      }[condition]
      expect({ code, stderr }).toEqual({ code: condition === 'signed' ? 0 : 1, stderr: '' })
      expect(found).toMatchObject({ format: 1, status: 'not-verified', archive: `${chart}-0.1.0.tgz`, ...expected })
    },
  )

  it('names the key that is not in the keyring, the keyring, and what to do', async () => {
    const { code, stdout } = await check(helm, [...oci('wrong-key'), ...ring()])
    expect(code).toBe(1)
    expect(stdout).toMatch(/verified {4}no: it is signed by key [0-9A-F]{40}, which is not in that keyring\n/)
    expect(stdout).toMatch(/helm says {3}openpgp: signature made by unknown entity\n/)
    expect(stdout).toMatch(/next {8}get the key from the chart's publisher, /)
    expect(stdout).toContain(`keyring     ${signers.keyring}\n`)
  })

  it('says that gpg is needed to name the key, where there is none', async () => {
    const env = { PATH: [shimFolder, sandbox.at('bin', helm), join(process.execPath, '..')].join(':') }
    const { code, stdout } = await check(helm, [...oci('wrong-key'), ...ring()], { env })
    expect(code).toBe(1)
    expect(stdout).toContain('the key that signed it is not in that keyring (gpg is needed to say which key it is)')
  })

  it('tells a provenance file that could not be fetched from one that is not there', async () => {
    repository.misbehave((request, response) => {
      if (!request.url?.endsWith('.prov')) return false
      response.writeHead(503).end()
      return true
    })
    const { code, stdout } = await check(helm, ['signed', '--repo', repository.url, ...ring(), '--json'])
    repository.misbehave(undefined)
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({
      reason: 'provenance-not-fetched',
      provenance: null,
      why: expect.stringContaining('503') as unknown,
    })
  })

  it('verifies a chart under the name that was signed, where only the spelling differs, and says so', async () => {
    const { code, stdout } = await check(helm, ['spelled', '--repo', repository.url, ...ring(), '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ status: 'verified', signedAs: 'spelled-v0.2.0.tgz' })
  })

  it('refuses a chart of another name, and gives the setting that would let it pass', async () => {
    const args = ['alias', '--repo', repository.url, ...ring(), '--json']
    const { code, stdout } = await check(helm, args)
    const found = JSON.parse(stdout) as { next: string }
    expect(code).toBe(1)
    expect(found).toMatchObject({ reason: 'other-name', signers: ['Trusted <trusted@example.com>'] })
    const [, setting] = /set HELM_VERIFY_SHIM_ALIAS=(\S+)$/.exec(found.next) ?? []
    expect((await check(helm, args, { env: { HELM_VERIFY_SHIM_ALIAS: setting } })).code).toBe(0)
  })

  it('says of a keyring that it is missing, or none', async () => {
    const missing = await check(helm, [...oci('signed'), '--keyring', '/nowhere/k.gpg', '--json'])
    expect(missing.code).toBe(1)
    expect(JSON.parse(missing.stdout)).toMatchObject({ reason: 'keyring-missing', keyring: '/nowhere/k.gpg' })
    writeFileSync(sandbox.at('letter.txt'), 'Dear all,\n')
    const text = await check(helm, [...oci('signed'), '--keyring', sandbox.at('letter.txt'), '--json'])
    expect(text.code).toBe(1)
    expect(JSON.parse(text.stdout)).toMatchObject({ reason: 'keyring-format', status: 'not-verified' })
    const none = await check(helm, [...oci('signed'), '--json'])
    expect(none.code).toBe(1)
    expect(JSON.parse(none.stdout)).toMatchObject({
      reason: 'keyring-missing',
      keyring: sandbox.at('gnupg/pubring.gpg'),
    })
  })

  it("ends with helm's own error and code where helm cannot pull the chart", async () => {
    const alone = await sandbox.helm(helm, false, ['pull', ...oci('nothing'), '--verify', ...ring()])
    const { code, stdout, stderr } = await check(helm, [...oci('nothing'), ...ring()])
    expect({ code, stdout }).toEqual({ code: alone.code, stdout: '' })
    expect(stderr).toBe(alone.stderr)
    const json = await check(helm, [...oci('nothing'), ...ring(), '--json'])
    expect(JSON.parse(json.stdout)).toMatchObject({ status: 'not-pulled', reason: null, provenance: null })
  })
})

describe('check with the oldest helm', () => {
  it.each([
    ['signed', 0, null],
    ['unsigned', 1, 'no-provenance'],
    ['wrong-key', 1, 'unknown-key'],
    ['altered', 1, 'altered'],
  ])('says of a chart that is %s what it is', async (chart, code, reason) => {
    const found = await check('helm3.7', [chart, '--repo', repository.url, ...ring(), '--json'])
    expect(found.code).toBe(code)
    expect(JSON.parse(found.stdout)).toMatchObject({ reason })
  })
})

describe('check', () => {
  it.each([
    [[]],
    [['a', 'b']],
    [['a', '--helmfile', 'b']],
    [['a', '-e', 'b']],
    [['--helmfile', 'b', '--version', '1']],
    [['--helmfile']],
    [['a', '--nonsense']],
  ])('%j is misuse', async (args) => {
    const { code, stdout, stderr } = await check('helm3', args)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/^helm-verify-shim: .*\nhelm-verify-shim: next: /)
  })

  it('says that there is no helm', async () => {
    const { code, stderr } = await check('helm3', ['a'], { env: { HELM_VERIFY_SHIM_HELM: '/nowhere/helm' } })
    expect(code).toBe(127)
    expect(stderr).toContain('there is no helm to check with: HELM_VERIFY_SHIM_HELM names no program')
  })
})

describe.each(helmfiles)('check --helmfile with %s', (helmfile) => {
  const patch = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' }, data: { a: 'b' } }
  const write = (name: string, releases: readonly (Release & { readonly installed?: boolean })[]) => {
    const repositories = [
      { name: 'oci', url: `${registry.host}/charts`, oci: true, caFile: '../registry/ca.pem' },
      { name: 'cls', url: repository.url },
    ]
    writeChart(sandbox.at(`${helmfile} ${name}`), 'local')
    return join(writeHelmfile(sandbox, `${helmfile} ${name}`, repositories, releases), 'helmfile.yaml')
  }
  const checkAll = async (file: string, ...args: string[]) => {
    const bin = sandbox.at('bin', `with ${helmfile}`)
    mkdirSync(bin, { recursive: true })
    if (!existsSync(join(bin, 'helmfile'))) symlinkSync(tool(helmfile), join(bin, 'helmfile'))
    const env = sandbox.withHelm('helm3', true)
    return await check('helm3', ['--helmfile', file, ...args], {
      env: {
        PATH: `${bin}:${env['PATH'] ?? ''}`,
        HELMFILE_CACHE_HOME: sandbox.at('helmfile cache'),
        // helmfile 0.167.1 cannot patch a chart in a folder with a space in its name.
        TMPDIR: plainTmp,
      },
    })
  }
  const keyring = '../pubring.gpg'

  it('goes through the releases, each with its keyring and from its repository, and ends with a table', async () => {
    const file = write('all', [
      { name: 'a-oci', chart: 'oci/signed', version: '0.1.0', keyring },
      { name: 'b-url', chart: `oci://${registry.host}/charts/signed`, version: '0.1.0', keyring },
      { name: 'c-classic', chart: 'cls/signed', keyring },
      { name: 'd-unsigned', chart: 'oci/unsigned', version: '0.1.0', keyring },
      { name: 'e-stranger', chart: 'oci/wrong-key', version: '0.1.0', keyring: '../stranger.gpg' },
      { name: 'f-none', chart: 'oci/signed', version: '0.1.0' },
      { name: 'g-local', chart: './local' },
      { name: 'h-absent', chart: 'cls/nothing', version: '0.1.0', keyring },
      { name: 'i-off', chart: 'cls/signed', installed: false },
      { name: 'j-patched', chart: 'cls/altered', version: '0.1.0', keyring, strategicMergePatches: [patch] },
      { name: 'k-patched', chart: 'oci/expired', version: '0.1.0', keyring, forceNamespace: 'x' },
    ])
    const { code, stdout, stderr } = await checkAll(file)
    expect(stderr).toContain('11/11 k-patched: oci/expired 0.1.0')
    expect(code).toBe(1)
    expect(
      stdout
        .split('\n\n')[0]
        ?.split('\n')
        .map((text) => text.split(/ {2,}/)),
    ).toEqual([
      ['RELEASE', 'CHART', 'VERSION', 'RESULT', 'SIGNED BY'],
      ['a-oci', 'oci/signed', '0.1.0', 'verified', 'Trusted <trusted@example.com>'],
      ['b-url', `oci://${registry.host}/charts/signed`, '0.1.0', 'NOT PULLED', '-'],
      ['c-classic', 'cls/signed', '-', 'verified', 'Trusted <trusted@example.com>'],
      ['d-unsigned', 'oci/unsigned', '0.1.0', 'NOT VERIFIED', '-'],
      ['e-stranger', 'oci/wrong-key', '0.1.0', 'verified', 'Stranger <stranger@example.com>'],
      ['f-none', 'oci/signed', '0.1.0', 'NOT VERIFIED', '-'],
      ['g-local', './local', '-', 'local', '-'],
      ['h-absent', 'cls/nothing', '0.1.0', 'NOT PULLED', '-'],
      ['i-off', 'cls/signed', '-', 'skipped', '-'],
      ['j-patched', 'cls/altered', '0.1.0', 'NOT VERIFIED', 'Trusted <trusted@example.com>'],
      ['k-patched', 'oci/expired', '0.1.0', 'NOT VERIFIED', 'Expired <expired@example.com>'],
    ])
    expect(stdout).toMatch(/^d-unsigned: there is no provenance file for it: .*\. next: ask its publisher/m)
    expect(stdout).toMatch(/^b-url: .*certificate/m)
    expect(stdout).toMatch(/^f-none: there is no such file\. next: name your keyring/m)
    expect(stdout).toMatch(/^g-local: a local chart: not checked$/m)
    expect(stdout).toMatch(/^i-off: installed: false$/m)
    expect(stderr.split('\n').map((text) => text.slice(0, 32))).toContain(
      'helm-verify-shim: 4/11 d-unsigned'.slice(0, 32),
    )
  })

  it('leaves the cache of helmfile as it was', async () => {
    await checkAll(write('cache', [{ name: 'a', chart: 'oci/signed', version: '0.1.0', keyring }]))
    expect(existsSync(sandbox.at('helmfile cache'))).toBe(false)
    expect(existsSync(sandbox.at('cache/helmfile'))).toBe(false)
  })

  it('succeeds where all verify, and takes --keyring for releases that name none', async () => {
    const file = write('good', [
      { name: 'a', chart: 'oci/signed', version: '0.1.0' },
      { name: 'b', chart: './local' },
    ])
    const { code, stdout } = await checkAll(file, '--keyring', signers.keyring, '--json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      format: 1,
      helmfile: file,
      releases: [
        { name: 'a', status: 'verified', check: { status: 'verified', keyring: signers.keyring } },
        { name: 'b', status: 'local', check: null },
      ],
    })
  })

  it('looks at the environment that was asked for', async () => {
    const file = write('environments', [])
    const text = `environments:\n  default: {}\n  production: {values: [{extra: true}]}\n---\n`
    const release = `releases:\n- {name: a, chart: ./local}\n{{ if .Values | get "extra" false }}- {name: b, chart: ./local}{{ end }}\n`
    writeFileSync(`${file}.gotmpl`, text + release)
    const names = async (...args: string[]) => {
      const { stdout, stderr } = await checkAll(`${file}.gotmpl`, ...args, '--json')
      expect(stderr).toMatch(/a: .\/local\n/)
      return (JSON.parse(stdout) as { releases: { name: string }[] }).releases.map(({ name }) => name)
    }
    expect(await names()).toEqual(['a'])
    expect(await names('-e', 'production')).toEqual(['a', 'b'])
  })

  it("shows helmfile's own words where it fails", async () => {
    const file = write('broken', [])
    writeFileSync(file, 'releases: {{{\n')
    const { code, stdout, stderr } = await checkAll(file)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(
      /^helm-verify-shim: helmfile list failed for ".*helmfile.yaml":\n(helm-verify-shim: {3}.*\n)+/,
    )
  })
})
