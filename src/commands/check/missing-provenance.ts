/**
 * What helm says of a provenance file that `--prov` did not get, if it says anything. (pure)
 *
 * helm: pkg/downloader/chart_downloader.go DownloadTo
 */
export function provWarning(stdout: string): string | undefined {
  // A reference has no colon with a space behind it.
  return /^WARNING: Verification not found for [^\n]*?: ([^\n]*)$/m.exec(stdout)?.[1]
}

/**
 * Whether that means that there is none, and not that it could not be fetched. (pure)
 *
 * helm: pkg/registry/client.go Pull, pkg/getter/httpgetter.go get
 */
export function saysThereIsNone(warning: string): boolean {
  return (
    / : 404 /.test(warning) ||
    /manifest does not contain (minimum number of descriptors \(3\)|a layer with mediatype application\/vnd\.cncf\.helm\.chart\.provenance)/.test(
      warning,
    )
  )
}
