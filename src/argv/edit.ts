import { readHelmLine } from './read.ts'
import type { Flag, HelmLine } from './line.ts'

/** What is to change on a line; all else stays word for word. */
export interface LineEdit {
  /** Long names of flags to cut out, each time they are given, also out of clusters such as `-gd out`. */
  readonly withoutFlags?: readonly string[]
  /** Places in argv of positional arguments to leave out. */
  readonly withoutWords?: readonly number[]
  /** New values for positional arguments, by their place in argv. */
  readonly replaceWords?: ReadonlyMap<number, string>
  /** Flags to set, by long name: cut out wherever they are given, and given once, as `--name=value`. */
  readonly set?: Readonly<Record<string, string>>
  /** Words of flags to put right behind the subcommand, and so before any `--`. */
  readonly add?: readonly string[]
}

/**
 * Edits a line by position, and reads the result again: it must say the same but for what was asked.
 * @throws Error if it would not: helm must not get a line that means something else
 */
export function editLine(line: HelmLine, edit: LineEdit): string[] {
  const names = new Set([...(edit.withoutFlags ?? []), ...Object.keys(edit.set ?? {})])
  const add = [...(edit.add ?? []), ...Object.entries(edit.set ?? {}).map(([name, value]) => `--${name}=${value}`)]
  const left = new Set(edit.withoutWords ?? [])
  const behind = line.commandWords.at(-1) ?? 0

  const words: (string | undefined)[] = [...line.argv]
  for (const [index, value] of edit.replaceWords ?? []) words[index] = value
  for (const index of left) words[index] = undefined
  for (const index of new Set(line.flags.map((flag) => flag.index))) cutOut(words, index, line.flags, names)
  const kept = (test: (index: number) => boolean) =>
    words.filter((word, index): word is string => word !== undefined && test(index))
  const isCommand = (index: number) => line.commandWords.includes(index)
  const after = kept((index) => index > behind)
  const stay = line.flags.filter((flag) => !names.has(flag.name))
  const saidBefore = stay.filter((flag) => flag.index < behind).map(said)
  const saidAfter = stay.filter((flag) => flag.index > behind).map(said)
  const added = flagsOfWords(line.command, add) ?? []
  const ways = [
    { argv: [...kept((index) => index <= behind), ...add, ...after], flags: [...saidBefore, ...added, ...saidAfter] },
    // Flags before the command can take it for their value once others are gone, and `--` can stand before it: then the
    // command goes first, and what is added comes right behind it.
    {
      argv: [...kept(isCommand), ...add, ...kept((index) => index < behind && !isCommand(index)), ...after],
      flags: [...added, ...saidBefore, ...saidAfter],
    },
  ]
  const positionals = line.positionals
    .filter(({ index }) => !left.has(index))
    .map(({ index, value }) => edit.replaceWords?.get(index) ?? value)
  const { command } = line
  const ended = line.terminator !== undefined
  const way = ways.find(
    ({ argv, flags }) => JSON.stringify(meaning(argv)) === JSON.stringify({ command, flags, positionals, ended }),
  )
  if (way === undefined) throw new Error(`this command line cannot be edited safely: ${JSON.stringify(line.argv)}`)
  return way.argv
}

/** Cuts flags out of the word at a place, and their value with them. */
function cutOut(
  words: (string | undefined)[],
  index: number,
  flags: readonly Flag[],
  names: ReadonlySet<string>,
): void {
  const here = flags.filter((flag) => flag.index === index)
  const stays = here.map((flag) => !names.has(flag.name))
  if (stays.every(Boolean)) return
  const word = words[index] ?? ''
  // In a cluster each flag is one letter, and only the last one may have a value: behind it, or in the next word.
  const letters = here.map((_, at) => word.charAt(1 + at)).filter((_, at) => stays[at])
  const value = stays.at(-1) ? word.slice(1 + here.length) : ''
  words[index] = letters.length > 0 ? `-${letters.join('')}${value}` : undefined
  if (!stays.at(-1) && here.at(-1)?.words === 2) words[index + 1] = undefined
}

function flagsOfWords(command: string, words: readonly string[]): string[][] | undefined {
  const reading = readHelmLine([...command.split(' '), ...words])
  return reading.kind === 'read' && reading.line.positionals.length === 0 ? reading.line.flags.map(said) : undefined
}

function meaning(argv: readonly string[]) {
  const reading = readHelmLine(argv)
  if (reading.kind === 'unread') return undefined
  const { command, flags, positionals, terminator } = reading.line
  return {
    command,
    flags: flags.map(said),
    positionals: positionals.map(({ value }) => value),
    ended: terminator !== undefined,
  }
}

function said(flag: Flag): string[] {
  return [flag.name, flag.value]
}
