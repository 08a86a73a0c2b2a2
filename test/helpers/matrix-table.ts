import type { Result } from './matrix-run.ts'
import { keepsUnpacked, knownError, troubles, type Front, type Source, type Trouble } from './matrix-rules.ts'
import { helmfiles, type Helmfile } from './tools.ts'

/** The sources that stand for all in the table: the rules of the others are the same. */
const shown = {
  OCI: 'OCI',
  classic: 'classic',
  'classic, JSON patch': 'classic, patched by chartify',
  'OCI, JSON patch': 'OCI, patched by chartify',
} as const satisfies Partial<Record<Source, string>>

/** What came of every `sync`, as Markdown: what helm alone does, what it does behind the shim, and with a setting. */
export function matrixTable(results: readonly Result[]): string {
  const syncs = results.filter(({ verb, cell }) => verb === 'sync' && !isTooOld(cell))
  const tables = helmfiles.map((helmfile) => {
    const head = ['', ...Object.values(shown)]
    const rows = troubles.map((trouble) => [
      trouble,
      ...(Object.keys(shown) as Source[]).map((source) => field(syncs, helmfile, source, trouble)),
    ])
    const lines = [head, head.map(() => '---'), ...rows].map((columns) => `| ${columns.join(' | ')} |`)
    return `**${helmfile.replace('-', ' ')}** with \`verify: true\`\n\n${lines.join('\n')}`
  })
  return `${tables.join('\n\n')}\n`
}

function isTooOld({ helmfile, helm }: Result['cell']): boolean {
  return helmfile === 'helmfile-0.167.1' && helm === 'helm4'
}

function field(results: readonly Result[], helmfile: Helmfile, source: Source, trouble: Trouble): string {
  if (trouble.includes('cache') && !keepsUnpacked({ helmfile, source })) return 'nothing is cached'
  const verdict = (front: Front): string | undefined => {
    const all = results.filter(
      ({ cell }) =>
        cell.helmfile === helmfile && cell.source === source && cell.trouble === trouble && cell.front === front,
    )
    const words = new Set(all.map(wordFor))
    if (words.size > 1) throw new Error(`helm 3 and helm 4 differ: ${helmfile}, ${source}, ${trouble}, ${front}`)
    return [...words][0]
  }
  const [alone, shim] = [verdict('helm alone'), verdict('shim')]
  const settings = (['shim, REQUIRE', 'shim, MODIFIED=allow'] as const).flatMap((front) => {
    const word = verdict(front)
    return word === undefined || word === shim ? [] : [`${front.replace('shim, ', '')}: ${word}`]
  })
  return [alone === shim ? (shim ?? '') : `${alone ?? ''} → **${shim ?? ''}**`, ...settings].join('<br>')
}

function wordFor({ good, expected }: Result): string {
  if (good) return 'deployed'
  return expected.says === knownError ? 'cannot verify' : 'refused'
}
