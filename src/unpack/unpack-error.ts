/** Why a chart was not unpacked or could not be compared. */
export type UnpackErrorCode =
  /** Something stands where the chart would go. */
  | 'exists'
  /** One of helm's size limits, or one of ours. */
  | 'too-large'
  /** An entry's name, or the target, is one that helm refuses. */
  | 'path'
  /** Chart.yaml is missing, cannot be read, or names the chart in a way that helm refuses. */
  | 'chart-yaml'
  /** The bytes are not a gzipped tar archive that helm can read. */
  | 'archive'
  /** The file system said no. */
  | 'io'
  /** The caller's signal. */
  | 'aborted'

/** The only error that this folder's exported functions throw. */
export class UnpackError extends Error {
  readonly code: UnpackErrorCode

  constructor(code: UnpackErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'UnpackError'
    this.code = code
  }
}

/** Whatever was thrown, as an UnpackError: what is not one already is the file system's word. */
export function asUnpackError(thrown: unknown): UnpackError {
  if (thrown instanceof UnpackError) return thrown
  return new UnpackError('io', thrown instanceof Error ? thrown.message : String(thrown), { cause: thrown })
}
