import { spawn } from 'node:child_process'
import type { Row } from './table.ts'

/** A program to time. */
export interface Timed {
  readonly command: readonly [string, ...string[]]
  readonly env: NodeJS.ProcessEnv
  readonly cwd: string
  /** Done before each run, outside the time. */
  readonly before?: () => void
  /** Whether it may fail: a command that has no server to talk to. */
  readonly mayFail?: boolean
}

/**
 * Times programs in turn, A B A B …, so that what the machine does besides falls on all alike, and returns the median
 * of each in milliseconds. The first round does not count.
 * @param batch how often each is run at once, from a small shell, where it is short against starting it from here
 * @throws Error with a program's output where it fails
 */
export async function medians<Name extends string>(
  programs: Readonly<Record<Name, Timed>>,
  rounds: number,
  batch = 1,
): Promise<Record<Name, number>> {
  const names = Object.keys(programs) as Name[]
  const times = new Map(names.map((name) => [name, [] as number[]]))
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      const time = await once(programs[name], batch)
      if (round > 0) times.get(name)?.push(time)
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(times.get(name) ?? [])])) as Record<Name, number>
}

/** Not by spawnSync: whoever writes to a pipe of ours, such as the registry its log, would wait for us. */
async function once({ command, env, cwd, before, mayFail }: Timed, batch: number): Promise<number> {
  before?.()
  const loop = `i=0; while [ "$i" -lt ${batch} ]; do "$@" || exit; i=$((i + 1)); done`
  const [program, ...args] =
    batch === 1 ? command : ['/bin/sh', '-c', mayFail ? loop.replace(' || exit', '') : loop, 'sh', ...command]
  const began = process.hrtime.bigint()
  const child = spawn(program, args, { env, cwd, stdio: ['ignore', 'ignore', 'pipe'] })
  let ended = began
  const said: Buffer[] = []
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk))
  child.once('exit', () => {
    ended = process.hrtime.bigint()
  })
  const status = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve))
  if (status !== 0 && !mayFail) throw new Error(`${command.join(' ')}: ${Buffer.concat(said).toString()}`)
  return Number(ended - began) / 1e6 / batch
}

/** The middle one. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const half = sorted.length >> 1
  return sorted.length % 2 === 1 ? (sorted[half] ?? NaN) : ((sorted[half - 1] ?? NaN) + (sorted[half] ?? NaN)) / 2
}

/** A row that sets one time against another. */
export function ratio(what: string, ours: number, theirs: number, most?: number): Row {
  const value = ours / theirs
  return {
    what,
    ours: milliseconds(ours),
    theirs: milliseconds(theirs),
    value: value.toFixed(2),
    target: most === undefined ? '' : `≤ ${most.toFixed(2)}`,
    met: most === undefined ? undefined : value <= most,
  }
}

/** A time for the table. */
export function milliseconds(time: number): string {
  return `${time.toFixed(time < 10 ? 2 : time < 100 ? 1 : 0)} ms`
}
