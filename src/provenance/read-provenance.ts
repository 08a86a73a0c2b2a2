import { parseDocument } from 'yaml'
import { clearSignedText } from './clear-signed.ts'

/** What a provenance file says, whoever says it. */
export interface Provenance {
  /** The chart's name and version, from its Chart.yaml as it was signed. */
  readonly name: string
  readonly version: string
  /** The hash of each file, as written: `sha256:…`. */
  readonly files: Readonly<Record<string, string>>
}

/**
 * Reads a chart's `.prov`: a clear-signed message of two YAML documents, Chart.yaml and the hashes of the files. For
 * diagnostics and names only, never for trust: the signature is helm's to check. Stricter than helm where YAML can be
 * read in two ways (keys given twice, several documents in one part): that is undefined.
 *
 * helm: pkg/provenance/sign.go parseMessageBlock
 * @param file the provenance file's text
 */
export function readProvenance(file: string): Provenance | undefined {
  const [chart, sums] = clearSignedText(file)?.split('\n...\n').map(readMap) ?? []
  const name = chart?.get('name')
  const version = chart?.get('version')
  const files = sums?.get('files')
  if (typeof name !== 'string' || typeof version !== 'string' || !(files instanceof Map)) return undefined
  const entries = [...files].flatMap(([file, sum]: [unknown, unknown]) =>
    typeof file === 'string' && typeof sum === 'string' ? [[file, sum] as const] : [],
  )
  // fromEntries defines, and so a file named `__proto__` is a file like any other.
  return entries.length === files.size ? { name, version, files: Object.fromEntries(entries) } : undefined
}

/** One YAML document that is a map, every scalar in it as it is written. */
function readMap(text: string): Map<unknown, unknown> | undefined {
  const document = parseDocument(text, { schema: 'failsafe', version: '1.1', merge: false, logLevel: 'silent' })
  if (document.errors.length > 0) return undefined
  try {
    const value: unknown = document.toJS({ mapAsMap: true, maxAliasCount: 0 })
    return value instanceof Map ? value : undefined
  } catch {
    return undefined
  }
}
