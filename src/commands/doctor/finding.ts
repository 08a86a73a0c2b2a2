import type { FoundHelm } from '../../helm/find.ts'
import type { HelmVersion } from '../../helm/version.ts'
import type { Run } from '../../keyring/gpg.ts'

export type Level = 'ok' | 'warning' | 'error'

/** One thing that was looked at. */
export interface Finding {
  /** `helm`, `PATH`, `helmfile`, `keyring`, `state`, `plugins`, `settings` or `runtime`. */
  readonly about: string
  readonly level: Level
  readonly text: string
  /** What to do, unless all is well. */
  readonly next?: string
}

/** What the examinations look at. */
export interface Patient {
  /** The gate that belongs to this program. */
  readonly gate: string
  /** The real helm, as the gate finds it, and its version if it says one. */
  readonly helm: FoundHelm
  readonly version: HelmVersion | undefined
  readonly env: NodeJS.ProcessEnv
  readonly cwd: string
  readonly run: Run
}

/** A function that makes findings about one thing. */
export function findingsAbout(about: string) {
  return (level: Level, text: string, next?: string): Finding => ({
    about,
    level,
    text,
    ...(next === undefined ? {} : { next }),
  })
}
