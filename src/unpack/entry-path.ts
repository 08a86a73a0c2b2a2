import { posix } from 'node:path'

/** Where an entry goes below the chart's directory, or why helm refuses the archive. */
export type EntryPath = { readonly path: string } | { readonly refusal: string }

/**
 * helm's rules for the name of an entry (helm: pkg/chart/loader/archive, LoadArchiveFiles). The first component is
 * dropped whatever it is. The name has one byte per character, as has the path.
 */
export function entryPath(name: string): EntryPath {
  // Archives made on Windows may hold `\`; helm then splits on nothing else.
  const delimiter = name.includes('\\') ? '\\' : '/'
  const first = name.indexOf(delimiter)
  const rest = first < 0 ? '' : name.slice(first + 1).replaceAll(delimiter, '/')
  if (rest.startsWith('/')) return { refusal: 'chart illegally contains absolute paths' }
  const path = cleanPath(rest)
  if (path === '.') return { refusal: 'chart illegally contains content outside the base directory' }
  if (path.startsWith('..')) return { refusal: 'chart illegally references parent directory' }
  if (/^[a-zA-Z]:\//.test(path)) return { refusal: 'chart contains illegally named files' }
  if (name.slice(0, first) === 'Chart.yaml') return { refusal: 'chart yaml not in base directory' }
  // GNU.sparse.name may hold one; the system call that helm's SecureJoin makes refuses it.
  if (path.includes('\0')) return { refusal: 'invalid argument' }
  return { path }
}

/** Names that mean something else to Windows: streams, and what it strips from the end of a component. */
export function refusedOnWindows(path: string): boolean {
  return path.split('/').some((part) => /[:<>"|?*]|[. ]$/.test(part))
}

/** Go's path.Clean: as normalize, but without the slash at the end. */
function cleanPath(path: string): string {
  const normal = posix.normalize(path)
  return normal.length > 1 && normal.endsWith('/') ? normal.slice(0, -1) : normal
}
