import type { HelmLine, Reading } from '../argv/line.ts'
import { isOn } from '../argv/read.ts'
import type { Settings } from '../settings.ts'
import { chartArgument, type ChartArgument } from './chart-argument.ts'
import { planPull, type PullPlan } from './pull.ts'

/** What is to be done with a helm command. */
export type Plan =
  /** The real helm gets it untouched. */
  | { readonly kind: 'pass' }
  /** It asks for more than was understood, and the user asked for everything to be verified. */
  | { readonly kind: 'refuse'; readonly reason: string }
  /** `pull --untar`: a packed pull and a local extraction. */
  | { readonly kind: 'pull'; readonly pull: PullPlan }
  /** It may name unpacked directories: what they are is looked up before helm gets it. */
  | { readonly kind: 'use'; readonly line: HelmLine | undefined; readonly chart: ChartArgument | undefined }

/** The plan for a helm command line. Pure: it looks at nothing but the words and the settings. */
export function planFor(reading: Reading, argv: readonly string[], settings: Settings): Plan {
  if (settings.off) return { kind: 'pass' }
  if (reading.kind === 'unread') {
    if (settings.require && mayUnpack(argv)) return { kind: 'refuse', reason: reading.reason }
    return { kind: 'use', line: undefined, chart: undefined }
  }
  const { line } = reading
  if (line.command === 'pull') {
    // Without a reference helm has nothing to do but to say so.
    if (!isOn(line, 'untar') || line.positionals.length === 0) return { kind: 'pass' }
    const pull = planPull(line, settings)
    if (pull) return { kind: 'pull', pull }
    return settings.require ? { kind: 'refuse', reason: 'it cannot be rewritten safely' } : { kind: 'pass' }
  }
  return { kind: 'use', line, chart: chartArgument(line) }
}

/** Whether a command line that was not understood could be a pull that unpacks: helm has no abbreviations. */
function mayUnpack(argv: readonly string[]): boolean {
  return (
    argv.some((word) => word === 'pull' || word === 'fetch') &&
    argv.some((word) => word === '--untar' || word.startsWith('--untar='))
  )
}
