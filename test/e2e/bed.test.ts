import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { list } from 'tar'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { conditions, makeChart, packageChart, writeChart } from '../helpers/charts.ts'
import { misbehaviours, only, startClassicRepository, type ClassicRepository } from '../helpers/classic-repository.ts'
import { startCluster, type Cluster } from '../helpers/cluster.ts'
import { runHelmfile, writeHelmfile } from '../helpers/helmfile.ts'
import { startRegistry, type Registry } from '../helpers/registry.ts'
import { Sandbox } from '../helpers/sandbox.ts'
import { startServer } from '../helpers/server.ts'
import { makeSigners, type Signers } from '../helpers/signers.ts'
import { helmfiles, helms, tool } from '../helpers/tools.ts'

// The test bed itself, without the shim: what these tests say of helm and helmfile is what the others build on.
const sandbox = new Sandbox()
let signers: Signers
let registry: Registry
let repository: ClassicRepository
let cluster: Cluster

beforeAll(async () => {
  signers = await makeSigners(sandbox.root)
  registry = await startRegistry(sandbox)
  repository = await startClassicRepository(sandbox)
  cluster = await startCluster(sandbox)
  for (const condition of conditions) {
    const archive = await makeChart(sandbox.at('charts'), condition.replace(' ', '-'), condition, signers)
    await registry.push(archive)
    await repository.add(archive)
  }
})

afterAll(async () => {
  await sandbox.stop()
})

describe.each(helms)('%s alone', (helm) => {
  const refusals = {
    unsigned: 'failed to fetch provenance',
    'wrong-key': 'signature made by unknown entity',
    altered: 'sha256 sum does not match',
    expired: 'expired',
    revoked: 'revoked',
  }
  const pull = async (...args: string[]) => {
    const folder = sandbox.at('pulled', Math.random().toString(36).slice(2))
    return await sandbox.helm(helm, false, [
      'pull',
      ...args,
      '--untar',
      '--verify',
      '--keyring',
      signers.keyring,
      '-d',
      folder,
    ])
  }

  it('verifies what the trusted key has signed, from both kinds of repository', async () => {
    const oci = await pull(`oci://${registry.host}/charts/signed`, '--ca-file', registry.caFile)
    expect(oci).toMatchObject({ code: 0, stdout: expect.stringContaining('Signed by: Trusted') as string })
    expect(oci.stdout).toContain((await pull('signed', '--repo', repository.url)).stdout)
  })

  it.each(Object.entries(refusals))('refuses a chart that is %s', async (chart, words) => {
    const oci = await pull(`oci://${registry.host}/charts/${chart}`, '--ca-file', registry.caFile)
    expect(oci.code).toBe(1)
    expect(oci.stderr).toContain(words)
    const classic = await pull(chart, '--repo', repository.url)
    expect(classic.code).toBe(1)
    expect(classic.stderr).toContain(words)
  })

  it('installs a release into the API server', async () => {
    const env = { KUBECONFIG: cluster.kubeconfig }
    const args = ['install', 'demo', sandbox.at('charts/packed signed/signed-0.1.0.tgz'), '--namespace', helm]
    const installed = await sandbox.helm(helm, false, [...args, '--create-namespace'], { env })
    expect(installed).toMatchObject({ code: 0 })
    expect(await cluster.list('configmaps', helm)).toEqual(['demo-signed'])
    expect(await cluster.list('secrets', helm)).toEqual(['sh.helm.release.v1.demo.v1'])
    expect(await cluster.releases(helm)).toEqual(['demo 1 deployed'])
  })

  it('signs a chart itself, and verifies its own signature like ours', async () => {
    const chart = writeChart(sandbox.at('own', helm), 'own', {
      secret: true,
      extra: { '.helmignore': '*.log\n', 'a.log': '' },
    })
    const archive = await packageChart(sandbox, helm, chart, sandbox.at('own', helm, 'packed'), {
      signers,
      signer: 'trusted',
    })
    const files: string[] = []
    await list({ file: archive, onReadEntry: ({ path }) => files.push(path) })
    expect(files).toContain('own/templates/secret.yaml')
    expect(files).not.toContain('own/a.log')
    await repository.add(archive)
    expect(await pull('own', '--repo', repository.url)).toMatchObject({ code: 0 })
    const stranger = await packageChart(sandbox, helm, chart, sandbox.at('own', helm, 'packed'), {
      signers,
      signer: 'stranger',
    })
    await repository.add(stranger)
    expect((await pull('own', '--repo', repository.url)).stderr).toContain('unknown entity')
  })

  it(helm === 'helm4' ? 'reads an armored keyring' : 'refuses an armored keyring', async () => {
    const archive = sandbox.at('charts/packed signed/signed-0.1.0.tgz')
    const { code, stderr } = await sandbox.helm(helm, false, ['verify', archive, '--keyring', signers.armoredKeyring])
    if (helm === 'helm4') expect(code).toBe(0)
    else expect(stderr).toContain('tag byte does not have MSB set')
  })
})

describe('a registry', () => {
  it('answers only who has logged in', async () => {
    const stranger = new Sandbox()
    const args = ['pull', `oci://${registry.host}/charts/signed`, '--ca-file', registry.caFile]
    try {
      const { code, stderr } = await stranger.helm('helm4', false, args)
      expect(code).toBe(1)
      expect(stderr).toContain('basic credential not found')
      await registry.login(stranger)
      expect(await stranger.helm('helm4', false, args)).toMatchObject({ code: 0 })
    } finally {
      await stranger.stop()
    }
  })
})

