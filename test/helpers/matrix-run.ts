import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Release } from './helmfile.ts'
import { chartOf, type MatrixBed, type Place } from './matrix-bed.ts'
import {
  conditionOf,
  expected,
  keepsUnpacked,
  type Cell,
  type Expected,
  type Source,
  type Verb,
} from './matrix-rules.ts'

/** What came of one verb in a cell. */
export interface Result {
  readonly cell: Cell
  readonly verb: Verb
  readonly expected: Expected
  readonly good: boolean
  /** What was expected and did not come, in words; empty where all is as expected. */
  readonly surprises: readonly string[]
}

let places = 0

/** Runs a cell's verbs one after the other in a place of its own, and compares what came of each with the rules. */
export async function runCell(bed: MatrixBed, cell: Cell, verbs: readonly Verb[]): Promise<Result[]> {
  const place = await bed.place(`cell-${++places}`, cell.helm)
  try {
    await prepare(place, cell)
    const results: Result[] = []
    for (const verb of verbs) results.push(await runVerb(place, cell, verb))
    return results
  } finally {
    place.dispose()
  }
}

async function runVerb(place: Place, cell: Cell, verb: Verb): Promise<Result> {
  const run = { helmfile: cell.helmfile, shim: cell.front !== 'helm alone', env: settings(place, cell) }
  const wanted = expected(cell, verb)
  const outcome = await place.helmfile(run, [release(place, cell)], [verb])
  const said = outcome.stdout + outcome.stderr
  const good = outcome.code === 0
  const surprises: string[] = []
  const expect = (so: boolean, otherwise: string) => {
    if (!so) surprises.push(otherwise)
  }
  const gist = said.split('\n').filter((line) => /error|helm-verify-shim/i.test(line))
  expect(good === wanted.good, `exit code ${outcome.code}: ${[...new Set(gist)].slice(0, 6).join(' | ')}`)
  if (!good && wanted.says)
    expect(wanted.says.test(said), `not said: ${String(wanted.says)}; said: ${gist.join(' | ')}`)

  const chart = chartOf(conditionOf(cell.trouble))
  const all = [`demo-${chart}`, 'sh.helm.release.v1.demo.v1']
  const deploys = good && (verb === 'sync' || verb === 'apply')
  const deployed = (await place.deployed()).filter((name) => name !== 'demo-evil')
  expect(
    JSON.stringify(deployed) === JSON.stringify(deploys ? all : []),
    `in the cluster: ${deployed.join(', ') || 'nothing'}`,
  )
  if (deploys) {
    const destroyed = await place.helmfile(run, [release(place, cell)], ['destroy'])
    expect(destroyed.code === 0, `destroy ended with ${destroyed.code}: ${destroyed.stderr.slice(-500)}`)
    expect((await place.deployed()).length === 0, 'destroy left something')
  }
  return { cell, verb, expected: wanted, good, surprises }
}

/** What happened before: a run that filled the cache, and what was done to the cache. */
async function prepare(place: Place, cell: Cell): Promise<void> {
  const cached = cell.trouble.includes('cached')
  if (!cached && cell.trouble !== 'cache tampered with') return
  const earlier = { ...release(place, cell), verify: !cached }
  // Without settings: they are what the cell is about. An earlier run that does not succeed leaves no cache, either.
  await place.helmfile({ helmfile: cell.helmfile, shim: cell.front !== 'helm alone' }, [earlier], ['template'])
  if (cached) return
  const charts = unpackedCharts(place.helmfileCache)
  if (keepsUnpacked(cell) !== charts.length > 0) throw new Error(`${place.helmfileCache}: ${charts.length} charts`)
  for (const chart of charts) writeFileSync(join(chart, 'templates/evil.yaml'), evil)
}

const evil = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}-evil\n'

/** The directories with a Chart.yaml below a folder. */
export function unpackedCharts(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter(({ name }) => name === 'Chart.yaml')
      .map(({ parentPath }) => parentPath)
  } catch {
    return []
  }
}

function settings(place: Place, { front, trouble }: Cell): NodeJS.ProcessEnv {
  if (front === 'shim, MODIFIED=allow') return { HELM_VERIFY_SHIM_MODIFIED: 'allow' }
  // helmfile names the keyring only where it asks for verification by itself.
  if (front === 'shim, REQUIRE')
    return { HELM_VERIFY_SHIM_REQUIRE: '1', HELM_VERIFY_SHIM_KEYRING: keyring(place, trouble) }
  return {}
}

function keyring({ bed }: Place, trouble: string): string {
  return trouble === 'missing keyring' ? join(bed.sandbox.root, 'no keyring here.gpg') : bed.signers.keyring
}

function release(place: Place, { source, trouble }: Cell): Release {
  const chart = chartOf(conditionOf(trouble))
  return {
    name: 'demo',
    chart: `${source.startsWith('OCI') ? 'oci' : 'cls'}/${chart}`,
    version: '0.1.0',
    verify: true,
    keyring: keyring(place, trouble),
    ...patches(source, place.name, `demo-${chart}`),
  }
}

/** What makes helmfile call chartify. */
function patches(source: Source, namespace: string, name: string): Partial<Release> {
  if (source.endsWith('forceNamespace')) return { forceNamespace: namespace }
  if (source.endsWith('strategic merge')) {
    const patch = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { patched: 'by chartify' } }
    return { strategicMergePatches: [patch] }
  }
  if (source.endsWith('JSON patch')) {
    const target = { version: 'v1', kind: 'ConfigMap', name }
    return { jsonPatches: [{ target, patch: [{ op: 'add', path: '/data/patched', value: 'by chartify' }] }] }
  }
  return {}
}
