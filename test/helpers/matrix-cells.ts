import { fronts, sources, troubles, verbs, type Cell, type Front, type Verb } from './matrix-rules.ts'
import { helmfiles, helms } from './tools.ts'

/** How much of the matrix is run. `some` leaves out what shares its rule with a cell that is there. */
export type Extent = 'all' | 'some'

/** The cells of the matrix behind one front. */
export function cellsOf(front: Front, extent: Extent): Cell[] {
  const all = helmfiles.flatMap((helmfile) =>
    helms.flatMap((helm) =>
      sources.flatMap((source) => troubles.map((trouble) => ({ helmfile, helm, source, trouble, front }))),
    ),
  )
  return extent === 'all' ? all : all.filter(isKept)
}

function isKept({ helmfile, helm, source, trouble, front }: Cell): boolean {
  // helmfile 0.167.1 ends before it looks at any chart.
  if (helmfile === 'helmfile-0.167.1' && helm === 'helm4') return source === 'OCI' && trouble === 'signed'
  // chartify does with these what it does with JSON patches.
  if (source.endsWith('forceNamespace') || source.endsWith('strategic merge')) {
    return ['signed', 'unsigned', 'altered archive, old provenance'].includes(trouble)
  }
  return front !== 'shim, MODIFIED=allow' || source.includes(',') || trouble === 'cache tampered with'
}

/** The verbs that a cell is run with. helm-diff, which `apply` needs, is there for helm 3. */
export function verbsOf({ front, helm }: Cell, extent: Extent): Verb[] {
  return verbs.filter((verb) => {
    if (verb === 'apply' && helm !== 'helm3') return false
    return extent === 'all' || front === 'shim' || verb === 'sync'
  })
}

export { fronts }

/** Calls `work` for all items, a few at a time. */
export async function aFewAtATime<Item, Out>(
  items: readonly Item[],
  work: (item: Item) => Promise<Out>,
  limit = 3,
): Promise<Out[]> {
  const results: Out[] = []
  let next = 0
  const worker = async () => {
    for (let at = next++; at < items.length; at = next++) results[at] = await work(items[at] as Item)
  }
  await Promise.all(Array.from({ length: limit }, worker))
  return results
}
