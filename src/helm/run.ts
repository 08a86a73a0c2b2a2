import { constants } from 'node:os'
import { execa } from 'execa'
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
 * Runs a program to its end: helm, or gpg. The only place where a process is started. Never throws for what the
 * program does; signals that reach us are handed on to it.
 */
export async function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const child = execa(command, args, {
    stdin: options.stdin ?? 'inherit',
    stdout: options.stdout ?? 'pipe',
    stderr: options.stderr ?? 'pipe',
    encoding: 'buffer',
    reject: false,
    stripFinalNewline: false,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: options.env, extendEnv: false }),
  })
  if (options.onStderr) child.stderr?.on('data', options.onStderr)
  const stop = options.interruption?.onSignal((signal) => child.kill(signal))
  const result = await child
  stop?.()
  const signal = result.signal
  return {
    code: result.exitCode ?? (signal ? 128 + constants.signals[signal] : 127),
    signal,
    stdout: bytes(result.stdout),
    stderr: bytes(result.stderr),
    failure:
      result.exitCode === undefined && !signal ? (result.originalMessage ?? 'it could not be started') : undefined,
  }
}

function bytes(output: Uint8Array | undefined): Buffer {
  return output ? Buffer.from(output.buffer, output.byteOffset, output.byteLength) : Buffer.alloc(0)
}
