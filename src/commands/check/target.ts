import { resolve } from 'node:path'
import type { ChartRequest } from './check-chart.ts'
import type { BuiltRelease, HelmfileRepository, HelmfileState, ListedRelease } from './helmfile-output.ts'

/** What is to be done about one release. */
export type Target =
  | { readonly kind: 'chart'; readonly request: ChartRequest }
  | { readonly kind: 'local' }
  | { readonly kind: 'skipped'; readonly why: string }

export interface TargetContext {
  /** The keyring where helmfile names none. */
  readonly keyring: string | undefined
  /** Where helmfile has a repository's credentials if the helmfile.yaml does not. */
  readonly env: Readonly<Record<string, string | undefined>>
  readonly isDirectory: (path: string) => boolean
}

/**
 * The chart of a release as helmfile would pull it: the names of its repositories resolved, with their certificates and
 * credentials, and the release's keyring, else its repository's, else the default. (pure)
 *
 * helmfile: pkg/state/state.go getOCIQualifiedChartName, chartOCIFlags, appendKeyringFlags, gatherUsernamePassword;
 * pkg/state/util.go isLocalChart
 */
export function targetOf(
  listed: ListedRelease,
  states: readonly HelmfileState[],
  { keyring, env, isDirectory }: TargetContext,
): Target {
  if (!listed.enabled) return { kind: 'skipped', why: 'its condition is off' }
  if (!listed.installed) return { kind: 'skipped', why: 'installed: false' }
  const { state, release } = findRelease(listed, states)
  const at = (path: string) => resolve(state?.directory ?? '.', path)
  const [alias = '', ...rest] = listed.chart.split('/')
  const repository = rest.length > 0 ? state?.repositories.find(({ name }) => name === alias) : undefined
  const { chart } = listed
  const isPath = /^(\.{1,2}([/\\]|$)|[/\\])/.test(chart) || !chart.includes('/')
  if (isPath || (!chart.includes('://') && isDirectory(at(chart)))) return { kind: 'local' }
  if (chart.includes('::') || (/^(?!oci:)[a-z]+:\/\/.*@/.test(chart) && !chart.endsWith('.tgz')))
    return { kind: 'skipped', why: 'helmfile fetches it itself (go-getter): there is no packed chart' }

  const [version = '', digest] = listed.version.split('@')
  const isOci = chart.startsWith('oci://') || repository?.oci === true
  const name = rest.join('/')
  const home = repository?.url.replace(/\/+$/, '') ?? ''
  const oci = repository?.oci ? `oci://${home.replace(/^oci:\/\//, '')}/${name}` : chart
  const pinned = digest === undefined ? oci : `${oci}@${digest}`
  const named = release?.keyring || repository?.keyring || state?.keyring
  const devel = version === '' && (release?.devel ?? state?.devel ?? false)
  return {
    kind: 'chart',
    request: {
      reference: isOci ? pinned : repository ? name : chart,
      flags: {
        // As helmfile has it: a digest says all.
        ...(version === '' || (isOci && digest !== undefined) ? {} : { version }),
        ...(devel ? { devel: true as const } : {}),
        ...(repository && !isOci ? { repo: repository.url } : {}),
        ...(repository ? connection(repository, at, env) : {}),
      },
      keyring: named ? at(named) : keyring,
    },
  }
}

function findRelease(
  { name, namespace, chart }: ListedRelease,
  states: readonly HelmfileState[],
): { state: HelmfileState | undefined; release: BuiltRelease | undefined } {
  const found = states.flatMap((state) =>
    state.releases.flatMap((release) => (release.name === name && release.chart === chart ? [{ state, release }] : [])),
  )
  return (
    found.find(({ release }) => (release.namespace ?? '') === namespace) ??
    found[0] ?? { state: states.length === 1 ? states[0] : undefined, release: undefined }
  )
}

function connection(
  repository: HelmfileRepository,
  at: (path: string) => string,
  env: TargetContext['env'],
): Record<string, string | true> {
  const prefix = repository.name.toUpperCase().replaceAll('-', '_')
  const username = repository.username || env[`${prefix}_USERNAME`]
  const password = repository.password || env[`${prefix}_PASSWORD`]
  return {
    ...(repository.caFile ? { 'ca-file': at(repository.caFile) } : {}),
    ...(repository.certFile && repository.keyFile
      ? { 'cert-file': at(repository.certFile), 'key-file': at(repository.keyFile) }
      : {}),
    ...(username && password ? { username, password } : {}),
    ...(repository.skipTLSVerify ? { 'insecure-skip-tls-verify': true as const } : {}),
    ...(repository.passCredentials && !repository.oci ? { 'pass-credentials': true as const } : {}),
    ...(repository.plainHttp ? { 'plain-http': true as const } : {}),
  }
}
