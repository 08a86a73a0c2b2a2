/**
 * What YAML 1.1 makes of a scalar, as go-yaml v2 does (go.yaml.in/yaml/v2 resolve.go). Integers and floats stay apart,
 * because they turn into different strings.
 */
export type YamlScalar = string | boolean | null | bigint | GoFloat

/** A float64 of Go's. */
export class GoFloat {
  readonly value: number

  constructor(value: number) {
    this.value = value
  }
}

/** Thrown for YAML that go-yaml refuses; the message is close to its own. */
export class YamlError extends Error {}

const named = new Map<string, boolean | null | GoFloat>([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map((s) => [s, true] as const),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map((s) => [s, false] as const),
  ...['', '~', 'null', 'Null', 'NULL'].map((s) => [s, null] as const),
  ...['.nan', '.NaN', '.NAN'].map((s) => [s, new GoFloat(NaN)] as const),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map((s) => [s, new GoFloat(Infinity)] as const),
  ...['-.inf', '-.Inf', '-.INF'].map((s) => [s, new GoFloat(-Infinity)] as const),
])

const TAG = 'tag:yaml.org,2002:'
const kinds = { str: 'str', bool: 'bool', int: 'int', float: 'float', null: 'null', timestamp: 'timestamp' } as const

/**
 * Resolves a scalar by its tag and text. `tag` is the full tag, or '' for a plain scalar without one. Throws YamlError
 * where the tag does not fit the text.
 */
export function resolveScalar(tag: string, text: string): YamlScalar {
  if (tag === `${TAG}binary`) return decodeBase64(text)
  const wanted = tag.startsWith(TAG) ? kinds[tag.slice(TAG.length) as keyof typeof kinds] : undefined
  if (tag !== '' && wanted === undefined) return text
  if (wanted === 'str') return text
  const found = resolvePlain(text, wanted === 'timestamp')
  if (wanted === undefined || found.kind === wanted) return found.value
  if (wanted === 'float' && typeof found.value === 'bigint' && found.value < 2n ** 63n) {
    return new GoFloat(Number(found.value))
  }
  throw new YamlError(`cannot decode !!${found.kind} \`${text}\` as a !!${wanted}`)
}

interface Resolved {
  readonly kind: keyof typeof kinds | 'merge'
  readonly value: YamlScalar
}

function resolvePlain(text: string, timestamps: boolean): Resolved {
  const word = named.get(text)
  if (word !== undefined) {
    return { kind: word === null ? 'null' : word instanceof GoFloat ? 'float' : 'bool', value: word }
  }
  if (text.startsWith('.')) {
    // Here alone Go sees the underscores, and takes those that stand between digits.
    const float = parseFloat64(text.replace(/(?<=[0-9])_(?=[0-9])/g, ''))
    if (float !== undefined) return { kind: 'float', value: float }
  } else if (/^[-+0-9]/.test(text)) {
    if (timestamps && isTimestamp(text)) return { kind: 'timestamp', value: text }
    const plain = text.replaceAll('_', '')
    const int = parseInteger(plain)
    if (int !== undefined) return { kind: 'int', value: int }
    if (/^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/.test(plain)) {
      const float = parseFloat64(plain)
      if (float !== undefined) return { kind: 'float', value: float }
    }
    const binary = /^(-?)0b([+-]?)([01]+)$/.exec(plain)
    if (binary?.[3] !== undefined && !(binary[1] === '-' && binary[2] !== '')) {
      const value = BigInt(`0b${binary[3]}`) * (binary[1] === '-' || binary[2] === '-' ? -1n : 1n)
      if (inInt64(value)) return { kind: 'int', value }
    }
  }
  return { kind: 'str', value: text }
}

/** Go: strconv.ParseInt(text, 0, 64), then ParseUint. A leading 0 is octal. */
function parseInteger(text: string): bigint | undefined {
  const match = /^([+-]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)$/.exec(text)
  if (match?.[2] === undefined) return undefined
  const digits = match[2]
  const size = BigInt(/^0[0-7]/.test(digits) ? `0o${digits.slice(1)}` : digits.toLowerCase())
  const value = match[1] === '-' ? -size : size
  if (inInt64(value)) return value
  return match[1] === '' && size < 2n ** 64n ? size : undefined
}

function inInt64(value: bigint): boolean {
  return value >= -(2n ** 63n) && value < 2n ** 63n
}

/** Go: strconv.ParseFloat(text, 64), for what can reach it here: no name, no underscore that Go would take. */
function parseFloat64(text: string): GoFloat | undefined {
  if (!/^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/.test(text)) return undefined
  const value = Number(text)
  return Number.isFinite(value) ? new GoFloat(value) : undefined
}

/** go-yaml: parseTimestamp. Such a scalar stays a string, so this matters only where !!timestamp asks for one. */
function isTimestamp(text: string): boolean {
  const match =
    /^\d{4}-(\d{1,2})-(\d{1,2})(?:([Tt ])(\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?(Z|[+-]\d{2}:\d{2})?)?$/.exec(text)
  if (match === null) return false
  const [, month, day, separator, hour, minute, second, zone] = match
  if (separator === ' ' && zone !== undefined) return false
  if ((separator === 'T' || separator === 't') && zone === undefined) return false
  const days = new Date(Date.UTC(Number(text.slice(0, 4)), Number(month), 0)).getUTCDate()
  if (Number(month) < 1 || Number(month) > 12 || Number(day) < 1 || Number(day) > days) return false
  return Number(hour ?? 0) < 24 && Number(minute ?? 0) < 60 && Number(second ?? 0) < 60
}

/** Go: base64.StdEncoding, which skips line ends and wants its padding. */
function decodeBase64(text: string): string {
  const plain = text.replace(/[\r\n]/g, '')
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(plain)) {
    throw new YamlError('!!binary value contains invalid base64 data')
  }
  const decoded = Buffer.from(plain, 'base64').toString('utf8')
  // helm goes on with replacement characters, in a way of Go's own.
  if (decoded.includes('\ufffd')) throw new YamlError('!!binary value is not UTF-8')
  return decoded
}

/** The string that a number or boolean becomes where one is wanted (sigs.k8s.io/yaml, convertToJSONableObject). */
export function scalarString(value: bigint | boolean | GoFloat): string {
  return value instanceof GoFloat ? formatFloat32(value.value) : String(value)
}

/** Go: strconv.FormatFloat(value, 'g', -1, 32): as few digits as a float32 needs. */
export function formatFloat32(value: number): string {
  const float = Math.fround(value)
  if (Number.isNaN(float)) return 'NaN'
  if (!Number.isFinite(float)) return float > 0 ? '+Inf' : '-Inf'
  if (float === 0) return Object.is(float, -0) ? '-0' : '0'
  let short = ''
  for (let precision = 0; precision < 9; precision++) {
    short = float.toExponential(precision)
    if (Math.fround(Number(short)) === float) break
  }
  const [digits = '', exponent = ''] = short.split('e')
  const power = Number(exponent)
  if (power < -4 || power >= 6) return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`
  const sign = digits.startsWith('-') ? '-' : ''
  const bare = digits.replace(/[-.]/g, '')
  if (power < 0) return `${sign}0.${'0'.repeat(-power - 1)}${bare}`
  const padded = bare.padEnd(power + 1, '0')
  const rest = padded.slice(power + 1)
  return `${sign}${padded.slice(0, power + 1)}${rest === '' ? '' : `.${rest}`}`
}
