/** Why helm did not verify a chart. */
export type Failure =
  /** helm could not fetch a provenance file, or there is none beside a local archive. */
  | 'no-provenance'
  /** There is something, but no whole message with a signature and hashes. */
  | 'broken-provenance'
  /** The signed text is not what was signed. */
  | 'bad-signature'
  /** The signature is of a kind that this helm does not check, or does not trust any more. */
  | 'unsupported-signature'
  | 'unknown-key'
  | 'key-expired'
  | 'key-revoked'
  | 'signature-expired'
  /** The provenance is good, but of an archive with another hash. */
  | 'altered'
  /** The provenance is good, but lists no archive of this name. */
  | 'other-name'
  | 'keyring-missing'
  | 'keyring-unreadable'
  /** The keyring is none, or has no key that this helm can use. */
  | 'keyring-format'
  /** A directory, or a file that is not called `.tgz`. */
  | 'not-packed'
  /** Something else: helm's own words are all there is to say. */
  | 'other'

/** helm's words, the same from 3.7 to 4.3 but where it says otherwise. The first that fits counts. */
const certain: readonly (readonly [RegExp, Failure])[] = [
  // pkg/downloader/chart_downloader.go DownloadTo, VerifyChart
  [/^failed to fetch provenance "/, 'no-provenance'],
  [/^could not load provenance file /, 'no-provenance'],
  [/^(unpacked charts cannot be verified|chart must be a tgz file)$/, 'not-packed'],
  [/^failed to load keyring: open .*: (no such file or directory|The system cannot find .*)$/, 'keyring-missing'],
  // 4.3 reads armor and keyboxes, and says which it took the file for.
  [/^failed to load keyring: (openpgp: |reading (armored keyring|keybox) |(unexpected )?EOF$)/, 'keyring-format'],
  [/^failed to load keyring: /, 'keyring-unreadable'],
  // pkg/provenance/sign.go Verify
  [/^(failed to decode signature: )?signature block not found$/, 'broken-provenance'],
  [/^message block must have at least two parts$/, 'broken-provenance'],
  [/^provenance does not contain a SHA for a file named "/, 'other-name'],
  [/^sha256 sum does not match for /, 'altered'],
  // go-crypto's (x/crypto's in 3.7) openpgp/errors
  [/^openpgp: signature made by unknown entity$/, 'unknown-key'],
  [/^openpgp: key expired$/, 'key-expired'],
  [/^openpgp: signature made by revoked key$/, 'key-revoked'],
  [/^openpgp: signature expired$/, 'signature-expired'],
  [/^openpgp: invalid signature: unknown critical notation: /, 'unsupported-signature'],
  [/^openpgp: invalid signature: /, 'bad-signature'],
  [/^openpgp: (unsupported feature|weak algorithms are rejected): /, 'unsupported-signature'],
]

/** Words that say something of the provenance only once it was fetched: a pull can fail with them, too. */
const onceFetched: readonly (readonly [RegExp, Failure])[] = [
  [/^openpgp: invalid data: /, 'broken-provenance'],
  [/^(unexpected )?EOF$/, 'broken-provenance'],
  [/^illegal base64 data /, 'broken-provenance'],
  [/^(yaml: |error (converting|unmarshaling) )/, 'broken-provenance'],
  [/^/, 'other'],
]

/**
 * Reads out of helm's words why it did not verify a chart. (pure)
 * @param stderr what helm printed; its error is what follows the last `Error: `
 * @param fetched whether helm had fetched chart and provenance: then whatever failed was the verification
 * @returns undefined where verification is not what failed
 */
export function diagnose(stderr: string, fetched: boolean): Failure | undefined {
  // What may follow is of `--debug`.
  const words = helmError(stderr)?.split('\n')[0]
  if (words === undefined) return undefined
  return [...certain, ...(fetched ? onceFetched : [])].find(([pattern]) => pattern.test(words))?.[1]
}

/** helm's closing error without its `Error: `, and without what `helm install` puts before it. (pure) */
export function helmError(stderr: string): string | undefined {
  const at = stderr.search(/^Error: (?![^]*^Error: )/m)
  if (at < 0) return undefined
  return stderr
    .slice(at)
    .replace(/^Error: ([A-Z ]+ FAILED: )?/, '')
    .replace(/\r\n/g, '\n')
    .trimEnd()
}
