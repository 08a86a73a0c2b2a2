import { accessSync, constants, existsSync, readdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { quote } from '../../messages/text.ts'
import { statePaths } from '../../store/paths.ts'
import { listReceipts } from '../../store/prune.ts'
import { findingsAbout, type Finding, type Patient } from './finding.ts'

const found = findingsAbout('state')
const without = 'without it, unpacked charts can neither be verified nor checked for changes'

/** The folder for receipts and packed charts: whether it can be written, who can read it, and what is in it. */
export function examineState({ env }: Pick<Patient, 'env'>): Finding[] {
  const paths = statePaths(env)
  if (!paths) {
    return [
      found('error', `there is no state folder, and ${without}`, 'set HOME or XDG_STATE_HOME to an absolute path'),
    ]
  }
  const { root } = paths
  const stats = statSync(root, { throwIfNoEntry: false })
  const nearest = nearestThere(root)
  if (!isWritable(nearest)) {
    return [
      found(
        'error',
        `${quote(nearest)} cannot be written, so there is no state folder; ${without}`,
        `make it writable, or set XDG_STATE_HOME to another place`,
      ),
    ]
  }
  if (!stats) return [found('ok', `${quote(root)} does not exist yet; the first pull makes it`)]
  const receipts = listReceipts(paths)
  const unreadable = receipts.filter(({ receipt }) => !receipt).length
  const archives = existsSync(paths.archives) ? readdirSync(paths.archives).length : 0
  const text = `${quote(root)}: ${count(receipts.length, 'receipt')}, ${count(archives, 'packed chart')}`
  return [
    found('ok', text),
    ...(process.platform !== 'win32' && (stats.mode & 0o077) !== 0
      ? [found('warning', `others can look into ${quote(root)}`, `chmod go-rwx ${quote(root)}`)]
      : []),
    ...(unreadable > 0
      ? [
          found(
            'warning',
            `${count(unreadable, 'receipt')} cannot be read`,
            'their directories are refused: delete those and pull the charts again',
          ),
        ]
      : []),
  ]
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`
}

function nearestThere(path: string): string {
  let at = path
  while (!existsSync(at) && dirname(at) !== at) at = dirname(at)
  return at
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK)
    return statSync(folder).isDirectory()
  } catch {
    return false
  }
}