describe('a classic repository', () => {
  const user = { name: 'someone', password: 'secret' }
  const pull = async (url: string, ...args: string[]) =>
    await sandbox.helm('helm3', false, ['pull', 'signed', '--repo', url, '-d', sandbox.at('tmp'), ...args])
  const signed = () => sandbox.at('charts/packed signed/signed-0.1.0.tgz')

  it('can have TLS, and ask for a password', async () => {
    const closed = await startClassicRepository(sandbox, 'closed', { tls: true, user })
    await closed.add(signed())
    const ca = ['--ca-file', closed.caFile ?? '']
    const refused = await pull(closed.url, ...ca)
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain('401')
    expect((await pull(closed.url, '--username', user.name, '--password', user.password)).stderr).toContain('x509')
    expect(await pull(closed.url, ...ca, '--username', user.name, '--password', user.password)).toMatchObject({
      code: 0,
    })
  })

  const troubles = { unauthorized: '401', notFound: '404', garbage: 'not a valid', cut: 'unexpected EOF' } as const
  it.each(Object.entries(troubles) as [keyof typeof troubles, string][])(
    'can be in trouble: %s',
    async (how, words) => {
      repository.misbehave(how === 'garbage' ? misbehaviours[how] : only(/\.tgz$/, misbehaviours[how]))
      const { code, stderr } = await pull(repository.url)
      repository.misbehave(undefined)
      expect(code).toBe(1)
      expect(stderr).toContain(words)
      expect(await pull(repository.url)).toMatchObject({ code: 0 })
    },
  )

  it('can be silent until the connection is closed', async () => {
    const silent = await startClassicRepository(sandbox, 'silent')
    await silent.add(signed())
    let asked = () => {}
    const request = new Promise<void>((resolve) => (asked = resolve))
    silent.misbehave(() => {
      asked()
      return misbehaviours.hang()
    })
    const pulled = pull(silent.url)
    await request
    await silent.stop()
    expect(await pulled).toMatchObject({ code: 1 })
  })
})

describe('a server', () => {
  it('ends when the tests are killed', async () => {
    const file = sandbox.at('a server')
    const server = `trap 'kill $!; >"$0.ended"; exit' TERM; sleep 600 & >"$0"; wait`
    const tests = `
      const { startServer } = await import(${JSON.stringify(join(import.meta.dirname, '../helpers/server.ts'))})
      const { existsSync } = await import('node:fs')
      await startServer('sh', ['-c', ${JSON.stringify(server)}, ${JSON.stringify(file)}], async () => existsSync(${JSON.stringify(file)}))
      process.kill(process.pid, 'SIGKILL')`
    const killed = await sandbox.run(process.execPath, ['--input-type=module', '-e', tests])
    expect(killed).toMatchObject({ code: -1, signal: 'SIGKILL' })
    await vi.waitUntil(() => existsSync(`${file}.ended`), { timeout: 20_000 })
  })

  it('that cannot start is an error with its words', async () => {
    const start = startServer(
      tool('registry'),
      ['serve', sandbox.at('nothing.yml')],
      async () => await Promise.resolve(false),
    )
    await expect(start).rejects.toThrow('nothing.yml')
  })
})

describe.each(helmfiles)('%s sync alone, verify: true, OCI', (helmfile) => {
  it(helmfile === 'helmfile-1.8.0' ? 'deploys' : 'stops at the known error', async () => {
    const repositories = [{ name: 'oci', url: `${registry.host}/charts`, oci: true, caFile: registry.caFile }]
    const release = { name: 'demo', chart: 'oci/signed', version: '0.1.0', verify: true, keyring: signers.keyring }
    const folder = writeHelmfile(sandbox, helmfile, repositories, [{ ...release, namespace: 'known' }])
    const env = { KUBECONFIG: cluster.kubeconfig }
    const { code, stderr } = await runHelmfile(sandbox, folder, { helmfile, helm: 'helm3', shim: false }, ['sync'], env)
    if (helmfile === 'helmfile-1.8.0') {
      expect(code).toBe(0)
      expect(await cluster.list('configmaps', 'known')).toEqual(['demo-signed'])
    } else {
      expect(code).not.toBe(0)
      expect(stderr).toContain('unpacked charts cannot be verified')
      expect(await cluster.list('configmaps', 'known')).toEqual([])
    }
  })

  it('finds the same helm by --helm-binary', async () => {
    const folder = writeHelmfile(
      sandbox,
      `${helmfile} by binary`,
      [],
      [{ name: 'demo', chart: sandbox.at('charts/source signed/signed') }],
    )
    const run = { helmfile, helm: 'helm3', shim: false } as const
    const words = ['--debug', 'template', '--skip-deps']
    const byPath = await runHelmfile(sandbox, folder, run, words)
    expect(byPath).toMatchObject({ code: 0, stdout: expect.stringContaining('name: demo-signed') as string })
    expect(byPath.stderr).toContain('exec: helm template')
    const byBinary = await runHelmfile(sandbox, folder, { ...run, byBinary: true }, words)
    expect(byBinary.stdout).toBe(byPath.stdout)
    expect(byBinary.stderr).toContain(`exec: ${tool('helm3')} template`)
  })
})
