import { quote } from '../messages/text.ts'
import { aliasKey, aliasSetting, type Aliases } from './aliases.ts'
import { isChartName, isSameVersion, plainVersion, versionInFile } from './chart-file.ts'
import type { Provenance } from './read-provenance.ts'
import { readReference, type ReadReference } from './reference.ts'

/** A packed chart that helm has pulled, and whose provenance does not list it by its name. */
export interface SignedNameRequest {
  /** As on the command line. */
  readonly reference: string
  /** The values of `--repo` and `--version`, where they were given. */
  readonly repo?: string | undefined
  readonly version?: string | undefined
  /** The name that helm gave to the packed chart. */
  readonly file: string
  /** The packed chart's hash, 64 hexadecimal digits. */
  readonly sha256: string
  readonly provenance: Provenance | undefined
  readonly aliases: Aliases
}

/** What to do about the name. */
export type SignedName =
  /** The provenance lists the file as it is named: helm's own answer stands. */
  | { readonly kind: 'same' }
  /** helm may verify the archive under this name: it is the chart and the version that were asked for. */
  | { readonly kind: 'rename'; readonly to: string }
  /** As before, but of a chart with another name, which the user allowed for this repository. */
  | { readonly kind: 'alias'; readonly chart: string; readonly to: string }
  /** helm's refusal stands. `setting` would allow it. */
  | { readonly kind: 'refuse'; readonly reason: string; readonly setting?: string }

/**
 * Decides under which name helm may verify a packed chart, when helm's only complaint is that the provenance does not
 * list it under the name that it was pulled by.
 *
 * What binds what. The signature binds three things together: a file name, a hash, and a Chart.yaml (name and version).
 * The hash binds the archive's bytes to them. Nothing in it says where the chart comes from. So what binds the *request*
 * (repository, chart, version) to the *signed* chart is the file name alone: helm makes it of the reference, and looks
 * it up in what was signed. Were the hash enough, whoever can write to the registry could serve, for any reference, any
 * chart that the same key ever signed: a stranger one, or an old one with known holes. So before helm is given another
 * name, that name has to say the same as the pulled one:
 *
 * - The name is `CHART-VERSION.tgz` with the reference's own CHART (its last part), letter by letter.
 * - VERSION is that of the pulled file and of an exact `--version`, but for a leading `v` and for `_` where build
 *   metadata has `+`: an OCI tag cannot hold a `+`, and people tag `v1.2.3` as `1.2.3` (cert-manager issue 8745).
 *   Versions are full ones; `1.20` is not `1.20.0`. Of a range, helm has chosen: the pulled file's name says what.
 * - The signed Chart.yaml has that name and that version too. A provenance for another chart whose list of files also
 *   holds our hash (everyone can publish, and sign, a list of other people's hashes) is thereby refused.
 * - The signed hash under exactly that name is the archive's. Other names with the same hash do not count for anything.
 *   Equal bytes under an older version's name are refused: the archive's own Chart.yaml says so as well, but the name
 *   that was signed is what its signer vouched for.
 * - A reference pinned to a manifest's digest has no version in its file name (`demo@sha256-….tgz`, which no provenance
 *   can list): the digest has bound the bytes already, more narrowly than any version, so only the chart's name is left
 *   to hold. A tag or `--version` beside it still has to agree.
 * - Names are plain: one part of a path, so that a signed `../x.tgz` never becomes a path of ours.
 *
 * With another CHART, nothing binds the reference to the signed chart any more (helm issue 32546). Only the user can:
 * HELM_VERIFY_SHIM_ALIAS says that this repository serves that chart. Everything else holds as before. The URL of an
 * archive has no repository, and so can have no alias.
 *
 * Whatever comes out, helm then verifies the signature, and that the signed list has this hash under this name. A
 * provenance that was read wrongly here can at most lead to a refusal, or to a name that the rules above allow anyway.
 *
 * helm: pkg/provenance/sign.go Verify, pkg/downloader/chart_downloader.go DownloadTo
 */
export function signedName(request: SignedNameRequest): SignedName {
  const { file, provenance, aliases } = request
  if (!provenance) return refuse('its provenance file is none that helm can read')
  if (Object.hasOwn(provenance.files, file)) return { kind: 'same' }
  const hash = `sha256:${request.sha256}`
  const signedFiles = Object.keys(provenance.files).filter((name) => provenance.files[name] === hash)
  if (signedFiles.length === 0) return refuse('its provenance is of another archive: no file in it has this hash')
  const { name, version } = provenance
  if (!isChartName(name)) return refuse(`its provenance names the chart ${quote(name)}, which cannot be a chart's name`)
  if (plainVersion(version) === undefined) {
    return refuse(`its provenance gives the version ${quote(version)}, which is not a full one`)
  }
  const reference = readReference(request.reference, request.repo)
  const chart = reference.chart ?? name
  const difference = versionDifference(request, reference, chart, version)
  if (difference !== undefined) return refuse(difference)
  const to = signedFiles.find((signed) => isSameVersion(versionInFile(signed, name) ?? '', version))
  if (to === undefined) {
    return refuse(
      `its provenance is of ${quote(name)} ${quote(version)}, but lists the archive as ${signedFiles.map(quote).join(', ')}`,
    )
  }
  if (chart === name) return { kind: 'rename', to }
  if (aliases.get(aliasKey(reference.repository)) === name) return { kind: 'alias', chart: name, to }
  const setting = aliasSetting(reference.repository, name)
  const refusal = refuse(`what is signed is the chart ${quote(name)}, and the reference asks for ${quote(chart)}`)
  return setting === undefined ? refusal : { ...refusal, setting }
}

/** How the signed version differs from the one that was asked for and pulled; undefined if it does not. */
function versionDifference(
  { version, file }: SignedNameRequest,
  { tag, digest }: ReadReference,
  chart: string,
  signed: string,
): string | undefined {
  // A range is settled by what was pulled.
  const asked = [version, tag].filter((exact) => plainVersion(exact ?? '') !== undefined)
  const other = asked.find((exact) => !isSameVersion(exact ?? '', signed))
  if (other !== undefined) return `what is signed is version ${quote(signed)}, and ${quote(other)} was asked for`
  if (digest !== undefined && file === `${chart}@${digest.replace(':', '-')}.tgz`) return undefined
  const pulled = versionInFile(file, chart)
  if (pulled !== undefined && isSameVersion(pulled, signed)) return undefined
  return `what is signed is version ${quote(signed)}, and what was pulled is ${quote(file)}`
}

function refuse(reason: string): { kind: 'refuse'; reason: string } {
  return { kind: 'refuse', reason }
}
