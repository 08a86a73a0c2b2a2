/** A helm version as far as the rules of unpacking depend on it. */
export interface HelmVersion {
  readonly major: number
  readonly minor: number
  readonly patch: number
}

/** helm: MaxDecompressedChartSize; a chart must stay below it (helm itself checks it from 3.17.3 on). */
export const MAX_CHART_SIZE = 100 * 1024 * 1024

/** helm: MaxDecompressedFileSize; a file may be as large as that, up to helm 4.2. */
export const MAX_FILE_SIZE = 5 * 1024 * 1024

/** Ours, not helm's: YAML of this size is no chart's, and reading it would take more memory than the chart. */
export const MAX_CHART_YAML_SIZE = 1024 * 1024

/** Ours: what an archive may hold besides files (headers, skipped directories with data), where helm has no limit. */
export const MAX_OVERHEAD_SIZE = 1024 * 1024 * 1024

/** Whether this helm refuses single files above MAX_FILE_SIZE (helm: pkg/chart/loader/archive, gone in 4.3.0). */
export function limitsFileSize(helm: HelmVersion): boolean {
  return helm.major < 4 || (helm.major === 4 && helm.minor < 3)
}

/** Whether this helm's SecureJoin refuses a target that begins with `..` (filepath-securejoin 0.4, helm 3.18.0). */
export function refusesDotDotTarget(helm: HelmVersion): boolean {
  return helm.major > 3 || (helm.major === 3 && helm.minor >= 18)
}
