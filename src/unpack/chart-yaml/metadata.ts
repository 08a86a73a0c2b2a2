import { decodeYaml, type YamlValue } from './decode.ts'
import { GoFloat, YamlError, scalarString } from './scalar.ts'

export { YamlError }

/** What is wanted of a Chart.yaml. Both may be empty. */
export interface ChartYaml {
  readonly name: string
  readonly version: string
}

type Shape =
  'string' | 'bool' | 'any' | { list: Shape } | { values: Shape } | { fields: Readonly<Record<string, Shape>> }

const maintainer: Shape = { fields: { name: 'string', email: 'string', url: 'string' } }

const dependency: Shape = {
  fields: {
    name: 'string',
    version: 'string',
    repository: 'string',
    condition: 'string',
    tags: { list: 'string' },
    enabled: 'bool',
    'import-values': { list: 'any' },
    alias: 'string',
  },
}

/** helm: pkg/chart/metadata.go, the same from helm 3.7 to 4.3. Keys in lower case. */
const metadata = {
  name: 'string',
  home: 'string',
  sources: { list: 'string' },
  version: 'string',
  description: 'string',
  keywords: { list: 'string' },
  maintainers: { list: maintainer },
  icon: 'string',
  apiversion: 'string',
  condition: 'string',
  tags: 'string',
  appversion: 'string',
  deprecated: 'bool',
  annotations: { values: 'string' },
  kubeversion: 'string',
  dependencies: { list: dependency },
  type: 'string',
} as const satisfies Record<string, Shape>

/**
 * Reads a Chart.yaml as helm's sigs.k8s.io/yaml does: YAML 1.1, turned into JSON, read into chart.Metadata. Throws
 * YamlError where helm fails: YAML that cannot be read, or a known field of another type.
 */
export function readChartYaml(bytes: Buffer): ChartYaml {
  const value = decodeYaml(bytes)
  check(value, { fields: metadata }, '')
  const fields = isMap(value) ? value : new Map<string, YamlValue>()
  return { name: field(fields, 'name'), version: field(fields, 'version') }
}

/** encoding/json takes the keys in JSON's order, which is sorted, and the last that matches stays; null changes nothing. */
function field(fields: ReadonlyMap<string, YamlValue>, name: string): string {
  const keys = [...fields.keys()].filter((key) => fold(key) === name).sort()
  let found = ''
  for (const key of keys) {
    const value = fields.get(key)
    if (typeof value === 'string') found = value
    else if (typeof value === 'bigint' || typeof value === 'boolean' || value instanceof GoFloat) {
      found = scalarString(value)
    }
  }
  return found
}

/** Go: encoding/json foldName, for the letters that field names have. */
function fold(key: string): string {
  return key.replace(/[A-Z\u017f\u212a]/g, (c) => (c === '\u017f' ? 's' : c.toLowerCase()))
}

function check(value: YamlValue, shape: Shape, path: string): void {
  if (value === null) return
  const wrong = (): never => {
    throw new YamlError(`cannot unmarshal ${kindOf(value)} into ${path === '' ? 'chart metadata' : `field ${path}`}`)
  }
  if (value instanceof GoFloat && !Number.isFinite(value.value) && shape !== 'string') {
    throw new YamlError('json: unsupported value')
  }
  if (shape === 'any') checkInside(value, () => 'any', path)
  else if (shape === 'string') {
    if (isMap(value) || isList(value)) wrong()
  } else if (shape === 'bool') {
    if (typeof value !== 'boolean') wrong()
  } else if ('list' in shape) {
    if (!isList(value)) wrong()
    checkInside(value, () => shape.list, path)
  } else {
    if (!isMap(value)) wrong()
    checkInside(value, (key) => ('values' in shape ? shape.values : shapeOf(shape.fields, key)), path)
  }
}

function shapeOf(fields: Readonly<Record<string, Shape>>, key: string): Shape {
  const name = fold(key)
  return Object.hasOwn(fields, name) ? (fields[name] ?? 'any') : 'any'
}

function checkInside(value: YamlValue, shape: (key: string) => Shape, path: string): void {
  if (isList(value))
    value.forEach((item) => {
      check(item, shape(''), path)
    })
  else if (isMap(value)) for (const [key, item] of value) check(item, shape(key), path === '' ? key : `${path}.${key}`)
}

function isMap(value: YamlValue): value is ReadonlyMap<string, YamlValue> {
  return value instanceof Map
}

function isList(value: YamlValue): value is readonly YamlValue[] {
  return Array.isArray(value)
}

function kindOf(value: YamlValue): string {
  if (isMap(value)) return 'object'
  if (isList(value)) return 'array'
  return typeof value === 'bigint' || value instanceof GoFloat
    ? 'number'
    : typeof value === 'boolean'
      ? 'bool'
      : 'string'
}
