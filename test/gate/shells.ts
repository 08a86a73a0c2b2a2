import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** A shell that the gate runs in. */
export interface Shell {
  readonly name: string
  /** Its program and options; the gate's path follows. */
  readonly command: readonly [string, ...string[]]
}

/** Finds a program in these folders: those of PATH where left out. */
export function which(name: string, folders = (process.env['PATH'] ?? '').split(delimiter)): string | undefined {
  return folders
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK)
        return existsSync(path)
      } catch {
        return false
      }
    })
}

const wanted: readonly (readonly [name: string, program: string, ...options: string[]])[] = [
  ['sh', 'sh'],
  ['dash', 'dash'],
  ['busybox ash', 'busybox', 'ash'],
  ['bash', 'bash'],
  ['bash --posix', 'bash', '--posix'],
  ['mksh', 'mksh'],
]

/** The shells of this machine: `sh`, which every Unix has, and those of the others that are installed. */
export const shells: readonly Shell[] = wanted.flatMap(([name, program, ...options]) => {
  const path = name === 'sh' ? '/bin/sh' : which(program)
  return path === undefined ? [] : [{ name, command: [path, ...options] as const }]
})
