/**
 * Why helm refuses to unpack a chart of this name, or undefined (helm: pkg/chartutil/expand.go). Older helms lack some
 * of these checks; the stricter ones hold for all.
 */
export function chartNameRefusal(name: string): string | undefined {
  if (name === '') return 'chart name not specified'
  if (name === '.' || name === '..') return `chart name ${JSON.stringify(name)} is not allowed`
  if (/[/\\]/.test(name) && (name.includes('/') || process.platform === 'win32')) {
    return `chart name ${JSON.stringify(name)} must not contain path separators`
  }
  // The system call refuses it, so does helm.
  if (name.includes('\0')) return `chart name ${JSON.stringify(name)}: invalid argument`
  return undefined
}
