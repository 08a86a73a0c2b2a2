import type { HelmVersion } from '../helm/version.ts'
import { reasonOf } from '../messages/shim-error.ts'
import { needsComparison, type Demand, type Unpacked } from '../plan/verdict.ts'
import { digestOf } from '../store/digest.ts'
import type { Found } from '../store/find.ts'

/** An unpacked directory with its receipt, looked up. */
export type LookedUp = Unpacked & { readonly found: Found }

/**
 * Looks up the state of one directory that a receipt covers: reads the store, and compares the directory with its
 * packed chart where the verdict will depend on it. Whatever cannot be read makes the state unknown, never 'same'.
 */
export async function lookUp(
  found: Found,
  isChart: boolean,
  demand: Demand,
  helmVersion: () => Promise<HelmVersion>,
  signal: AbortSignal,
): Promise<LookedUp> {
  const { receipt, archive, directory, physical } = found
  // A receipt that cannot be read may have been one of a verified pull.
  const verified = receipt?.verified ?? true
  const base = { directory, isChart, verified, found }
  if (!receipt) return { ...base, state: { kind: 'unknown', why: 'its receipt cannot be read' } }
  if (archive === undefined)
    return { ...base, state: { kind: 'unknown', why: 'its packed chart is not kept any more' } }
  if (!needsComparison(verified, isChart, demand)) return { ...base, state: { kind: 'same', archive } }
  if (physical !== directory) {
    return { ...base, state: { kind: 'changed', archive, differences: [{ path: '.', change: 'replaced' }] } }
  }
  const compare = async (): Promise<State> => {
    const { compareChart } = await import('../unpack/compare-chart.ts')
    const differences = await compareChart({ archive, directory, helmVersion, signal })
    return differences.length > 0 ? { kind: 'changed', archive, differences } : { kind: 'same', archive }
  }
  const spoilt = async () => (await digestOf(archive)) !== receipt.digest
  // Whoever can change the kept chart could change the directory along with it, and without --verify no one else looks.
  // With it helm does, at the very bytes that are compared here.
  const helmLooks = demand.require || (isChart && demand.verify)
  try {
    if (!helmLooks && (await spoilt())) return { ...base, state: notThePulledOne }
    const state = await compare().catch(notComparable)
    return { ...base, state: helmLooks && state.kind !== 'same' && (await spoilt()) ? notThePulledOne : state }
  } catch (error) {
    return { ...base, state: notComparable(error) }
  }
}

type State = Unpacked['state']

const notThePulledOne: State = { kind: 'unknown', why: 'its kept packed chart is not the one that was pulled' }

function notComparable(error: unknown): State {
  return { kind: 'unknown', why: `it cannot be compared with its packed chart: ${reasonOf(error)}` }
}
