import { findCommand, flagsOf, isOptional, isRunnable } from './flags.ts'
import type { FlagSet } from './flags.ts'

/** The subcommand of a line, and the words that are left for pflag. */
export interface FoundCommand {
  readonly command: string
  /** Where the command's own words stand in argv. */
  readonly commandWords: readonly number[]
  /** Where the other words stand in argv. */
  readonly rest: readonly number[]
}

/**
 * Finds the subcommand as cobra does: before it knows the subcommand's flags.
 * helm: Find, stripFlags and argsMinusFirstX in cobra's command.go
 * @returns the command, or the reason why the line is left to helm
 */
export function findCommandLine(argv: readonly string[]): FoundCommand | string {
  const commandWords: number[] = []
  const globals = flagsOf('')
  let rest = argv.map((_, index) => index)
  let command = ''
  while (!isRunnable(command)) {
    const at = firstWord(argv, rest, globals)
    if (typeof at === 'string') return at
    const word = at === undefined ? undefined : rest[at]
    const name = word === undefined ? '' : (argv[word] ?? '')
    const next = name && findCommand(command, name)
    const path = [command, name].filter(Boolean).join(' ')
    if (!path) return 'it names no command'
    if (at === undefined || word === undefined || !next) return `\`${path}\` is no command that every helm has`
    // cobra before 1.7 cuts out the first word that looks like the command, be it a flag's value.
    if (!sameWithout(argv, rest, at, name)) return `helms differ on which \`${name}\` is the command`
    commandWords.push(word)
    rest = rest.toSpliced(at, 1)
    command = next
  }
  return { command, commandWords, rest }
}

/** Where cobra sees the first word that is neither a flag nor, as far as it knows by now, a flag's value. */
function firstWord(argv: readonly string[], rest: readonly number[], flags: FlagSet): number | string | undefined {
  for (let at = 0; at < rest.length; at++) {
    const word = argv[rest[at] ?? -1] ?? ''
    if (word === '--') return undefined
    if (takesNext(word, flags)) at++
    else if (word !== '' && !word.startsWith('-')) return at
    // A helm that does not know the flag takes the next word for its value.
    else if (flags.get(word)?.everywhere === false) return `not every helm has ${word}`
  }
  return undefined
}

function takesNext(word: string, flags: FlagSet): boolean {
  if (!word.startsWith('-') || word.includes('=')) return false
  const isShort = word.length === 2 && word.charCodeAt(1) < 0x80
  return (word.startsWith('--') || isShort) && !isOptional(flags.get(word))
}

function sameWithout(argv: readonly string[], rest: readonly number[], at: number, name: string): boolean {
  const first = rest.findIndex((index) => argv[index] === name)
  return rest.slice(first, at).every((index) => argv[index] === name)
}
