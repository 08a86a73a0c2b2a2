import { mkdirSync, readdirSync, rmdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pause } from '../pause.ts'
import type { StatePaths } from './paths.ts'
import { makePrivate } from './private-files.ts'

// Pulls keep their charts side by side; a prune works alone. Each says first what it is about to do, then looks at what
// the others say: so of two that begin at once at least one sees the other.

const savingPrefix = '.saving-'
/** What a run that was killed has left counts no more after this: for a pull that keeps its chart, and for a prune. */
const staleAfter = { saving: 3_600_000, pruning: 10_000 }

/** A part of a file's name that no other run has. */
export function unique(): string {
  return `${process.pid}.${process.hrtime.bigint().toString(36)}`
}

/** Whether a name in the archives' folder is one of those that are used here. */
export function isTurn(name: string): boolean {
  return name.startsWith('.')
}

/**
 * Does what keeps a packed chart and its receipt, while no prune runs.
 * @throws what `work` throws, or an error of the file system where the state folder cannot be written
 */
export function besideOthers(paths: StatePaths, work: () => void): void {
  const mine = join(paths.archives, `${savingPrefix}${unique()}`)
  for (;;) {
    makePrivate(paths.archives)
    mkdirSync(mine, { mode: 0o700 })
    if (look(pruningTurn(paths), staleAfter.pruning) !== 'there') break
    removeTurn(mine)
    pause(2)
  }
  try {
    work()
  } finally {
    removeTurn(mine)
  }
}

/**
 * Does what removes from the store, while nothing is being kept and no other prune runs.
 * @param patience how long to wait for the others, in milliseconds
 * @returns what `work` returns; undefined where its turn did not come
 * @throws what `work` throws, or an error of the file system where the state folder cannot be written
 */
export function alone<T>(paths: StatePaths, patience: number, work: () => T): T | undefined {
  makePrivate(paths.archives)
  const mine = pruningTurn(paths)
  const until = Date.now() + patience
  const wait = () => {
    const more = Date.now() < until
    if (more) pause(2)
    return more
  }
  while (!made(mine)) {
    const other = look(mine, staleAfter.pruning)
    if (other === 'there' && !wait()) return undefined
    if (other === 'left') removeTurn(mine)
  }
  try {
    while (othersAreSaving(paths)) if (!wait()) return undefined
    return work()
  } finally {
    removeTurn(mine)
  }
}

function pruningTurn(paths: StatePaths): string {
  return join(paths.archives, '.pruning')
}

function othersAreSaving({ archives }: StatePaths): boolean {
  return readdirSync(archives)
    .filter((name) => name.startsWith(savingPrefix))
    .some((name) => {
      const turn = join(archives, name)
      const other = look(turn, staleAfter.saving)
      if (other === 'left') removeTurn(turn)
      return other === 'there'
    })
}

function made(turn: string): boolean {
  try {
    mkdirSync(turn, { mode: 0o700 })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Whether another's turn is there, gone, or left by a run that was killed. */
function look(turn: string, age: number): 'there' | 'gone' | 'left' {
  const stat = statSync(turn, { throwIfNoEntry: false })
  if (stat === undefined) return 'gone'
  return Math.abs(Date.now() - stat.mtimeMs) < age ? 'there' : 'left'
}

/** Another may have done so. */
function removeTurn(turn: string): void {
  try {
    rmdirSync(turn)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}
