import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { conditions, makeChart } from '../helpers/charts.ts'
import { startClassicRepository, type ClassicRepository } from '../helpers/classic-repository.ts'
import { startCluster, type Cluster } from '../helpers/cluster.ts'
import { runHelmfile, writeHelmfile } from '../helpers/helmfile.ts'
import { startRegistry, type Registry } from '../helpers/registry.ts'
import { Sandbox } from '../helpers/sandbox.ts'
import { makeSigners, type Signers } from '../helpers/signers.ts'
import { helmfiles, helms } from '../helpers/tools.ts'

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
  await Promise.all([registry.stop(), repository.stop(), cluster.stop()])
  sandbox.dispose()
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
})
