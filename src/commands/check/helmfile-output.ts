import { dirname } from 'node:path'
import { parse } from 'yaml'
import { ShimError } from '../../messages/shim-error.ts'

/** A release as `helmfile list --output json` has it. */
export interface ListedRelease {
  readonly name: string
  readonly namespace: string
  readonly enabled: boolean
  readonly installed: boolean
  readonly chart: string
  readonly version: string
}

/** A repository of a helmfile.yaml, as far as it says how to reach it. */
export interface HelmfileRepository {
  readonly name: string
  readonly url: string
  readonly oci?: boolean
  readonly caFile?: string
  readonly certFile?: string
  readonly keyFile?: string
  readonly username?: string
  readonly password?: string
  readonly keyring?: string
  readonly passCredentials?: boolean
  readonly skipTLSVerify?: boolean
  readonly plainHttp?: boolean
}

/** A release of a helmfile.yaml, as far as `list` does not say it. */
export interface BuiltRelease {
  readonly name: string
  readonly namespace?: string
  readonly chart: string
  readonly keyring?: string
  readonly devel?: boolean
}

/** One helmfile.yaml, as `helmfile build` prints it: rendered, with its environment and its bases. */
export interface HelmfileState {
  /** Where its relative paths begin. */
  readonly directory: string
  readonly keyring: string | undefined
  readonly devel: boolean
  readonly repositories: readonly HelmfileRepository[]
  readonly releases: readonly BuiltRelease[]
}

/**
 * Reads what `helmfile list --output json` prints. (pure)
 * @throws ShimError where it is something else
 */
export function readList(stdout: string): readonly ListedRelease[] {
  try {
    const value: unknown = JSON.parse(stdout)
    if (value === null) return []
    if (Array.isArray(value)) return value as ListedRelease[]
  } catch {
    // Said below.
  }
  throw new ShimError('io', 'helmfile list printed no JSON list of releases.')
}

/**
 * Reads what `helmfile build` prints: one document for each helmfile.yaml, its path in a comment. (pure)
 * @throws ShimError where it is something else
 */
export function readBuild(stdout: string): readonly HelmfileState[] {
  return stdout
    .split(/^---\n# {2}Source: /m)
    .slice(1)
    .map((part) => {
      const end = part.indexOf('\n')
      return readState(dirname(part.slice(0, end)), part.slice(end))
    })
}

function readState(directory: string, text: string): HelmfileState {
  let value: unknown
  try {
    value = parse(text, { maxAliasCount: -1, logLevel: 'error' })
  } catch (error) {
    throw new ShimError('io', 'helmfile build printed something that is no YAML.', [], error)
  }
  const state = map(value)
  const defaults = map(state['helmDefaults'])
  return {
    directory,
    keyring: typeof defaults['keyring'] === 'string' ? defaults['keyring'] : undefined,
    devel: defaults['devel'] === true,
    repositories: list(state['repositories']) as HelmfileRepository[],
    releases: list(state['releases']) as BuiltRelease[],
  }
}

function map(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}
