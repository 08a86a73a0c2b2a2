import { createHash } from 'node:crypto'
import {
  copyFileSync,
  createReadStream,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type Server } from 'node:http'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse, parseAllDocuments, stringify } from 'yaml'
import { targets } from '../../scripts/executables/targets.ts'
import { makeRelease } from '../../scripts/release/make.ts'
import { makeChart } from '../helpers/charts.ts'
import { lintDockerfile, readDockerfile } from '../helpers/dockerfile.ts'
import { muslLoader } from '../helpers/musl.ts'
import { startRegistry, type Registry } from '../helpers/registry.ts'
import { canEnterRootFolders, RootFolder } from '../helpers/root-folder.ts'
import { Sandbox, type Outcome } from '../helpers/sandbox.ts'
import { makeSigners, type Signers } from '../helpers/signers.ts'
import { helmfiles, shimFolder, tool } from '../helpers/tools.ts'

const root = join(import.meta.dirname, '../..')
const examples = join(root, 'examples')
const read = (name: string) => readFileSync(join(examples, name), 'utf8')
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
const musl = canEnterRootFolders ? muslLoader() : undefined

const sandbox = new Sandbox()
const release = sandbox.at('release')
let signers: Signers
let registry: Registry
let downloads: Server
let downloadsUrl: string

