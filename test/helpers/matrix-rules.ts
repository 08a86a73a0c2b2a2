import type { Condition } from './charts.ts'
import type { Helm, Helmfile } from './tools.ts'

/** Where a release's chart comes from, and whether helmfile has chartify patch it. */
export const sources = [
  'OCI',
  'OCI, JSON patch',
  'classic',
  'classic, forceNamespace',
  'classic, strategic merge',
  'classic, JSON patch',
] as const
export type Source = (typeof sources)[number]

/** What is the matter with a chart, its keyring, or what helmfile has in its cache. */
export const troubles = [
  'signed',
  'unsigned',
  'wrong key',
  'altered archive, old provenance',
  'missing keyring',
  'expired key',
  'signed, cached by an unverified run',
  'unsigned, cached by an unverified run',
  'cache tampered with',
] as const
export type Trouble = (typeof troubles)[number]

/** In front of helm: nothing, the shim, or the shim with a setting. */
export const fronts = ['helm alone', 'shim', 'shim, REQUIRE', 'shim, MODIFIED=allow'] as const
export type Front = (typeof fronts)[number]

export const verbs = ['template', 'lint', 'sync', 'apply'] as const
export type Verb = (typeof verbs)[number]

/** One cell: everything but the verb. */
export interface Cell {
  readonly helmfile: Helmfile
  readonly helm: Helm
  readonly source: Source
  readonly trouble: Trouble
  readonly front: Front
}

/** What has to come of a helmfile run, and why. */
export interface Expected {
  /** It ends well; a `sync` or `apply` has deployed. Otherwise it fails, and nothing is in the cluster. */
  readonly good: boolean
  /** What is said where it fails. */
  readonly says?: RegExp
  readonly why: string
}

/** The chart that a cell pulls. */
export function conditionOf(trouble: Trouble): Condition {
  const conditions: Partial<Record<Trouble, Condition>> = {
    unsigned: 'unsigned',
    'unsigned, cached by an unverified run': 'unsigned',
    'wrong key': 'wrong key',
    'altered archive, old provenance': 'altered',
    'expired key': 'expired',
  }
  return conditions[trouble] ?? 'signed'
}

/** What helm itself says when it verifies such a chart. */
const helmSays: Partial<Record<Trouble, RegExp>> = {
  unsigned: /failed to fetch provenance|could not load provenance file|\.prov: no such file/,
  'unsigned, cached by an unverified run':
    /failed to fetch provenance|could not load provenance file|\.prov: no such file/,
  'wrong key': /signature made by unknown entity/,
  'altered archive, old provenance': /sha256 sum does not match/,
  'missing keyring': /no keyring here\.gpg: no such file/,
  'expired key': /expired/,
}

export const knownError = /unpacked charts cannot be verified/

/** Where in a run helmfile has helm verify the chart, if it does. helmfile: pkg/state/state.go flagsFor…, getOCIChart */
function asks({ helmfile, source }: Cell, verb: Verb): 'pull' | 'deploy' | 'never' {
  const deploys = verb === 'sync' || verb === 'apply'
  if (helmfile === 'helmfile-0.167.1') return deploys ? 'deploy' : 'never'
  if (source.startsWith('OCI')) return 'pull'
  // lint fetches the chart itself (forcedDownloadChart), but leaves the fetching to chartify where there are patches.
  if (verb === 'lint' && source === 'classic') return 'pull'
  return deploys ? 'deploy' : 'never'
}

/** What helm is given to deploy. */
function given({ source }: Cell): 'reference' | 'unpacked' | 'patched' | 'patched copy' {
  if (source === 'OCI') return 'unpacked'
  if (source === 'classic') return 'reference'
  return source.startsWith('OCI') ? 'patched copy' : 'patched'
}

/** Whether helmfile keeps this chart, unpacked, from one run to the next. */
export function keepsUnpacked({ helmfile, source }: Pick<Cell, 'helmfile' | 'source'>): boolean {
  return helmfile === 'helmfile-1.8.0' && source.startsWith('OCI')
}

