/** What can go wrong on our side of helm. */
export type ShimErrorCode =
  | 'no-helm'
  | 'helm-failed'
  | 'chart-refused'
  | 'directory-changed'
  | 'not-verified'
  | 'not-understood'
  | 'no-receipt'
  | 'state'
  | 'io'
  | 'usage'

/** Exit codes: 127 where no helm was found, 2 for misuse of our own command, 1 for our refusals. */
const exitCodes: Partial<Record<ShimErrorCode, number>> = { 'no-helm': 127, usage: 2 }

/** A failure in words: what happened, to which chart, and what to do next. */
export class ShimError extends Error {
  readonly code: ShimErrorCode
  /** The lines after the first; the last of them begins with "next:". */
  readonly details: readonly string[]

  constructor(code: ShimErrorCode, message: string, details: readonly string[] = [], cause?: unknown) {
    super(message, { cause })
    this.name = 'ShimError'
    this.code = code
    this.details = details
  }

  get exitCode(): number {
    return exitCodes[this.code] ?? 1
  }
}

/** The reason in a caught value, for a sentence. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
