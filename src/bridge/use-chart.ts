import { resolve } from 'node:path'
import { editLine, type LineEdit } from '../argv/edit.ts'
import type { HelmLine } from '../argv/line.ts'
import { lastValue } from '../argv/read.ts'
import { Interruption } from '../helm/interrupt.ts'
import { passToHelm, runHelm } from '../helm/pass.ts'
import { run } from '../helm/run.ts'
import { helmVersionOf, readsArmorAndKeybox } from '../helm/version.ts'
import { usableKeyring } from '../keyring/usable-keyring.ts'
import { say } from '../messages/say.ts'
import { ShimError, reasonOf } from '../messages/shim-error.ts'
import type { ChartArgument } from '../plan/chart-argument.ts'
import { judge, type Demand, type Verdict } from '../plan/verdict.ts'
import type { Settings } from '../settings.ts'
import { findReceipts, type Found } from '../store/find.ts'
import { statePaths, type StatePaths } from '../store/paths.ts'
import type { Sources } from './chartify-copy.ts'
import { isChartifyCopy, namedPaths, type CoveredPath, type NamedPath } from './directories.ts'
import { leftToHelm, modifiedAllowed, noReceipt, refusal } from './explain.ts'
import { lookUp, type LookedUp } from './look-up.ts'
import { refuseStrangers } from './strangers.ts'
import { verifyPacked } from './verify-packed.ts'

/** A helm command that may name unpacked directories. */
export interface Use {
  readonly helm: string
  readonly argv: readonly string[]
  /** Undefined where the command line was not understood: a plugin, mostly. */
  readonly line: HelmLine | undefined
  readonly chart: ChartArgument | undefined
  readonly settings: Settings
  readonly env: NodeJS.ProcessEnv
}

interface Judged {
  readonly unpacked: LookedUp
  readonly verdict: Verdict
}

/**
 * Hands a command to helm once every unpacked directory that it names was found to be what it should be: compared with
 * its packed chart and, where the command verifies, replaced by it.
 * @returns the exit code, where helm could not simply take our place
 * @throws ShimError where a directory is refused; helm was not run then
 */
export async function useChart(use: Use): Promise<number> {
  const { helm, argv, line, chart, settings } = use
  const paths = statePaths(use.env)
  const named = cover(namedPaths(argv, line), paths)
  const copies = await sourcesOf(use, named, paths)
  const covering = new Map(named.flatMap(({ receipts }) => receipts).map((entry) => [entry.directory, entry]))
  const found = [...covering.values(), ...copies.origins]
  const chartPath = named.find(({ index }) => index !== undefined && index === chart?.index)
  const isTheChart = (entry: Found) =>
    chartPath !== undefined && [chartPath.directory, resolve(chartPath.given)].includes(entry.directory)

  refuseStrangers(named, settings.require, use.env)
  if (chart?.verify && chartPath?.directory !== undefined && !found.some(isTheChart)) {
    say(...noReceipt(chart.value))
  }
  if (found.length === 0 && copies.others.length === 0) return await passToHelm(helm, argv)

  const demand: Demand = {
    verify: chart?.verify ?? false,
    require: settings.require,
    allowModified: settings.allowModified,
    isVerify: line?.command === 'verify',
  }
  // The command asks nothing of what chartify made its copies of: it only has to be as it was pulled.
  const asPulled: Demand = {
    verify: false,
    require: false,
    allowModified: settings.allowModified && !settings.require,
    isVerify: false,
  }
  const interruption = new Interruption()
  try {
    const version = helmVersionOf(helm, run)
    const judged: Judged[] = []
    for (const { entry, isChart, asked } of [
      ...found.map((entry) => ({ entry, isChart: isTheChart(entry), asked: demand })),
      ...copies.others.map((entry) => ({ entry, isChart: false, asked: asPulled })),
    ]) {
      const unpacked = await lookUp(entry, isChart, asked, version, interruption.signal)
      judged.push({ unpacked, verdict: judge(unpacked, asked) })
    }
    return await carryOut(use, judged, interruption)
  } finally {
    interruption.settle()
  }
}

