import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { recordingHelm, type Recording, type RecordingHelm } from '../fixtures/recording-helm.ts'
import { start, type Ended, type StartOptions } from '../fixtures/start.ts'
import { folder } from '../helpers/folder.ts'
import type { Shell } from './shells.ts'

/** What became of a command: who got it, and how. */
export interface Result extends Ended {
  readonly helm: Recording[]
  readonly engine: Recording[]
}

/** The gate in a folder of its own, with a recording engine beside it and a recording helm on PATH behind it. */
export class Bed {
  readonly root = folder()
  readonly gate: string
  readonly helm: RecordingHelm
  readonly engine: RecordingHelm
  readonly #shell: Shell | undefined

  /**
   * @param shell runs the gate; without it, the gate is run as a program, by its first line
   * @param behaviour what helm does, in sh
   */
  constructor(shell?: Shell, behaviour?: string) {
    this.#shell = shell
    this.gate = this.installGate('shim')
    this.engine = recordingHelm(this.at('shim/helm-verify-shim'), this.at('records/engine'))
    this.helm = this.recorder('real/helm', behaviour)
  }

  at(...names: string[]): string {
    return join(this.root, ...names)
  }

  /** A recording helm at this place. */
  recorder(path: string, behaviour?: string): RecordingHelm {
    return recordingHelm(this.at(path), this.at('records', path.replaceAll('/', '-')), behaviour)
  }

  /** Another copy of the gate, in this folder. */
  installGate(folder: string): string {
    const gate = this.at(folder, 'helm')
    mkdirSync(dirname(gate), { recursive: true })
    copyFileSync(join(import.meta.dirname, '../../src/gate/helm.sh'), gate)
    return gate
  }

  /** A PATH of these folders in the bed, and of the system's. */
  path(...folders: string[]): string {
    return [...folders.map((name) => this.at(name)), '/usr/bin', '/bin'].join(':')
  }

  /** The environment in which the gate is first on PATH, and the recording helm next. */
  get env(): NodeJS.ProcessEnv {
    return { PATH: this.path('shim', 'real'), HOME: this.at('home'), PWD: this.root, LC_ALL: 'C' }
  }

  /** Keeps a receipt for a directory, as the engine does after a pull. */
  receipt(directory: string, state = this.at('home/.local/state')): void {
    const kept = join(state, 'helm-verify-shim/dirs', directory)
    mkdirSync(kept, { recursive: true })
    writeFileSync(join(kept, 'receipt.json'), '{}')
  }

  /** Runs the gate to its end. What stands in `env` is added to the bed's; an undefined value takes a name out. */
  async run(words: readonly string[], options: StartOptions & { readonly gate?: string } = {}): Promise<Result> {
    const { gate = this.gate, env = {}, cwd = this.root, ...rest } = options
    const command = [...(this.#shell?.command ?? []), gate, ...words] as [string, ...string[]]
    const all = { ...this.env, PWD: cwd, ...env }
    const ended = await start(command[0], command.slice(1), { ...rest, cwd, env: all }).ended
    return { ...ended, helm: this.helm.runs(), engine: this.engine.runs() }
  }
}
