/** Major, minor and patch, and what SemVer allows after them: no place is left for a slash, a line end or a second name. */
const semver = /^v?(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?([+_][0-9A-Za-z.-]+)?$/

/**
 * The version that two spellings share: a leading `v` and build metadata's `+`, which an OCI tag has to write as `_`, do
 * not matter. Everything else does.
 *
 * helm: pkg/registry/reference.go newReference (+ and _)
 * @returns undefined for what is no full version: `1.2`, `^1.0`, `latest`
 */
export function plainVersion(version: string): string | undefined {
  return semver.test(version) ? version.replace(/^v/, '').replace('_', '+') : undefined
}

/** Whether both are full versions, and the same one. */
export function isSameVersion(one: string, other: string): boolean {
  const plain = plainVersion(one)
  return plain !== undefined && plain === plainVersion(other)
}

/** Whether a name can be a chart's: one part of a path, of letters, digits, `.`, `_` and `-`. */
export function isChartName(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)
}

/** The version in `NAME-VERSION.tgz`, if the file is a packed chart of that name. */
export function versionInFile(file: string, name: string): string | undefined {
  if (!file.startsWith(`${name}-`) || !file.endsWith('.tgz')) return undefined
  return file.slice(name.length + 1, -'.tgz'.length)
}
