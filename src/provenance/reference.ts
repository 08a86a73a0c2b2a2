/** What a chart reference binds: the repository that was asked for, and the chart's name as far as it says one. */
export interface ReadReference {
  readonly kind: 'oci' | 'repository' | 'url'
  /** As HELM_VERIFY_SHIM_ALIAS names it: `ghcr.io/org/alias`, `repo/chart`, or for `--repo` its URL with the chart. */
  readonly repository: string
  /** The name of the chart; undefined for the URL of an archive, whose file name is all there is. */
  readonly chart: string | undefined
  /** The tag, and the manifest's digest that the reference is pinned to, where it has them. */
  readonly tag: string | undefined
  readonly digest: string | undefined
}

/**
 * Takes a reference of `helm pull` apart.
 *
 * helm: pkg/downloader/chart_downloader.go ResolveChartVersion, pkg/registry/reference.go newReference
 * @param reference as on the command line
 * @param repo the value of `--repo`, by which the reference is a chart's bare name
 */
export function readReference(reference: string, repo?: string): ReadReference {
  const plain = { tag: undefined, digest: undefined }
  if (repo) {
    // Without the password that the URL may hold.
    const home = repo.replace(/\/+$/, '').replace(/^([a-z]+:\/\/)[^/]*@/i, '$1')
    return { kind: 'repository', repository: `${home}/${reference}`, chart: reference, ...plain }
  }
  if (reference.startsWith('oci://')) {
    const [path, digest] = cut(reference.slice('oci://'.length), /@[^@]*$/)
    // A colon before a slash is a port's.
    const [repository, tag] = cut(path, /:[^:/]*$/)
    return { kind: 'oci', repository, chart: lastPart(repository), tag, digest }
  }
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(reference)) {
    return { kind: 'url', repository: reference, chart: undefined, ...plain }
  }
  return { kind: 'repository', repository: reference, chart: lastPart(reference), ...plain }
}

/** What stands before the mark, and after it. */
function cut(text: string, fromMark: RegExp): [string, string | undefined] {
  const at = text.search(fromMark)
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)]
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
