/** What we know of a directory that we unpacked. Nothing in it is trusted: helm verifies the packed chart anew. */
export interface Receipt {
  /** The directory, absolute and with links resolved. */
  readonly directory: string
  /** The reference as given to `helm pull`, without credentials. */
  readonly reference: string
  /** The `--repo` that it was looked up in, without credentials. */
  readonly repository: string | undefined
  readonly name: string
  readonly version: string
  /** `sha256:` and the hex digest of the packed chart. */
  readonly digest: string
  /** The packed chart's file name, which its provenance binds. */
  readonly archive: string
  /** Whether a provenance file came with it. */
  readonly provenance: boolean
  /** Whether helm verified it when it was pulled. */
  readonly verified: boolean
  /** What helm printed: `Signed by: …`, as many as the key has identities. */
  readonly signers: readonly string[]
  readonly fingerprint: string | undefined
  /** The keyring that the pull named; undefined for helm's default. */
  readonly keyring: string | undefined
  /** When it was unpacked, ISO 8601. */
  readonly unpackedAt: string
}

/** The version of the receipt's format. A reader that meets another one treats the receipt as unreadable. */
const format = 1

/** A receipt as the text of its file. */
export function formatReceipt(receipt: Receipt): string {
  return `${JSON.stringify({ format, ...receipt }, undefined, 2)}\n`
}

/** Reads a receipt's text. Returns undefined for anything that is not a whole receipt of this format. */
export function parseReceipt(text: string): Receipt | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  const { format: found, ...fields } = value as Record<string, unknown>
  const strings = ['directory', 'reference', 'name', 'version', 'digest', 'archive', 'unpackedAt']
  const whole =
    found === format &&
    strings.every((key) => typeof fields[key] === 'string') &&
    /^sha256:[0-9a-f]{64}$/.test(fields['digest'] as string) &&
    isFileName(fields['archive'] as string) &&
    typeof fields['provenance'] === 'boolean' &&
    typeof fields['verified'] === 'boolean' &&
    Array.isArray(fields['signers']) &&
    fields['signers'].every((signer) => typeof signer === 'string') &&
    ['repository', 'fingerprint', 'keyring'].every(
      (key) => fields[key] === undefined || typeof fields[key] === 'string',
    )
  return whole ? (fields as unknown as Receipt) : undefined
}

/** A corrupt receipt must not lead out of the archives' folder. */
function isFileName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[/\\\0]/.test(name)
}

/** Where a receipt's chart came from, for a sentence. */
export function originOf({ reference, repository }: Receipt): string {
  return repository === undefined ? reference : `${reference} in ${repository}`
}
