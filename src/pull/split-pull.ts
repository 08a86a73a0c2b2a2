import { Interruption } from '../helm/interrupt.ts'
import type { PullPlan } from '../plan/pull.ts'
import type { Settings } from '../settings.ts'
import { pullAndUnpack } from './pull-and-unpack.ts'

/**
 * `helm pull --untar`, split: for each reference in turn a packed pull by helm into a private temporary folder, then a
 * local extraction; like helm, the first that fails ends it.
 * @returns the exit code: helm's, where helm failed
 * @throws ShimError where the chart was pulled but cannot be unpacked
 */
export async function splitPull(
  helm: string,
  plan: PullPlan,
  settings: Settings,
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const interruption = new Interruption()
  try {
    for (const reference of plan.references) {
      const code = await pullAndUnpack({ helm, plan, reference, settings, env, interruption })
      if (code !== 0) return code
    }
    return 0
  } finally {
    interruption.settle()
  }
}
