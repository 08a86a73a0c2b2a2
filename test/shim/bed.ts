import { cpSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { recordingHelm, shellWord, type Recording, type RecordingHelm } from '../fixtures/recording-helm.ts'
import { start, type Ended, type StartOptions, type Started } from '../fixtures/start.ts'
import { pack, writeChart, type ChartOptions } from '../helpers/charts.ts'
import { folder } from '../helpers/folder.ts'
import { nodeFolder, shimFolder } from '../helpers/tools.ts'

/** What became of a command, and how the helms that it started were called. */
export interface Result extends Ended {
  readonly helm: Recording[]
}

/** The built shim, copied to a folder of its own, before a recording helm, with a home and a temporary folder. */
export class Bed {
  readonly root = folder()
  readonly shim = this.at('shim/helm')
  #helm: RecordingHelm | undefined

  constructor() {
    cpSync(shimFolder, this.at('shim'), { recursive: true })
    for (const name of ['home', 'tmp', 'out']) mkdirSync(this.at(name))
  }

  at(...names: string[]): string {
    return join(this.root, ...names)
  }

  get env(): NodeJS.ProcessEnv {
    const path = [this.at('shim'), this.at('real'), nodeFolder, '/usr/bin', '/bin'].join(':')
    return { PATH: path, HOME: this.at('home'), TMPDIR: this.at('tmp'), PWD: this.root, LC_ALL: 'C' }
  }

  /** The recording helm behind the shim, which does this. */
  helm(behaviour = ''): RecordingHelm {
    return (this.#helm = recordingHelm(this.at('real/helm'), this.at('records'), behaviour))
  }

  /** A helm that pulls a chart by leaving it where it is asked to, and then does more. */
  async pulling(chart: ChartOptions = {}, then = ''): Promise<RecordingHelm> {
    const packed = await pack(writeChart(this.at('source'), 'demo', chart), this.at('packed'))
    return this.helm(`left=${shellWord(packed)}\nleave "$@"\n${then}`)
  }

  /** All runs of the recording helm so far. */
  get runs(): Recording[] {
    return this.#helm?.runs() ?? []
  }

  /** Starts the shim. */
  start(words: readonly string[], options: StartOptions = {}): Started {
    return start(this.shim, words, { cwd: this.root, ...options, env: { ...this.env, ...options.env } })
  }

  /** Runs the shim to its end. */
  async run(words: readonly string[], options: StartOptions = {}): Promise<Result> {
    const ended = await this.start(words, options).ended
    return { ...ended, helm: this.runs }
  }

  /** What is in a folder: the names in it and below, sorted. */
  names(...folder: string[]): string[] {
    return readdirSync(this.at(...folder), { recursive: true, encoding: 'utf8' }).sort()
  }
}

/** Waits until something is so. */
export async function until(condition: () => boolean, every = 10): Promise<void> {
  for (let waited = 0; !condition(); waited += every) {
    if (waited > 30_000) throw new Error('waited in vain')
    await sleep(every)
  }
}