/** What has to come of a verb in a cell. */
export function expected(cell: Cell, verb: Verb): Expected {
  if (cell.helmfile === 'helmfile-0.167.1' && cell.helm === 'helm4') {
    return {
      good: false,
      says: /unknown flag: --client/,
      why: 'helmfile 0.167.1 asks `helm version --client`, which helm 4 does not know, and ends',
    }
  }
  return cell.front === 'helm alone' ? alone(cell, verb) : behindShim(cell, verb)
}

/** Whether helm verifies the chart. */
function verified({ trouble }: Cell, why: string): Expected {
  const says = helmSays[trouble]
  return says ? { good: false, says, why: `${why}, and refuses it` } : { good: true, why: `${why}: it is good` }
}

function isCached(cell: Cell): boolean {
  const filled: readonly Trouble[] = [
    'signed, cached by an unverified run',
    'unsigned, cached by an unverified run',
    'cache tampered with',
  ]
  return keepsUnpacked(cell) && filled.includes(cell.trouble)
}

function alone(cell: Cell, verb: Verb): Expected {
  if (isCached(cell)) return { good: true, why: 'helmfile takes what is in its cache, and nobody looks at it' }
  switch (asks(cell, verb)) {
    case 'never':
      return { good: true, why: 'helmfile does not ask helm to verify' }
    case 'pull':
      return verified(cell, 'helm verifies the packed chart when it pulls it')
    case 'deploy':
      return given(cell) === 'reference'
        ? verified(cell, 'helm verifies the packed chart that it fetches')
        : { good: false, says: knownError, why: 'helm is to verify a directory, which it cannot' }
  }
}

function behindShim(cell: Cell, verb: Verb): Expected {
  const what = given(cell)
  const deploys = verb === 'sync' || verb === 'apply'
  const requires = cell.front === 'shim, REQUIRE'
  const allows = cell.front === 'shim, MODIFIED=allow'
  if (isCached(cell)) {
    if (cell.trouble === 'cache tampered with' && !(requires && what === 'patched copy')) {
      return allows
        ? { good: true, why: 'changed directories are allowed, and the packed original verifies' }
        : {
            good: false,
            says: /is not what was pulled any more/,
            why: `the directory${what === 'unpacked' ? '' : ' that chartify copied'} is compared with the packed chart that helm verified`,
          }
    }
    if (requires && what === 'unpacked') return verified(cell, 'helm verifies the kept packed chart of what is cached')
    if (requires) return changed(cell)
    return { good: true, why: 'the run that filled the cache was not asked to verify' }
  }
  const asked = asks(cell, verb)
  // chartify pulls for all verbs; helmfile for lint, and everything that is OCI.
  const pulls = what !== 'reference' || verb === 'lint'
  const atPull = asked === 'pull' || (requires && pulls)
  if (atPull) {
    const pulled = verified(cell, 'helm verifies the packed chart when it is pulled')
    if (!pulled.good || what === 'unpacked' || what === 'reference') return pulled
    if (what === 'patched copy' && !requires) return pulled
    return changed(cell)
  }
  if (asked === 'never') return { good: true, why: 'helmfile does not ask helm to verify' }
  if (what === 'reference') return verified(cell, 'helm verifies the packed chart that it fetches')
  if (what === 'unpacked') return verified(cell, 'helm is given the packed chart in place of its directory')
  return allows && deploys ? verified(cell, 'helm verifies the packed original') : changed(cell)
}

function changed(cell: Cell): Expected {
  return {
    good: false,
    // chartify renders the chart first, and one that is unsigned is refused there.
    says: /differs from its packed chart|is not what was pulled any more|could not load provenance file/,
    why: `chartify has changed the directory since it was pulled${cell.front === 'shim' ? '' : ', which was verified'}`,
  }
}
