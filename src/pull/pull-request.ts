import type { Positional } from '../argv/line.ts'
import type { Interruption } from '../helm/interrupt.ts'
import type { PullPlan } from '../plan/pull.ts'
import type { Settings } from '../settings.ts'

/** One reference of a pull that unpacks. */
export interface PullRequest {
  readonly helm: string
  readonly plan: PullPlan
  readonly reference: Positional
  readonly settings: Settings
  readonly env: NodeJS.ProcessEnv
  readonly interruption: Interruption
}