/** Carries the verdicts out: refusals first, then what helm has to verify beforehand, then the command itself. */
async function carryOut(use: Use, judged: readonly Judged[], interruption: Interruption): Promise<number> {
  for (const { unpacked, verdict } of judged) {
    if (verdict.kind === 'refuse') throw refusal(unpacked)
    if (verdict.kind === 'leave-to-helm') say(...leftToHelm(unpacked))
  }
  for (const { unpacked, verdict } of judged) {
    if (verdict.kind !== 'verify-first' && verdict.kind !== 'verify-original') continue
    const code = await withKeyring(use, unpacked.found, true, async (keyring) =>
      verifyPacked(use.helm, verdict.archive, keyring, unpacked.directory, interruption),
    )
    if (code !== 0) return code
    if (verdict.kind === 'verify-original') say(...modifiedAllowed(unpacked, verdict.differences))
  }
  return await handOver(use, judged, interruption)
}

/** Gives helm the command line: the chart's directory replaced, or `--verify` taken out; all else untouched. */
async function handOver(use: Use, judged: readonly Judged[], interruption: Interruption): Promise<number> {
  const { helm, argv, line, chart, settings } = use
  const own = judged.find(({ unpacked }) => unpacked.isChart)
  if (line && chart && own?.verdict.kind === 'bridge') {
    const { archive } = own.verdict
    const named = lastValue(line, 'keyring')
    return await withKeyring(use, own.unpacked.found, settings.require, async (keyring, comeBack) => {
      const edited = edit(line, {
        replaceWords: new Map([[chart.index, archive]]),
        set: {
          // `helm verify` has no such flag: it always verifies.
          ...(line.command === 'verify' || chart.verify ? {} : { verify: 'true' }),
          ...(keyring === undefined || keyring === named ? {} : { keyring }),
        },
      })
      return comeBack ? await runHelm(helm, edited, interruption) : await passToHelm(helm, edited)
    })
  }
  const dropsVerify = line && own?.verdict.kind === 'verify-original'
  return await passToHelm(helm, dropsVerify ? edit(line, { withoutFlags: ['verify'] }) : argv)
}

function edit(line: HelmLine, change: LineEdit): readonly string[] {
  try {
    return editLine(line, change)
  } catch (error) {
    const next = 'next: write its flags behind the command, one by one.'
    throw new ShimError('not-understood', `${reasonOf(error)}; helm was not run.`, [next], error)
  }
}

/** Calls `work` with the keyring to name on helm's command line: one that this helm can read. */
async function withKeyring(
  use: Use,
  found: Found,
  orReceipt: boolean,
  work: (keyring: string | undefined, comeBack: boolean) => Promise<number>,
): Promise<number> {
  const given = keyringFor(use, found, orReceipt)
  const readsAll = readsArmorAndKeybox(helmVersionOf(use.helm, run))
  const usable = await usableKeyring({ given, env: use.env, readsArmorAndKeybox: readsAll })
  try {
    // What has to be said or removed afterwards needs us to be there still.
    const code = await work(usable.path ?? given, usable.path !== undefined || usable.note !== undefined)
    if (code !== 0 && usable.note !== undefined) say(usable.note)
    return code
  } finally {
    usable.dispose()
  }
}

/** The command's keyring, else the environment's, else, where we ask for more than the command does, the receipt's. */
function keyringFor({ line, settings }: Use, { receipt }: Found, orReceipt: boolean): string | undefined {
  return (line && lastValue(line, 'keyring')) ?? settings.keyring ?? (orReceipt ? receipt?.keyring : undefined)
}

function cover(named: readonly NamedPath[], paths: StatePaths | undefined): CoveredPath[] {
  return named.map((path) => ({ ...path, receipts: paths ? findReceipts(paths, path.given) : [] }))
}

/** What chartify's copies among the directories were made of, those that have no receipt themselves. */
async function sourcesOf(
  { settings, chart, env }: Use,
  named: readonly NamedPath[],
  paths: StatePaths | undefined,
): Promise<Sources> {
  const directories = new Set(named.flatMap(({ directory }) => (directory === undefined ? [] : [directory])))
  const copies = [...directories].filter((directory) => isChartifyCopy(directory, env))
  const unknown = paths ? copies.filter((copy) => findReceipts(paths, copy).length === 0) : []
  if (!paths || unknown.length === 0) return { origins: [], others: [] }
  const { sourcesOfCopies } = await import('./chartify-copy.ts')
  return sourcesOfCopies(paths, unknown, { require: settings.require, verify: chart?.verify ?? false }, env)
}
