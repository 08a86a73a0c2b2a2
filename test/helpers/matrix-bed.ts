import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { conditions, makeChart, type Condition } from './charts.ts'
import { startClassicRepository, type ClassicRepository } from './classic-repository.ts'
import { startCluster, type Cluster } from './cluster.ts'
import { runHelmfile, writeHelmfile, type Release, type Repository } from './helmfile.ts'
import { startRegistry, type Registry } from './registry.ts'
import { Sandbox, type Outcome } from './sandbox.ts'
import { makeSigners, type Signers } from './signers.ts'
import { shimFolder, tool, type Helm, type Helmfile } from './tools.ts'

/** One registry, repository and API server, with a chart in each condition, for many helmfile runs. */
export class MatrixBed {
  readonly sandbox = new Sandbox()
  /** For what cannot have a space in its path: chartify splits its commands there, and helm a plugin's. */
  readonly plainFolder = mkdtempSync(join(realpathSync(tmpdir()), 'hvs-places-'))
  signers!: Signers
  registry!: Registry
  repository!: ClassicRepository
  cluster!: Cluster

  async start(): Promise<this> {
    this.signers = await makeSigners(this.sandbox.root)
    ;[this.registry, this.repository, this.cluster] = await Promise.all([
      startRegistry(this.sandbox),
      startClassicRepository(this.sandbox),
      startCluster(this.sandbox),
    ])
    const archives = await Promise.all(
      conditions.map((condition) => makeChart(this.sandbox.at('charts'), chartOf(condition), condition, this.signers)),
    )
    for (const archive of archives) await this.registry.push(archive)
    await this.repository.add(...archives)
    // What chartify patches with, and what it looks for on PATH.
    mkdirSync(this.sandbox.at('more bin'))
    symlinkSync(tool('kustomize'), this.sandbox.at('more bin', 'kustomize'))
    return this
  }

  async stop(): Promise<void> {
    await Promise.all([this.registry.stop(), this.repository.stop(), this.cluster.stop()])
    this.sandbox.dispose()
    rmSync(this.plainFolder, { recursive: true, force: true, maxRetries: 3 })
  }

  /** The repositories of a helmfile.yaml. */
  get repositories(): Repository[] {
    const { host, caFile } = this.registry
    return [
      { name: 'oci', url: `${host}/charts`, oci: true, caFile },
      { name: 'cls', url: this.repository.url },
    ]
  }

  /** A place of its own for a few helmfile runs: caches, configuration, temporary folder, state, and a namespace. */
  async place(name: string, helm: Helm): Promise<Place> {
    await this.cluster.createNamespace(name)
    return new Place(this, name, helm)
  }
}

export function chartOf(condition: Condition): string {
  return condition.replace(' ', '-')
}

/** How one helmfile run of a place is made. */
export interface HelmfileRun {
  readonly helmfile: Helmfile
  readonly shim: boolean
  readonly env?: NodeJS.ProcessEnv
  /** The folder of its helmfile.yaml, where two run at once. */
  readonly folder?: string
  /** Whether helmfile is told where helm is by `--helm-binary`, and PATH only has the real one. */
  readonly byBinary?: boolean
}

export class Place {
  readonly bed: MatrixBed
  readonly name: string
  readonly helm: Helm
  readonly folder: string
  readonly env: NodeJS.ProcessEnv

  constructor(bed: MatrixBed, name: string, helm: Helm) {
    this.bed = bed
    this.name = name
    this.helm = helm
    const { sandbox, cluster } = bed
    this.folder = join(bed.plainFolder, name)
    const paths = {
      HOME: 'home',
      TMPDIR: 'tmp',
      XDG_CACHE_HOME: 'cache',
      XDG_STATE_HOME: 'state',
      HELM_CACHE_HOME: 'helm/cache',
      HELM_CONFIG_HOME: 'helm/config',
      HELM_DATA_HOME: 'helm/data',
      HELM_PLUGINS: 'helm/plugins',
    }
    const folders = Object.fromEntries(Object.entries(paths).map(([key, path]) => [key, join(this.folder, path)]))
    for (const path of Object.values(folders)) mkdirSync(path, { recursive: true })
    // The credentials of the registry.
    cpSync(sandbox.at('helm/config/registry'), join(this.folder, 'helm/config/registry'), { recursive: true })
    if (helm === 'helm3') symlinkSync(tool('helm-diff'), join(this.folder, 'helm/plugins/diff'))
    this.env = { ...folders, KUBECONFIG: cluster.kubeconfig }
  }

  /** The environment of a helm or helmfile run, with helm on PATH behind the shim or not. */
  environment(shim: boolean): NodeJS.ProcessEnv {
    const env = this.bed.sandbox.withHelm(this.helm, shim)
    const path = [env['PATH'], this.bed.sandbox.at('more bin')].join(delimiter)
    return { ...env, ...this.env, PATH: path }
  }

  /** Runs helmfile with a helmfile.yaml of these releases, which go into this place's namespace. */
  async helmfile(run: HelmfileRun, releases: readonly Release[], args: readonly string[]): Promise<Outcome> {
    const { sandbox, repositories } = this.bed
    const used = repositories.filter(({ name }) => releases.some(({ chart }) => chart.startsWith(`${name}/`)))
    const folder = writeHelmfile(
      sandbox,
      join('places', this.name, run.folder ?? `run ${run.helmfile}`),
      used,
      releases.map((release) => ({ namespace: this.name, ...release })),
    )
    const onPath = run.shim && run.byBinary !== true
    const binary = run.byBinary === true ? ['--helm-binary', join(shimFolder, 'helm')] : []
    return await runHelmfile(
      sandbox,
      folder,
      { helmfile: run.helmfile, helm: this.helm, shim: onPath },
      [...binary, ...args],
      { ...this.environment(onPath), ...run.env },
    )
  }

  /** Runs `helm` here. */
  async run(shim: boolean, args: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}) {
    const env = { ...this.environment(shim), ...options.env }
    return await this.bed.sandbox.run('helm', args, { cwd: options.cwd ?? this.folder, env })
  }

  /** What is in the namespace: config maps and helm's releases. */
  async deployed(): Promise<string[]> {
    const { cluster } = this.bed
    return [...(await cluster.list('configmaps', this.name)), ...(await cluster.list('secrets', this.name))]
  }

  /** The folder that helmfile 1.8.0 keeps unpacked charts in. */
  get helmfileCache(): string {
    return join(this.folder, 'cache/helmfile')
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}
