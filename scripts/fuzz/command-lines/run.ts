import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readHelmLine } from '../../../src/argv/read.ts'
import { collectFlags } from '../../flags/collect.ts'
import type { HelmFlags } from '../../flags/collect.ts'
import { judge } from './compare.ts'
import type { Verdict } from './compare.ts'
import { generateLine } from './generate.ts'
import { askOracle } from './oracle.ts'
import { randomFrom } from './random.ts'

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
  lines.forEach((line, at) => {
    const oracle = readings[at]
    if (!oracle) return
    const verdict = judge(readHelmLine(line), oracle, subject.flags)
    kinds[verdict.kind]++
    if (verdict.kind === 'left') left[verdict.why] = (left[verdict.why] ?? 0) + 1
    if (verdict.kind === 'wrong') wrong.push(`${JSON.stringify(line)}: ${verdict.why}`)
  })
  return { lines: count, kinds, left, wrong }
}
