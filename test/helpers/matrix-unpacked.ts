import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MatrixBed, Place } from './matrix-bed.ts'
import type { Outcome } from './sandbox.ts'
import { tool, type Helm } from './tools.ts'

export interface UnpackOptions {
  /** Whether the pull verifies; it does if not said otherwise. */
  readonly verify?: boolean
  readonly shim?: boolean
  readonly version?: string
  readonly env?: NodeJS.ProcessEnv
}

let places = 0

/** A chart that was pulled and unpacked through the shim, and a helm that writes down how it is called. */
export class Unpacked {
  readonly bed: MatrixBed
  readonly place: Place
  readonly chart: string
  readonly directory: string

  constructor(bed: MatrixBed, place: Place, chart: string) {
    this.bed = bed
    this.place = place
    this.chart = chart
    this.directory = join(place.folder, 'out', chart)
    writeFileSync(
      this.#recorder,
      `#!/bin/sh\nprintf '%s\\n' "$*" >> '${this.#record}'\nexec '${tool(place.helm)}' "$@"\n`,
      {
        mode: 0o755,
      },
    )
  }

  get #recorder(): string {
    return join(this.place.folder, 'recording-helm')
  }

  get #record(): string {
    return join(this.place.folder, 'calls')
  }

  /** Runs helm, through the shim. */
  async helm(args: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): Promise<Outcome> {
    return await this.place.run(true, args, {
      ...options,
      env: { HELM_VERIFY_SHIM_HELM: this.#recorder, ...options.env },
    })
  }

  /** Runs helm alone. */
  async alone(args: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): Promise<Outcome> {
    return await this.place.run(false, args, options)
  }

  /** The command lines that the real helm was called with since the last time this was asked. */
  calls(): string[] {
    if (!existsSync(this.#record)) return []
    const calls = readFileSync(this.#record, 'utf8').split('\n').slice(0, -1)
    rmSync(this.#record)
    return calls
  }

  /** The verifying flags. */
  get verify(): string[] {
    return ['--verify', '--keyring', this.bed.signers.keyring]
  }

  /** The command that deploys it into the place's namespace. */
  get upgrade(): string[] {
    return ['upgrade', '--install', 'demo', this.directory, '-n', this.place.name]
  }

  get state(): string {
    return join(this.place.folder, 'state/helm-verify-shim')
  }

  get receipt(): string {
    return join(this.state, 'dirs', this.directory, 'receipt.json')
  }

  /** The kept packed chart. */
  get archive(): string {
    const [digest = ''] = readdirSync(join(this.state, 'archives'))
    const [file = ''] = readdirSync(join(this.state, 'archives', digest)).filter((name) => name.endsWith('.tgz'))
    return join(this.state, 'archives', digest, file)
  }

  /** The packed chart as it was pushed. */
  get packed(): string {
    return this.bed.sandbox.at(`charts/packed ${this.chart}/${this.chart}-0.1.0.tgz`)
  }

  async pull(options: UnpackOptions = {}): Promise<Outcome> {
    const { registry } = this.bed
    const args = [
      'pull',
      `oci://${registry.host}/charts/${this.chart}`,
      '--ca-file',
      registry.caFile,
      '--untar',
      '-d',
      'out',
    ]
    const version = options.version === undefined ? [] : ['--version', options.version]
    const verify = options.verify === false ? [] : this.verify
    const pulled = await this.place.run(options.shim !== false, [...args, ...version, ...verify], {
      env: options.env ?? {},
    })
    return pulled
  }
}

/** Pulls a chart through the shim into a place of its own. */
export async function unpack(
  bed: MatrixBed,
  helm: Helm,
  chart = 'signed',
  options: UnpackOptions = {},
): Promise<Unpacked> {
  const place = await bed.place(`unpacked-${++places}`, helm)
  const unpacked = new Unpacked(bed, place, chart)
  const { code, stderr } = await unpacked.pull(options)
  if (code !== 0) throw new Error(stderr)
  return unpacked
}
