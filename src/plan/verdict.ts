import type { Difference } from '../unpack/compare-chart.ts'

/** What is known of one unpacked directory that a command names, once it was looked up. */
export interface Unpacked {
  /** The chart's directory, physical path. */
  readonly directory: string
  /** Whether it is the command's chart, so that helm can be given the packed one in its place. */
  readonly isChart: boolean
  /** Whether helm verified the chart when it was pulled. */
  readonly verified: boolean
  readonly state:
    | { readonly kind: 'same'; readonly archive: string }
    | { readonly kind: 'changed'; readonly archive: string; readonly differences: readonly Difference[] }
    /** The receipt, or the packed chart that it names, cannot be read. */
    | { readonly kind: 'unknown'; readonly why: string }
}

/** What the command asks for. */
export interface Demand {
  /** The command line says `--verify` about its chart, or is `helm verify`. */
  readonly verify: boolean
  /** Every unpacked chart has to verify now. */
  readonly require: boolean
  readonly allowModified: boolean
  /** `helm verify`: its answer is about the directory itself, so a changed one can never pass. */
  readonly isVerify: boolean
}

/** What becomes of one unpacked directory. */
export type Verdict =
  /** Nothing to do: the directory is used as it is. */
  | { readonly kind: 'use' }
  /** helm gets the packed chart in the directory's place, with `--verify`. */
  | { readonly kind: 'bridge'; readonly archive: string }
  /** helm verifies the packed chart first; then the directory, which equals it, is used. */
  | { readonly kind: 'verify-first'; readonly archive: string }
  /** As before, but the directory differs, which the user allowed: with a warning, and without `--verify`. */
  | { readonly kind: 'verify-original'; readonly archive: string; readonly differences: readonly Difference[] }
  /** helm gets the command untouched and refuses; we say why. */
  | { readonly kind: 'leave-to-helm'; readonly why: 'changed' | 'unknown' }
  | { readonly kind: 'refuse'; readonly why: 'changed' | 'unknown' }

/** Whether a directory has to be compared with its packed chart at all. */
export function needsComparison(verified: boolean, isChart: boolean, demand: Demand): boolean {
  return verified || demand.require || (isChart && demand.verify)
}

/** The verdict on one unpacked directory. Pure, and the whole of the policy: see the table in its test. */
export function judge(unpacked: Unpacked, demand: Demand): Verdict {
  const { state, isChart, verified } = unpacked
  const asked = isChart && demand.verify
  if (!needsComparison(verified, isChart, demand)) return { kind: 'use' }
  switch (state.kind) {
    case 'unknown':
      // With --verify helm refuses a directory by itself; without, nobody would.
      return { kind: asked ? 'leave-to-helm' : 'refuse', why: 'unknown' }
    case 'changed':
      if (demand.allowModified && !demand.isVerify) return { ...state, kind: 'verify-original' }
      return { kind: verified || demand.require ? 'refuse' : 'leave-to-helm', why: 'changed' }
    case 'same':
      if (isChart && (asked || demand.require)) return { kind: 'bridge', archive: state.archive }
      return demand.require ? { kind: 'verify-first', archive: state.archive } : { kind: 'use' }
  }
}
