import { earlyGlobals } from './early.ts'
import { findCommandLine } from './find-command.ts'
import type { FoundCommand } from './find-command.ts'
import { flagsOf, isOptional } from './flags.ts'
import type { FlagSet, FlagSpec } from './flags.ts'
import type { Flag, HelmLine, Positional, Reading } from './line.ts'
import { fitsKind, parseBool } from './value.ts'

/**
 * Reads helm's command line as cobra and pflag do in every supported helm.
 * helm: cobra's command.go, pflag's flag.go
 * @param argv the words after `helm`
 * @returns the line, or why it is left to helm: helm refuses it, answers with help, or helms may differ on it
 */
export function readHelmLine(argv: readonly string[]): Reading {
  const found = readable(argv) ?? findCommandLine(argv)
  if (typeof found === 'string') return { kind: 'unread', reason: found }
  const line = parse(argv, found)
  if (typeof line === 'string') return { kind: 'unread', reason: line }
  const stray = earlyGlobals(argv).find(([name, value]) => !isGiven(line, name, value))
  if (stray) return { kind: 'unread', reason: `helm also reads --${stray[0]}=${stray[1]} in it` }
  return { kind: 'read', line }
}

/** The value of a flag, which is the last one given; undefined if it is not on the line. */
export function lastValue(line: HelmLine, name: string): string | undefined {
  return line.flags.findLast((flag) => flag.name === name)?.value
}

/** True if a boolean flag is on, its last value counting; false if it is not on the line. */
export function isOn(line: HelmLine, name: string): boolean {
  return parseBool(lastValue(line, name) ?? 'false') ?? false
}

function isGiven(line: HelmLine, name: string, value: string): boolean {
  return line.flags.some((flag) => flag.name === name && flag.value === value)
}

// Node puts U+FFFD for bytes that are no UTF-8: the words that helm got are not known.
function readable(argv: readonly string[]): string | undefined {
  return argv.some((word) => word.includes('\uFFFD')) ? 'a word is not UTF-8' : undefined
}

/** pflag's parseArgs, with flags and positional arguments in any order. */
function parse(argv: readonly string[], { command, commandWords, rest }: FoundCommand): HelmLine | string {
  const specs = flagsOf(command)
  const flags: Flag[] = []
  const positionals: Positional[] = []
  let terminator: number | undefined
  for (let at = 0; at < rest.length; at++) {
    const index = rest[at] ?? -1
    const word = argv[index] ?? ''
    if (terminator !== undefined || !word.startsWith('-') || word === '-') {
      positionals.push({ value: word, index })
      continue
    }
    if (word === '--') {
      terminator = index
      continue
    }
    const nextIndex = rest[at + 1]
    const next = nextIndex === undefined ? undefined : argv[nextIndex]
    const given = word.startsWith('--') ? longFlag(word, next, specs) : shortFlags(word, next, specs)
    if (typeof given === 'string') return given
    const bad = given.find(({ spec, value }) => !fitsKind(spec.kind, value))
    if (bad) return `${word}: helm may refuse ${JSON.stringify(bad.value)} for --${bad.spec.name}`
    const takesNext = given.some(({ words }) => words === 2)
    // `helm -gd install out`: the value stands behind the command. Nobody writes that.
    if (takesNext && nextIndex !== index + 1) return `the value of ${word} stands behind the command`
    for (const { spec, value, words } of given)
      flags.push({ name: spec.name, value, index, words, clustered: given.length > 1 })
    if (takesNext) at++
  }
  return { command, argv, commandWords, flags, positionals, terminator }
}

interface Given {
  readonly spec: FlagSpec
  readonly value: string
  readonly words: 1 | 2
}

/** pflag's parseLongArg. */
function longFlag(word: string, next: string | undefined, specs: FlagSet): readonly Given[] | string {
  const equals = word.indexOf('=')
  const name = equals < 0 ? word : word.slice(0, equals)
  if (name === '--help') return 'helm is asked for help'
  const spec = specs.get(name)
  if (!spec) return `unknown flag ${name}`
  if (equals >= 0) return [{ spec, value: word.slice(equals + 1), words: 1 }]
  if (isOptional(spec)) return [{ spec, value: 'true', words: 1 }]
  return next === undefined ? `${word} has no value` : [{ spec, value: next, words: 2 }]
}

/** pflag's parseShortArg and parseSingleShortArg: `-gd out`, `-gdout`, `-gd=out`; `-d=` is a value of `=`. */
function shortFlags(word: string, next: string | undefined, specs: FlagSet): readonly Given[] | string {
  const given: Given[] = []
  for (let letters = word.slice(1); letters; letters = letters.slice(1)) {
    // pflag skips what looks like a flag of `go test`.
    if (letters.startsWith('test.')) return `${word}: pflag skips -test flags`
    const letter = letters.charAt(0)
    if (letter === 'h') return 'helm is asked for help'
    const spec = specs.get(`-${letter}`)
    if (!spec) return `unknown shorthand -${letter} in ${word}`
    if (letters.length > 2 && letters[1] === '=') return [...given, { spec, value: letters.slice(2), words: 1 }]
    if (isOptional(spec)) given.push({ spec, value: 'true', words: 1 })
    else if (letters.length > 1) return [...given, { spec, value: letters.slice(1), words: 1 }]
    else return next === undefined ? `${word} has no value` : [...given, { spec, value: next, words: 2 }]
  }
  return given
}
