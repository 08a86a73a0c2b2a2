import { escapeName } from '../../messages/text.ts'
import type { CheckedChart } from './check-chart.ts'

/** What came of one release of a helmfile.yaml. This is what `--json` prints: fields are only ever added to it. */
export interface CheckedRelease {
  readonly name: string
  readonly namespace: string
  /** The chart and its version, as helmfile has them. */
  readonly chart: string
  readonly version: string
  readonly status: CheckedChart['status'] | 'local' | 'skipped'
  /** Why it is not verified, or was not checked. */
  readonly why: string | null
  /** As for a single chart; null where it was not checked. */
  readonly check: CheckedChart | null
}

const words: Readonly<Record<CheckedRelease['status'], string>> = {
  verified: 'verified',
  'not-verified': 'NOT VERIFIED',
  'not-pulled': 'NOT PULLED',
  local: 'local',
  skipped: 'skipped',
}

/** The table of a helmfile's releases, what is to be done about them, and a summary. (pure) */
export function describeReleases(releases: readonly CheckedRelease[]): string {
  if (releases.length === 0) return 'helmfile lists no releases.\n'
  const table = columns([
    ['RELEASE', 'CHART', 'VERSION', 'RESULT', 'SIGNED BY'],
    ...releases.map(({ name, chart, version, status, check }) => [
      name,
      chart,
      version || '-',
      words[status],
      check?.signers.join(', ') || '-',
    ]),
  ])
  const notes = releases.flatMap(({ name, status, why, check }) => {
    if (status === 'verified') return []
    return [`${name}: ${why ?? '?'}${check?.next ? `. next: ${check.next}` : ''}`]
  })
  const counts = Object.entries(words).flatMap(([status, word]) => {
    const number = releases.filter((release) => release.status === status).length
    return number > 0 ? [`${number} ${word.toLowerCase()}`] : []
  })
  const parts = [table, ...(notes.length > 0 ? [notes.map(escapeName)] : []), [`${counts.join(', ')}.`]]
  return `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

function columns(rows: readonly (readonly string[])[]): string[] {
  const escaped = rows.map((row) => row.map(escapeName))
  const widths = (escaped[0] ?? []).map((_, at) => Math.max(...escaped.map((row) => row[at]?.length ?? 0)))
  return escaped.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
