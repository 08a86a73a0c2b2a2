import { Composer, Parser, isAlias, isMap, isScalar, isSeq, type Alias, type Document, type Node } from 'yaml'
import { GoFloat, YamlError, formatFloat32, resolveScalar, type YamlScalar } from './scalar.ts'
import { checkTokens } from './tokens.ts'

/** A YAML document as go-yaml v2 gives it for an interface{}, its keys turned into JSON's strings. */
export type YamlValue = YamlScalar | readonly YamlValue[] | ReadonlyMap<string, YamlValue>

/**
 * Reads the first document (go.yaml.in/yaml/v2 decode.go, then the keys of sigs.k8s.io/yaml convertToJSONableObject).
 * The parser is the `yaml` package's; what go-yaml makes of its nodes is here. Throws YamlError.
 */
export function decodeYaml(bytes: Buffer): YamlValue {
  const text = yamlText(bytes)
  checkTokens(text)
  const document = firstDocument(text)
  if (document?.contents == null) return null
  const decoder = new Decoder(document.contents, text)
  return decoder.decode(document.contents)
}

/** go-yaml: readerc.go. UTF-16 with a byte order mark is read too; control characters are refused. */
function yamlText(bytes: Buffer): string {
  const mark = bytes.subarray(0, 2).toString('latin1')
  const encoding = mark === '\xff\xfe' ? 'utf-16le' : mark === '\xfe\xff' ? 'utf-16be' : 'utf-8'
  let text: string
  try {
    text = new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch (error) {
    throw new YamlError('invalid Unicode text', { cause: error })
  }
  // eslint-disable-next-line no-control-regex
  if (/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]/.test(text)) {
    throw new YamlError('control characters are not allowed')
  }
  // YAML 1.1 has more line breaks than the parser knows.
  return text.replace(/\r\n?|[\x85\u2028\u2029]/g, '\n')
}

/** Later documents are not read, so their errors do not count. */
function firstDocument(text: string): Document.Parsed | undefined {
  const composer = new Composer({
    version: '1.1',
    schema: 'failsafe',
    resolveKnownTags: false,
    merge: false,
    uniqueKeys: false,
    strict: false,
    logLevel: 'silent',
    keepSourceTokens: true,
  })
  let document: Document.Parsed | undefined
  for (const found of composer.compose(new Parser().parse(text))) {
    document = found
    break
  }
  // The parser only warns of directives that it does not know.
  const error = document?.errors[0] ?? document?.warnings.find(({ code }) => code === 'BAD_DIRECTIVE')
  if (error !== undefined) throw new YamlError(error.message, { cause: error })
  const directive = document?.directives.yaml
  if (directive?.explicit === true && directive.version !== '1.1')
    throw new YamlError('found incompatible YAML document')
  return document
}

class Decoder {
  readonly #text: string
  readonly #targets = new Map<Alias, Node>()
  readonly #open = new Set<Alias>()
  #decoded = 0
  #aliased = 0
  #aliasDepth = 0

  constructor(root: Node, text: string) {
    this.#text = text
    this.#decoded = 1 // go-yaml counts the document too
    this.#findTargets(root, new Map())
  }

  /** go-yaml: decode.go, unmarshal. */
  decode(node: Node | null): YamlValue {
    this.#decoded++
    if (this.#aliasDepth > 0) this.#aliased++
    if (this.#aliased > 100 && this.#decoded > 1000 && this.#aliased / this.#decoded > allowedRatio(this.#decoded)) {
      throw new YamlError('document contains excessive aliasing')
    }
    if (node === null) return null
    if (isAlias(node)) return this.#alias(node, (target) => this.decode(target))
    if (isScalar(node)) return scalarValue(node, this.#text)
    if (isSeq(node)) return node.items.map((item) => this.decode(item as Node | null))
    const map = new Map<string, YamlValue>()
    this.#mapping(node, map)
    return map
  }

  /** go-yaml: mapping. Later keys win, merged ones included. */
  #mapping(node: Node, into: Map<string, YamlValue>): void {
    if (!isMap<Node, Node | null>(node)) throw new YamlError('unexpected node')
    for (const { key, value } of node.items) {
      if (isMergeKey(key)) this.#merge(value, into)
      else into.set(keyString(this.decode(key)), this.decode(value))
    }
  }

  /** go-yaml: merge. Of several, the first wins. */
  #merge(node: Node | null, into: Map<string, YamlValue>): void {
    const sources = isSeq<Node>(node) ? [...node.items].reverse() : [node]
    for (const source of sources) {
      const target = isAlias(source) ? this.#targets.get(source) : source
      if (!isMap(target)) throw new YamlError('map merge requires map or sequence of maps as the value')
      this.#decoded++
      if (isAlias(source)) this.#alias(source, (found) => (this.#mapping(found, into), null))
      else this.#mapping(target, into)
    }
  }

