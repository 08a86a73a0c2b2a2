/** What helm says of a verified chart on stdout. helm: pkg/action/pull.go Run */
export interface Signature {
  readonly signers: readonly string[]
  readonly fingerprint: string | undefined
  /** `sha256:` and hex: the hash that helm computed over the packed chart. */
  readonly digest: string | undefined
}

/** Reads the lines that helm prints for a verified chart. */
export function readSignature(stdout: string): Signature {
  const all = (label: string) =>
    stdout.split('\n').flatMap((text) => (text.startsWith(`${label}: `) ? [text.slice(label.length + 2)] : []))
  return {
    signers: all('Signed by'),
    fingerprint: all('Using Key With Fingerprint')[0],
    digest: all('Chart Hash Verified').find((digest) => /^sha256:[0-9a-f]{64}$/.test(digest)),
  }
}

/**
 * Stdout without what `--prov` adds where there is no provenance file, for pulls where the flag is ours.
 * helm: pkg/downloader/chart_downloader.go DownloadTo
 */
export function withoutProvWarning(stdout: Buffer): Buffer {
  // latin1 gives each byte back as it was.
  return Buffer.from(stdout.toString('latin1').replace(/^WARNING: Verification not found for .*\n/m, ''), 'latin1')
}

/** What helm's registry client says of what it pulled. helm: pkg/registry/client.go Pull */
const report = /^Pulled: .*\nDigest: .*\n(?:.* contains an underscore\.\n\nOCI artifact[^]*?from a registry\.\n)?/gm

/**
 * Stdout in two parts: what helm 4's registry client says as it pulls, which stands whatever comes after it, and what
 * helm prints at the end, if all went well. helm: pkg/cmd/pull.go
 */
export function splitReports(stdout: Buffer): { readonly reports: Buffer; readonly rest: Buffer } {
  const text = stdout.toString('latin1')
  let end = 0
  for (const found of text.matchAll(report)) {
    if (found.index !== end) break
    end += found[0].length
  }
  return { reports: stdout.subarray(0, end), rest: stdout.subarray(end) }
}

/**
 * Output without the second time that helm's registry client says what it pulled: for the provenance file, which only
 * `--prov` makes it ask for. helm 3 says it to stderr, helm 4 to stdout. helm: pkg/registry/client.go Pull
 */
export function withoutSecondReport(output: Buffer): Buffer {
  const text = output.toString('latin1')
  const reports = [...text.matchAll(report)]
  const [first, second] = reports
  if (!first || first[0] !== second?.[0]) return output
  return Buffer.from(text.slice(0, second.index) + text.slice(second.index + second[0].length), 'latin1')
}

/**
 * Hands stderr on as it comes, up to helm's closing `Error: …`, which is held back: it may turn out that helm's
 * complaint can be met.
 */
export class HeldError {
  #tail = ''
  #held = false

  /** Takes some bytes; returns those that can be shown now. */
  take(chunk: Buffer): Buffer {
    const text = this.#tail + chunk.toString('latin1')
    const at = this.#held ? 0 : text.search(/^Error: /m)
    // A line that is not whole may yet become an error's.
    const shown = at >= 0 ? at : text.lastIndexOf('\n') + 1
    this.#held ||= at >= 0
    this.#tail = text.slice(shown)
    return Buffer.from(text.slice(0, shown), 'latin1')
  }

  /** What was held back. */
  get rest(): Buffer {
    return Buffer.from(this.#tail, 'latin1')
  }
}
