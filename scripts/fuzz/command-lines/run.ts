import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { editLine } from '../../../src/argv/edit.ts'
import type { HelmLine } from '../../../src/argv/line.ts'
import { readHelmLine } from '../../../src/argv/read.ts'
import { collectFlags } from '../../flags/collect.ts'
import type { HelmFlags } from '../../flags/collect.ts'
import { judge } from './compare.ts'
import type { Verdict } from './compare.ts'
import { generateLine } from './generate.ts'
import { askOracle } from './oracle.ts'
import type { OracleReading } from './oracle.ts'
import { randomFrom } from './random.ts'
import type { Random } from './random.ts'

/** A supported helm and its parser. */
export interface Subject {
  readonly name: string
  readonly oracle: string
  readonly flags: HelmFlags
}

/** How many lines went which way, and the ones that went wrong. */
export interface Tally {
  readonly lines: number
  readonly kinds: Readonly<Record<Verdict['kind'], number>>
  /** Lines that were left to a helm that understands them, by reason. */
  readonly left: Readonly<Record<string, number>>
  /** Lines out of which flags were cut, and those where the editor would not. */
  readonly edits: { readonly done: number; readonly refused: number }
  readonly wrong: readonly string[]
}

/** The oldest and newest helms, with the parser that each was built with. */
export async function subjects(bin: string): Promise<Subject[]> {
  const home = mkdtempSync(join(tmpdir(), 'helm-flags-'))
  try {
    const all: Subject[] = []
    for (const [name, oracle] of [
      ['helm3.7', 'pflag-oracle-3.7'],
      ['helm3', 'pflag-oracle'],
      ['helm4', 'pflag-oracle'],
    ] as const)
      all.push({ name, oracle: join(bin, oracle), flags: await collectFlags(join(bin, name), home) })
    return all
  } finally {
    rmSync(home, { recursive: true })
  }
}

/**
 * Generates lines from a seed, and compares how they are read with one helm.
 * @param all the helms whose commands and flags the lines are made of: also of flags that this one does not know
 */
export async function compareLines(
  subject: Subject,
  all: readonly Subject[],
  count: number,
  seed: number,
): Promise<Tally> {
  const random = randomFrom(seed)
  const lines = Array.from({ length: count }, () => generateLine(random, random.pick([subject, ...all]).flags))
  const readings = await askOracle(subject.oracle, subject.flags, lines)
  const kinds = { same: 0, 'both refuse': 0, 'helm refuses': 0, left: 0, wrong: 0 }
  const left: Record<string, number> = {}
  const wrong: string[] = []
  const same: { line: HelmLine; oracle: OracleReading }[] = []
  lines.forEach((argv, at) => {
    const oracle = readings[at]
    if (!oracle) return
    const reading = readHelmLine(argv)
    const verdict = judge(reading, oracle, subject.flags)
    kinds[verdict.kind]++
    if (verdict.kind === 'left') left[verdict.why] = (left[verdict.why] ?? 0) + 1
    if (verdict.kind === 'wrong') wrong.push(`${JSON.stringify(argv)}: ${verdict.why}`)
    if (verdict.kind === 'same' && reading.kind === 'read') same.push({ line: reading.line, oracle })
  })
  const edits = await compareEdits(subject, same, random)
  return { lines: count, kinds, left, edits: edits.counts, wrong: [...wrong, ...edits.wrong] }
}

const cuttable = ['untar', 'untardir', 'destination', 'verify', 'keyring', 'values', 'generate-name', 'namespace', 'v']

/** Cuts flags out of lines, and has the oracle say what is left. */
async function compareEdits(
  subject: Subject,
  same: readonly { readonly line: HelmLine; readonly oracle: OracleReading }[],
  random: Random,
) {
  const edited: { argv: string[]; expected: unknown; of: readonly string[] }[] = []
  let refused = 0
  for (const { line, oracle } of same) {
    const names = cuttable.filter(() => random.chance(60))
    const stays = ([name]: readonly [string, string]) => !names.includes(name)
    try {
      const argv = editLine(line, { withoutFlags: names })
      const flags = oracle.flags?.filter(stays) ?? []
      const expected = {
        ...says(oracle),
        flags,
        ends: finalValues({ ...oracle, flags, early: oracle.early?.filter(stays) }),
      }
      edited.push({ argv, expected, of: line.argv })
    } catch {
      refused++
    }
  }
  const readings = await askOracle(
    subject.oracle,
    subject.flags,
    edited.map(({ argv }) => argv),
  )
  const wrong = edited.flatMap(({ argv, expected, of }, at) => {
    const oracle = readings[at]
    if (!oracle || oracle.error !== undefined)
      return [`${JSON.stringify(of)} edited to ${JSON.stringify(argv)}: ${oracle?.error}`]
    const found = { ...says(oracle), ends: finalValues(oracle) }
    if (isDeepStrictEqual(found, expected)) return []
    return [`${JSON.stringify(of)} edited to ${JSON.stringify(argv)}: ${JSON.stringify(found)}`]
  })
  return { counts: { done: edited.length, refused }, wrong }
}

function says(oracle: OracleReading) {
  return {
    command: oracle.command,
    positionals: oracle.positionals ?? [],
    flags: oracle.flags ?? [],
    dash: oracle.dash,
  }
}

/** What each flag ends as: its last value, early or late. */
function finalValues({ early = [], flags = [] }: OracleReading) {
  return Object.fromEntries([...early, ...flags])
}
