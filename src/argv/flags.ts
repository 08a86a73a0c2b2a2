import { ALIASES, COMMANDS, GLOBALS, GROUPS } from './flag-table.ts'

// The table's notation: flags by long name, parted by spaces; `d/destination` has the shorthand -d; the sign says how
// pflag reads it: none is a boolean, `?` takes any text but only after `=`, the others take a value: `=` any text,
// `#` a whole number, `.` a number, `~` a duration, `,` a list, `:` key=value pairs; `!` differs between helms.
// A `*` after that: some supported helm does not have this global flag.

/** How pflag reads a flag and its value. */
export type FlagKind = 'bool' | 'optional' | 'text' | 'int' | 'float' | 'duration' | 'list' | 'map' | 'ambiguous'

export interface FlagSpec {
  readonly name: string
  readonly kind: FlagKind
  /** False if a supported helm lacks this global flag. */
  readonly everywhere: boolean
}

/** The flags of one command, by `--name` and by `-s`. */
export type FlagSet = ReadonlyMap<string, FlagSpec>

const kinds: Readonly<Record<string, FlagKind>> = {
  '?': 'optional',
  '=': 'text',
  '#': 'int',
  '.': 'float',
  '~': 'duration',
  ',': 'list',
  ':': 'map',
  '!': 'ambiguous',
}

/**
 * The command that a word names below another one (`''` is helm itself), its aliases resolved.
 * helm: cobra's findNext in command.go
 * @returns its full name, or undefined if not every supported helm has it
 */
export function findCommand(parent: string, word: string): string | undefined {
  const path = parent ? `${parent} ${word}` : word
  if (Object.hasOwn(ALIASES, path)) return ALIASES[path]
  return isRunnable(path) || isGroup(path) ? path : undefined
}

/** True for a command that does something itself; `dependency` only holds others. */
export function isRunnable(command: string): boolean {
  return Object.hasOwn(COMMANDS, command)
}

const known = new Map<string, FlagSet>()

/** The flags that a command understands, the global ones included; for a group and helm itself only those. */
export function flagsOf(command: string): FlagSet {
  const before = known.get(command)
  if (before) return before
  const flags = new Map(command === '' ? [] : flagsOf(''))
  addFlags(flags, command === '' ? GLOBALS : isRunnable(command) ? (COMMANDS[command] ?? '') : '')
  known.set(command, flags)
  return flags
}

function isGroup(command: string): boolean {
  return GROUPS.split(',').includes(command)
}

function addFlags(flags: Map<string, FlagSpec>, list: string): void {
  for (const token of list.split(' ')) {
    const everywhere = !token.endsWith('*')
    const flag = everywhere ? token : token.slice(0, -1)
    const kind = kinds[flag.slice(-1)]
    const name = flag.slice(flag[1] === '/' ? 2 : 0, kind ? -1 : undefined)
    if (!name) continue
    const spec = { name, kind: kind ?? 'bool', everywhere }
    flags.set(`--${name}`, spec)
    if (flag[1] === '/') flags.set(`-${token.charAt(0)}`, spec)
  }
}

/** True if the next word is no value of this flag: pflag's NoOptDefVal. */
export function isOptional(spec: FlagSpec | undefined): boolean {
  return spec?.kind === 'bool' || spec?.kind === 'optional'
}
