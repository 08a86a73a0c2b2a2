import { constants } from 'node:os'
import type { Readable } from 'node:stream'
import { inheritedDescriptors } from './descriptors.ts'
import type { Interruption } from './interrupt.ts'

/** How a program ended, and what it printed where that was captured. */
export interface Ended {
  /** The exit code, or 128 + the signal's number, as a shell has it; 127 where the program could not be started. */
  readonly code: number
  readonly signal: NodeJS.Signals | undefined
  readonly stdout: Buffer
  readonly stderr: Buffer
  /** Why the program could not be started. */
  readonly failure: string | undefined
}

export interface RunOptions {
  readonly stdin?: 'inherit' | 'ignore'
  readonly stdout?: 'inherit' | 'pipe'
  readonly stderr?: 'inherit' | 'pipe'
  readonly cwd?: string
  /** The whole environment; ours where left out. */
  readonly env?: NodeJS.ProcessEnv
  readonly interruption?: Interruption | undefined
  /** Gets stderr's bytes as they come. */
  readonly onStderr?: (chunk: Buffer) => void
}

/**
 * Runs a program to its end: helm, or gpg. The only place where a process is started. Never throws for what the program
 * does; signals that reach us are handed on to it.
 *
 * By Node's own child_process: execa, which the scripts and tests use, takes 11 ms to load and start, and that stands
 * before every pull (`npm run bench`). We need none of what it adds but the output as buffers.
 */
export async function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  // Takes 2 ms to load, and a command that is only handed on does without.
  const { spawn } = await import('node:child_process')
  const child = spawn(command, args, {
    stdio: [options.stdin ?? 'inherit', options.stdout ?? 'pipe', options.stderr ?? 'pipe', ...beyondStderr(args)],
    windowsHide: true,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: options.env }),
  })
  const stdout = collect(child.stdout)
  const stderr = collect(child.stderr, options.onStderr)
  const stop = options.interruption?.onSignal((signal) => child.kill(signal))
  return await new Promise((resolve) => {
    let failure: string | undefined
    // `close` comes after `error`, and once the output has been read to its end.
    child.once('error', (error) => {
      failure = error.message
    })
    child.once('close', (exit, signal) => {
      stop?.()
      const code = failure === undefined ? (exit ?? 128 + (signal ? constants.signals[signal] : 0)) : 127
      resolve({ code, signal: signal ?? undefined, stdout: stdout(), stderr: stderr(), failure })
    })
  })
}

/** What the descriptors from 3 on are in the program. */
function beyondStderr(args: readonly string[]): ('ignore' | number)[] {
  const inherited = inheritedDescriptors(args)
  const numbers = Array.from({ length: Math.max(2, ...inherited) - 2 }, (_, at) => at + 3)
  return numbers.map((fd) => (inherited.includes(fd) ? fd : 'ignore'))
}

/** Keeps what a stream gives, and returns a function that says what it was. */
function collect(stream: Readable | null, listener?: (chunk: Buffer) => void): () => Buffer {
  const chunks: Buffer[] = []
  stream?.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    listener?.(chunk)
  })
  return () => Buffer.concat(chunks)
}
