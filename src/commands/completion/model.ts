import type { Help } from '../help.ts'
import { optionsOf, type Option } from './options.ts'

/** The shells that there is a completion script for. */
export const shells = ['bash', 'zsh', 'fish'] as const

/** One command, as the scripts complete it. */
export interface Completed {
  readonly name: string
  readonly summary: string
  readonly options: readonly Option[]
  /** The words that may follow, where there is a list of them. */
  readonly words: readonly string[]
}

const showHelp: Option = { name: '--help', short: '-h', value: undefined, summary: 'show help' }

/** What may stand in place of a command. */
export const globalOptions: readonly Option[] = [
  showHelp,
  { name: '--version', short: '-v', value: undefined, summary: 'show the version' },
]

/** All commands, read from their help, and the two that need none. (pure) */
export function completed(helps: Readonly<Record<string, Help>>): readonly Completed[] {
  const own = Object.entries(helps).map(([name, help]) => ({
    name,
    summary: help.summary,
    options: [...optionsOf(help), showHelp],
    words: name === 'completion' ? shells : [],
  }))
  return [
    ...own,
    { name: 'help', summary: 'show help', options: [], words: Object.keys(helps) },
    { name: 'version', summary: 'show the version', options: [], words: [] },
  ]
}
