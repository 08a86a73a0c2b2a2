import { resolve } from 'node:path'
import { dir } from 'tmp-promise'
import type { Positional } from '../argv/line.ts'
import type { Interruption } from '../helm/interrupt.ts'
import { run } from '../helm/run.ts'
import { helmVersionOf } from '../helm/version.ts'
import { write } from '../messages/say.ts'
import type { PullPlan } from '../plan/pull.ts'
import type { Settings } from '../settings.ts'
import { pullPacked } from './pull-packed.ts'

/** One reference of a pull that unpacks. */
export interface PullRequest {
  readonly helm: string
  readonly plan: PullPlan
  readonly reference: Positional
  readonly settings: Settings
  readonly env: NodeJS.ProcessEnv
  readonly interruption: Interruption
}

/**
 * Pulls one reference packed, unpacks it, keeps the packed chart with a receipt, and prints what helm's own command
 * prints. What fails leaves the destination as it was, and no temporary folder.
 * @returns helm's exit code where helm failed, else 0
 * @throws ShimError where the chart cannot be unpacked
 */
export async function pullAndUnpack(request: PullRequest): Promise<number> {
  const { helm, plan, reference, interruption } = request
  const temporary = await dir({ prefix: 'helm-verify-shim', mode: 0o700, unsafeCleanup: true })
  try {
    const pulling = pullPacked(helm, plan, reference, temporary.path, plan.keyring, interruption)
    // Loaded while helm is pulling.
    const unpacking = import('../unpack/unpack-chart.ts')
    const keeping = import('./keep.ts')
    const pulled = await pulling
    if (pulled.packed === undefined) {
      write(2, pulled.heldError)
      return pulled.code
    }
    const { unpackChart } = await unpacking
    const chart = await unpackChart({
      archive: pulled.packed,
      target: resolve(plan.target),
      targetAsGiven: plan.target,
      referenceName: reference.value.slice(reference.value.lastIndexOf('/') + 1),
      helmVersion: helmVersionOf(helm, run),
      signal: interruption.signal,
    })
    await (await keeping).keep(request, { ...pulled, packed: pulled.packed }, chart)
    write(1, pulled.stdout)
    return 0
  } finally {
    await temporary.cleanup()
  }
}