  #alias(alias: Alias, decode: (target: Node) => YamlValue): YamlValue {
    const target = this.#targets.get(alias)
    if (target === undefined) throw new YamlError(`unknown anchor '${alias.source}' referenced`)
    if (this.#open.has(alias)) throw new YamlError(`anchor '${alias.source}' value contains itself`)
    this.#open.add(alias)
    this.#aliasDepth++
    const value = decode(target)
    this.#aliasDepth--
    this.#open.delete(alias)
    return value
  }

  /** An alias means the last anchor of its name before it. Asking the parser for each would take quadratic time. */
  #findTargets(node: Node | null, anchors: Map<string, Node>): void {
    if (node === null) return
    if (isAlias(node)) {
      const target = anchors.get(node.source)
      if (target === undefined) throw new YamlError(`unknown anchor '${node.source}' referenced`)
      this.#targets.set(node, target)
      return
    }
    if ((isScalar(node) || isMap(node) || isSeq(node)) && node.anchor !== undefined) anchors.set(node.anchor, node)
    if (isSeq(node)) for (const item of node.items) this.#findTargets(item as Node | null, anchors)
    if (isMap<Node, Node | null>(node)) {
      for (const { key, value } of node.items) {
        this.#findTargets(key, anchors)
        this.#findTargets(value, anchors)
      }
    }
  }
}

/** go-yaml: allowedAliasRatio. */
function allowedRatio(decoded: number): number {
  if (decoded <= 400_000) return 0.99
  if (decoded >= 4_000_000) return 0.1
  return 0.99 - 0.89 * ((decoded - 400_000) / 3_600_000)
}

function scalarValue(node: Node, document: string): YamlScalar {
  if (!isScalar(node)) throw new YamlError('unexpected node')
  let text = typeof node.value === 'string' ? node.value : ''
  // A block scalar that the end of the text cuts off has no newline there.
  const cutOff = node.range?.[1] === document.length && /[^ \n]\s*$/.test(document) && !/\n *$/.test(document)
  if (cutOff && node.type?.startsWith('BLOCK') === true && text.endsWith('\n')) text = text.slice(0, -1)
  // go-yaml refuses halves of surrogate pairs, even where two of them would make a character.
  const source = node.srcToken !== undefined && 'source' in node.srcToken ? node.srcToken.source : ''
  if (node.type === 'QUOTE_DOUBLE' && /\\u[dD][89a-fA-F]/.test(source)) {
    throw new YamlError('found invalid Unicode character escape code')
  }
  if (node.tag === undefined && node.type !== 'PLAIN') return text
  return resolveScalar(node.tag ?? '', text)
}

function isMergeKey(node: Node): boolean {
  if (!isScalar(node) || node.value !== '<<') return false
  return node.tag === 'tag:yaml.org,2002:merge' || node.tag === '!' || (node.tag === undefined && node.type === 'PLAIN')
}

/** sigs.k8s.io/yaml: convertToJSONableObject's keys. */
function keyString(key: YamlValue): string {
  if (typeof key === 'string') return key
  if (typeof key === 'boolean') return String(key)
  if (typeof key === 'bigint' && key < 2n ** 63n) return String(key)
  if (key instanceof GoFloat) {
    if (Number.isNaN(key.value)) return '.nan'
    return Number.isFinite(key.value) ? formatFloat32(key.value) : key.value > 0 ? '.inf' : '-.inf'
  }
  throw new YamlError('unsupported map key')
}
