import { gunzipSync, gzipSync } from 'node:zlib'
import { gzipMember, withChecksum } from './evil-archives-build.ts'
import { evilArchives } from './evil-archives.ts'

/** Random numbers that a seed repeats (mulberry32). */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** At least 0, below `limit`. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = this.#state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit)
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)]
    if (item === undefined) throw new Error('nothing to pick from')
    return item
  }
}

const MAX_SEED_SIZE = 64 * 1024
const FIELDS = [0, 100, 108, 116, 124, 136, 148, 156, 157, 257, 263, 265, 329, 337, 345, 386, 476, 482, 483, 500, 508]
const NUMBERS = ['0', '-1', '7', '777', '77777777777', '99', '\x80', '\xff\xff\xff', '', ' ', '\0', '1\0\x002', '0x1']
const NAMES = ['..', '../', '/', '\\', 'demo/', './', 'C:/', 'Chart.yaml', '\0', '\xff', 'demo/Chart.yaml', '\r', '//']
const WORDS = [
  'name: x\n',
  'name',
  ': ',
  '\n',
  '- ',
  '[',
  '{',
  '&a ',
  '*a',
  '!!int ',
  '"',
  "'",
  '|',
  '---\n',
  '<<: ',
  '#',
  '\t',
]
const TYPES = '\x000123456789xgLKSVMDNXA'

interface Seed {
  readonly tgz: Buffer
  readonly tar: Buffer | undefined
}

let seeds: readonly Seed[] | undefined

function allSeeds(): readonly Seed[] {
  seeds ??= evilArchives
    .filter((one) => one.large === undefined)
    .map((one) => one.build())
    .flatMap((tgz) => {
      if (tgz.length > MAX_SEED_SIZE) return []
      let tar: Buffer | undefined
      try {
        tar = gunzipSync(tgz, { maxOutputLength: 16 * MAX_SEED_SIZE })
      } catch {
        tar = undefined
      }
      return [{ tgz, tar }]
    })
  return seeds
}

/** An archive made from one of the corpus by a few random changes, of its tar or of its gzip bytes. */
export function mutatedArchive(random: Random): Buffer {
  const seed = random.pick(allSeeds())
  const times = 1 + (random.below(2) === 0 ? 0 : random.below(4))
  if (seed.tar === undefined || random.below(5) === 0) {
    let bytes: Buffer = Buffer.from(seed.tgz)
    for (let i = 0; i < times; i++) bytes = changeBytes(random, bytes)
    return bytes
  }
  let tar: Buffer = Buffer.from(seed.tar)
  for (let i = 0; i < times; i++) tar = changeTar(random, tar)
  if (random.below(6) === 0) {
    const cut = random.below(tar.length + 1)
    return Buffer.concat([gzipMember(tar.subarray(0, cut)), gzipMember(tar.subarray(cut))])
  }
  return gzipSync(tar, { level: random.below(3) * 3 })
}

function changeTar(random: Random, tar: Buffer): Buffer {
  const blocks = Math.max(1, Math.floor(tar.length / 512))
  const block = random.below(blocks) * 512
  const header = tar.subarray(block, block + 512)
  switch (random.below(9)) {
    case 0:
      return changeBytes(random, tar)
    case 1:
      return Buffer.concat([tar.subarray(0, block), tar.subarray(block + 512 * (1 + random.below(3)))])
    case 2: {
      const other = random.pick(allSeeds()).tar ?? tar
      const from = random.below(Math.max(1, Math.floor(other.length / 512))) * 512
      return Buffer.concat([
        tar.subarray(0, block),
        other.subarray(from, from + 512 * (1 + random.below(5))),
        tar.subarray(block),
      ])
    }
    case 3:
      return random.below(4) === 0 ? tar.subarray(0, random.below(tar.length + 1)) : tar
    case 4:
      return insert(tar, random.below(tar.length + 1), random.pick(WORDS), true)
    default:
      break
  }
  if (header.length < 512) return tar
  const field = random.pick(FIELDS)
  const text = random.below(2) === 0 ? random.pick(NUMBERS) : random.pick(NAMES)
  if (random.below(4) === 0) header[156] = TYPES.charCodeAt(random.below(TYPES.length))
  else header.write(text.slice(0, 512 - field), field, 'latin1')
  if (random.below(8) !== 0) withChecksum(header, random.below(10) === 0 ? 'signed' : 'unsigned')
  return tar
}

function changeBytes(random: Random, bytes: Buffer): Buffer {
  const at = random.below(bytes.length + 1)
  switch (random.below(5)) {
    case 0:
      return bytes.subarray(0, at)
    case 1:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random.below(20))])
    case 2:
      return insert(bytes, at, random.pick([...NUMBERS, ...NAMES, ...WORDS]), false)
    default:
      if (at < bytes.length)
        bytes[at] = random.below(3) === 0 ? random.below(256) : (bytes[at] ?? 0) ^ (1 << random.below(8))
      return bytes
  }
}

function insert(bytes: Buffer, at: number, text: string, over: boolean): Buffer {
  const piece = Buffer.from(text, 'latin1')
  return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(over ? at + piece.length : at)])
}
