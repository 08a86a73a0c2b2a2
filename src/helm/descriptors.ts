import { fstatSync, readdirSync, statSync, type Stats } from 'node:fs'

/**
 * The file descriptors beyond 2 that we were started with and that no program gets from us by itself: Node marks what
 * it inherits as not to be inherited further (libuv: uv_disable_stdio_inheritance, all up to 15 and on to the first
 * that is closed). zsh's `-f <(sops -d values.yaml)` is such a one: /dev/fd/11.
 *
 * On Linux they are told from Node's own by their kind. Elsewhere those count that the command line names.
 */
export function inheritedDescriptors(words: readonly string[]): number[] {
  if (process.platform === 'win32') return []
  const open = opened()
  const inReach = [...open.keys()].filter((fd) => fd > 2 && (fd <= 15 || isContiguous(fd, open)))
  if (process.platform !== 'linux') return inReach.filter((fd) => words.some((word) => word.includes(`/dev/fd/${fd}`)))
  const inodes = [...open.values()].map(({ ino }) => ino)
  const nothing = statSync('/dev/null', { throwIfNoEntry: false })?.rdev
  return inReach.filter((fd) => {
    const stats = open.get(fd)
    if (!stats || (stats.mode & 0o170000) === 0) return false // an event queue
    if (stats.isCharacterDevice() && stats.rdev === nothing) return false
    // Node talks to itself by pipes, and holds both ends.
    return !stats.isFIFO() || inodes.indexOf(stats.ino) === inodes.lastIndexOf(stats.ino)
  })
}

function opened(): Map<number, Stats> {
  const found = new Map<number, Stats>()
  for (const fd of listed()) {
    try {
      found.set(fd, fstatSync(fd))
    } catch {
      // The descriptor by which the list was read, or none.
    }
  }
  return found
}

/** Their numbers; where nothing lists them, as in a root folder without /dev and /proc, all that there may well be. */
function listed(): number[] {
  try {
    return readdirSync('/dev/fd').map(Number)
  } catch {
    return Array.from({ length: 256 }, (_, fd) => fd)
  }
}

function isContiguous(fd: number, open: ReadonlyMap<number, Stats>): boolean {
  for (let below = 16; below < fd; below++) if (!open.has(below)) return false
  return true
}
