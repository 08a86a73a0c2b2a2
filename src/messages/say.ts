import { writeSync } from 'node:fs'
import { pause } from '../pause.ts'
import { ShimError, reasonOf } from './shim-error.ts'
import { line } from './text.ts'

/** Prints sentences to stderr, each with our name before it. Never fails: a closed stderr must not change the verdict. */
export function say(...sentences: string[]): void {
  write(2, sentences.map((sentence) => `${line(sentence)}\n`).join(''))
}

/** Prints a failure and returns the exit code that goes with it. */
export function sayError(error: unknown): number {
  if (error instanceof ShimError) {
    say(error.message, ...error.details)
    return error.exitCode
  }
  say(`unexpected failure: ${reasonOf(error)}`, 'next: please report this, with the command that led to it.')
  return 1
}

/** Writes all bytes to a file descriptor, also where it is a full non-blocking pipe. Returns false if nobody reads. */
export function write(descriptor: number, data: string | Uint8Array): boolean {
  let rest = typeof data === 'string' ? Buffer.from(data) : data
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return false
      pause(5)
    }
  }
  return true
}