beforeAll(async () => {
  const wanted = targets.filter(({ name }) => name === 'linux-x64' || (name === 'linux-x64-musl' && musl !== undefined))
  await makeRelease(root, wanted, release)
  signers = await makeSigners(sandbox.root)
  registry = await startRegistry(sandbox)
  await registry.push(await makeChart(sandbox.at('charts'), 'demo', 'signed', signers))
  await registry.push(await makeChart(sandbox.at('charts'), 'unsigned', 'unsigned', signers))
  downloads = createServer((request, response) => {
    const [, folder, name = ''] = (request.url ?? '').split('/')
    const file = join(release, basename(name))
    if (folder === `v${version}` && existsSync(file)) createReadStream(file).pipe(response)
    else response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => downloads.listen(0, '127.0.0.1', resolve))
  const address = downloads.address()
  downloadsUrl = `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`
}, 900_000)

afterAll(async () => {
  await registry.stop()
  downloads.closeAllConnections()
  await new Promise((resolve) => downloads.close(resolve))
  sandbox.dispose()
})

interface Helmfile {
  helmBinary?: string
  helmDefaults: { keyring: string }
  repositories: { url: string; caFile?: string }[]
  releases: { chart: string }[]
}

/** The example's helmfile.yaml with what differs here: the registry, its authority, the paths of gate and keyring. */
function helmfileYaml(change: { helmBinary?: string; keyring: string; caFile: string; chart?: string }): string {
  const helmfile = parse(read('helmfile/helmfile.yaml')) as Helmfile
  if (change.helmBinary === undefined) delete helmfile.helmBinary
  else helmfile.helmBinary = change.helmBinary
  helmfile.helmDefaults.keyring = change.keyring
  for (const repository of helmfile.repositories) {
    expect(repository.url).toBe('registry.example.com/charts')
    Object.assign(repository, { url: `${registry.host}/charts`, caFile: change.caFile })
  }
  for (const one of helmfile.releases) one.chart = change.chart ?? one.chart
  return stringify(helmfile)
}

const quiet = { HELMFILE_UPGRADE_NOTICE_DISABLED: 'true', NO_COLOR: '1' }
const sha256 = (suffix: string) =>
  createHash('sha256')
    .update(readFileSync(archive(suffix)))
    .digest('hex')
const archive = (suffix: string) => join(release, `helm-verify-shim-${version}${suffix}.tar.gz`)

/** A root folder with what helmfile's image has: busybox, helm, helmfile; and a helmfile project in /work. */
function imageFolder(name: string): RootFolder {
  const folder = new RootFolder(sandbox.at(name))
  folder.add(tool('helm3'), 'usr/local/bin/helm')
  folder.add(tool('helmfile-1.8.0'), 'usr/local/bin/helmfile')
  copyFileSync(signers.keyring, folder.at('work/keyring.gpg'))
  copyFileSync(registry.caFile, folder.at('work/ca.pem'))
  writeFileSync(folder.at('work/helmfile.yaml'), helmfileYaml({ keyring: '/work/keyring.gpg', caFile: '/work/ca.pem' }))
  mkdirSync(folder.at('root/.config/helm/registry'), { recursive: true })
  copyFileSync(sandbox.at('helm/config/registry/config.json'), folder.at('root/.config/helm/registry/config.json'))
  return folder
}

/** That the project in /work of a root folder deploys a verified chart, through the helm that is first on PATH there. */
async function expectVerified(folder: RootFolder, env: NodeJS.ProcessEnv): Promise<void> {
  const path = env['PATH'] ?? ''
  const sh = async (script: string): Promise<Outcome> =>
    await folder.run(path, 'sh', ['-c', `cd /work; ${script}`], { ...quiet, ...env, PATH: path })
  expect(await sh('command -v helm')).toMatchObject({ stdout: '/opt/helm-verify-shim/bin/helm\n' })
  const rendered = await sh('helmfile template')
  expect(rendered.stdout).toContain('name: demo-demo')
  expect(rendered.code).toBe(0)
  expect((await sh('helm-verify-shim receipts')).stdout).toContain('signed by    Trusted')
}

describe.each(helmfiles)('examples/helmfile, with %s', (helmfile) => {
  const run = async (chart: string) => {
    const folder = sandbox.at(`project ${helmfile} ${basename(chart)}`)
    mkdirSync(folder)
    const helmBinary = join(shimFolder, 'helm')
    const { keyring } = signers
    const env = {
      ...sandbox.withHelm('helm3', false),
      ...quiet,
      HELM_VERIFY_SHIM_REQUIRE: '1',
      HELM_VERIFY_SHIM_KEYRING: keyring,
    }
    writeFileSync(join(folder, 'helmfile.yaml'), helmfileYaml({ helmBinary, keyring, caFile: registry.caFile, chart }))
    return await sandbox.run(tool(helmfile), ['template'], { cwd: folder, env })
  }

  it('renders a signed chart', async () => {
    const { code, stdout } = await run('charts/demo')
    expect(stdout).toContain('name: demo-demo')
    expect(code).toBe(0)
  })

  it('refuses an unsigned one', async () => {
    const { code, stdout, stderr } = await run('charts/unsigned')
    expect(code).not.toBe(0)
    expect(stdout).not.toContain('kind: ConfigMap')
    expect(stderr).toContain('failed to fetch provenance')
  })
})

const dockerfiles = [
  ['helmfile', '-linux-x64-musl'],
  ['debian', '-linux-x64'],
  ['ubuntu', '-linux-x64'],
  ['alpine-node', ''],
] as const

describe('examples/docker', () => {
  it('are all tested here', () => {
    const names = dockerfiles.map(([name]) => `${name}.Dockerfile`)
    expect(readdirSync(join(examples, 'docker')).sort()).toEqual([...names].sort())
  })

  it.each(dockerfiles)('%s: is sound, and downloads a file of a release', (name, suffix) => {
    const instructions = readDockerfile(read(`docker/${name}.Dockerfile`))
    expect(lintDockerfile(instructions)).toEqual([])
    const added = instructions.filter((one) => one.name === 'ADD')
    expect(added).toHaveLength(1)
    const path = `/v\${VERSION}/helm-verify-shim-\${VERSION}${suffix}.tar.gz /tmp/shim.tar.gz`
    expect(added[0]?.text).toBe(`https://github.com/OWNER/helm-verify-shim/releases/download${path}`)
    expect(instructions).toContainEqual({ name: 'ARG', text: `VERSION=${version}` })
  })

  it
    .runIf(canEnterRootFolders)
    .each(dockerfiles.filter(([, suffix]) => suffix !== '-linux-x64-musl' || musl !== undefined))(
    '%s: its steps lead from an image to a verified deployment',
    async (name, suffix) => {
      const folder = imageFolder(`docker ${name}`)
      if (suffix === '-linux-x64-musl') folder.add(musl ?? '', 'lib/ld-musl-x86_64.so.1')
      // A glibc image has these libraries; the executable brings all others along.
      else folder.addWithLibraries(process.execPath, suffix === '' ? 'usr/local/bin/node' : 'tmp/node')
      copyFileSync(archive(suffix), folder.at('tmp/shim.tar.gz'))
      const env: Record<string, string> = {}
      for (const { name: instruction, text } of readDockerfile(read(`docker/${name}.Dockerfile`))) {
        if (instruction === 'ENV')
          for (const [, variable = '', value = ''] of text.matchAll(/(\w+)=(\S+)/g)) env[variable] = value
        if (instruction === 'COPY' && text.startsWith('keyring.gpg ')) {
          const to = text.slice('keyring.gpg '.length)
          mkdirSync(join(folder.at(to), '..'), { recursive: true })
          copyFileSync(signers.keyring, folder.at(to))
        }
        if (instruction !== 'RUN' || text.startsWith('apk ')) continue
        const ran = await folder.run('', 'sh', ['-c', text], { VERSION: version, SHA256: sha256(suffix) })
        expect(ran).toMatchObject({ code: 0, stderr: '' })
      }
      expect(existsSync(folder.at('tmp/shim.tar.gz'))).toBe(false)
      await expectVerified(folder, env)
    },
  )

  it.runIf(canEnterRootFolders)('stop where the download has another hash', async () => {
    const folder = imageFolder('docker wrong hash')
    copyFileSync(archive(''), folder.at('tmp/shim.tar.gz'))
    const step = readDockerfile(read('docker/debian.Dockerfile')).find(({ name }) => name === 'RUN')?.text ?? ''
    expect((await folder.run('', 'sh', ['-c', step], { SHA256: '0'.repeat(64) })).code).not.toBe(0)
    expect(existsSync(folder.at('opt/helm-verify-shim'))).toBe(false)
  })
})

interface Step {
  readonly run?: string
  readonly uses?: string
  readonly env?: Record<string, string>
}

describe('examples/github', () => {
  const action = parse(read('github/action/action.yml')) as { runs: { steps: Step[] } }
  const workflow = parse(read('github/deploy.yml')) as {
    jobs: { deploy: { env: Record<string, string>; steps: Step[] } }
  }

  it('the workflow and the action are sound together, and so are our own workflows', async () => {
    const repository = sandbox.at('repository')
    const actions = join(repository, '.github/actions/helm-verify-shim')
    for (const folder of [actions, join(repository, '.github/workflows'), join(repository, '.git')])
      mkdirSync(folder, { recursive: true })
    copyFileSync(join(examples, 'github/action/action.yml'), join(actions, 'action.yml'))
    copyFileSync(join(examples, 'github/deploy.yml'), join(repository, '.github/workflows/deploy.yml'))
    expect(await sandbox.run(tool('actionlint'), [], { cwd: repository })).toEqual({ code: 0, stdout: '', stderr: '' })
    const ours = readdirSync(join(root, '.github/workflows')).map((name) => join(root, '.github/workflows', name))
    expect(await sandbox.run(tool('actionlint'), ours, { cwd: root })).toEqual({ code: 0, stdout: '', stderr: '' })
  })

  it('the shell steps lead to a verified deployment', async () => {
    const runner = sandbox.at('runner')
    const project = join(runner, 'project')
    mkdirSync(project, { recursive: true })
    const { keyring } = signers
    writeFileSync(join(project, 'helmfile.yaml'), helmfileYaml({ keyring, caFile: registry.caFile }))
    copyFileSync(keyring, join(project, 'keyring.gpg'))
    const bin = sandbox.at('bin/helm3')
    const base: NodeJS.ProcessEnv = { ...sandbox.withHelm('helm3', false), ...quiet, RUNNER_TEMP: runner }
    if (!existsSync(join(bin, 'helmfile'))) symlinkSync(tool('helmfile-1.8.0'), join(bin, 'helmfile'))

    const [install] = action.runs.steps
    expect(install?.env?.['RELEASES']).toBe('https://github.com/OWNER/helm-verify-shim/releases/download')
    const files = { GITHUB_PATH: join(runner, 'path'), GITHUB_OUTPUT: join(runner, 'output') }
    const inputs = { VERSION: version, SHA256: sha256('-linux-x64'), RELEASES: downloadsUrl }
    const bash = async (script: string, env: NodeJS.ProcessEnv) =>
      await sandbox.run('bash', ['--noprofile', '--norc', '-e', '-o', 'pipefail', '-c', script], { cwd: project, env })
    expect(await bash(install?.run ?? '', { ...base, ...files, ...inputs })).toMatchObject({ code: 0, stderr: '' })
    expect(readFileSync(files.GITHUB_OUTPUT, 'utf8')).toBe(`path=${readFileSync(files.GITHUB_PATH, 'utf8')}`)

    const { env: own, steps } = workflow.jobs.deploy
    const settings = Object.fromEntries(
      Object.entries(own).map(([name, value]) => [name, value.replace('${{ github.workspace }}', project)]),
    )
    const PATH = `${readFileSync(files.GITHUB_PATH, 'utf8').trim()}:${base['PATH'] ?? ''}`
    const scripts = steps.flatMap(({ run }) => run ?? [])
    expect(scripts).toEqual(['helm-verify-shim doctor', 'helmfile template > rendered.yaml', 'helmfile apply'])
    // The last one needs a cluster, and is what the matrix of deployments tests.
    for (const script of scripts.slice(0, 2))
      expect(await bash(script, { ...base, ...settings, PATH })).toMatchObject({ code: 0 })
    expect(readFileSync(join(project, 'rendered.yaml'), 'utf8')).toContain('name: demo-demo')
    const receipts = await bash('helm-verify-shim receipts', { ...base, PATH })
    expect(receipts.stdout).toContain('signed by    Trusted')
  })

  it('the action stops where the download has another hash', async () => {
    const runner = sandbox.at('runner wrong hash')
    mkdirSync(runner)
    const inputs = { VERSION: version, SHA256: '0'.repeat(64), RELEASES: downloadsUrl, RUNNER_TEMP: runner }
    const env = { ...sandbox.env, ...inputs, GITHUB_PATH: join(runner, 'path'), GITHUB_OUTPUT: join(runner, 'output') }
    const args = ['--noprofile', '--norc', '-e', '-o', 'pipefail', '-c', action.runs.steps[0]?.run ?? '']
    expect((await sandbox.run('bash', args, { env })).code).not.toBe(0)
    expect(existsSync(join(runner, 'path'))).toBe(false)
  })
})

describe('examples/gitlab', () => {
  const { deploy } = parse(read('gitlab/.gitlab-ci.yml')) as {
    deploy: { variables: Record<string, string>; before_script: string[]; script: string[] }
  }

  it('names the release by placeholders only', () => {
    expect(deploy.variables).toMatchObject({
      RELEASES: 'https://github.com/OWNER/helm-verify-shim/releases/download',
      VERSION: version,
    })
    expect(deploy.script).toEqual(['helmfile template > rendered.yaml', 'helmfile apply'])
  })

  it.runIf(musl !== undefined)('its scripts lead to a verified deployment', async () => {
    const folder = imageFolder('gitlab')
    folder.add(musl ?? '', 'lib/ld-musl-x86_64.so.1')
    const variables = {
      ...deploy.variables,
      RELEASES: downloadsUrl,
      SHA256: sha256('-linux-x64-musl'),
      HELM_VERIFY_SHIM_KEYRING: (deploy.variables['HELM_VERIFY_SHIM_KEYRING'] ?? '').replace(
        '$CI_PROJECT_DIR',
        '/work',
      ),
    }
    const script = [
      'set -e',
      'cd /work',
      ...deploy.before_script,
      ...deploy.script.slice(0, 1),
      'helm-verify-shim receipts',
    ]
    const ran = await folder.run('', 'sh', ['-c', script.join('\n')], { ...quiet, ...variables })
    expect(ran.stdout).toContain('signed by    Trusted')
    expect(ran.code).toBe(0)
    expect(readFileSync(folder.at('work/rendered.yaml'), 'utf8')).toContain('name: demo-demo')
  })
})

describe('examples/argocd', () => {
  it.each(['plugin.yaml', 'sidecar.yaml'])('%s is one Kubernetes object', (name) => {
    const [document, ...more] = parseAllDocuments(read(`argocd/${name}`))
    expect(more).toEqual([])
    expect(document?.errors).toEqual([])
    expect(document?.toJS()).toMatchObject({ metadata: { namespace: 'argocd' } })
  })

  it("renders verified charts by the plugin's own command", async () => {
    const { data } = parse(read('argocd/plugin.yaml')) as { data: Record<string, string> }
    const plugin = parse(data['plugin.yaml'] ?? '') as { spec: { generate: { command: string[]; args: string[] } } }
    const { command, args } = plugin.spec.generate
    const folder = sandbox.at('argo project')
    mkdirSync(folder)
    const { keyring } = signers
    writeFileSync(join(folder, 'helmfile.yaml'), helmfileYaml({ keyring, caFile: registry.caFile }))
    const bin = sandbox.at('bin/helm3')
    const env = {
      ...sandbox.withHelm('helm3', true),
      ...quiet,
      HELM_VERIFY_SHIM_REQUIRE: '1',
      HELM_VERIFY_SHIM_KEYRING: keyring,
    }
    if (!existsSync(join(bin, 'helmfile'))) symlinkSync(tool('helmfile-1.8.0'), join(bin, 'helmfile'))
    const [program = '', ...words] = [...command, ...args]
    const { code, stdout } = await sandbox.run(program, words, { cwd: folder, env })
    expect(code).toBe(0)
    // What goes to stdout is what Argo CD applies: objects, and nothing else.
    const kinds = parseAllDocuments(stdout).map((document) => (document.toJS() as { kind: string }).kind)
    expect(kinds).toEqual(['ConfigMap'])
  })
})
