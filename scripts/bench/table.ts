/** One line of what was measured. */
export interface Row {
  readonly what: string
  readonly ours: string
  readonly theirs: string
  readonly value: string
  readonly target: string
  /** Undefined where there is no target. */
  readonly met: boolean | undefined
}

const head: Row = { what: '', ours: 'shim', theirs: 'against', value: 'result', target: 'target', met: undefined }

/** Rows as a table in words. */
export function table(title: string, rows: readonly Row[]): string {
  const cells = [head, ...rows].map(({ what, ours, theirs, value, target, met }) => [
    what,
    ours,
    theirs,
    value,
    target,
    met === undefined ? '' : met ? 'met' : 'MISSED',
  ])
  const widths = cells[0]?.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0))) ?? []
  const lines = cells.map((row) =>
    row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  '),
  )
  return [title, ...lines.map((text) => `  ${text.trimEnd()}`), ''].join('\n')
}
