/** One flag as it stands on a helm command line, in the spelling of its long name. */
export interface Flag {
  /** The long name without dashes; a shorthand is listed under its long name. */
  readonly name: string
  /** The value as helm's pflag reads it: 'true' for a boolean without one. */
  readonly value: string
  /** Where the flag's first word stands in argv. */
  readonly index: number
  /** How many words of argv it takes: 2 when its value is the next word. */
  readonly words: 1 | 2
  /** True when the word also holds other shorthands (`-hd`), so that it cannot be cut out alone. */
  readonly clustered: boolean
}

/** A positional argument of the subcommand. */
export interface Positional {
  readonly value: string
  readonly index: number
}

/** A helm command line that was understood in full. */
export interface HelmLine {
  /** helm's own name of the subcommand, aliases resolved: `pull`, `show values`, `dependency build`. */
  readonly command: string
  readonly argv: readonly string[]
  /** Where the words of the subcommand stand in argv: one, or two for `show values`. */
  readonly commandWords: readonly number[]
  readonly flags: readonly Flag[]
  readonly positionals: readonly Positional[]
  /** Where `--` stands in argv, if it ends the flags. */
  readonly terminator: number | undefined
}

/** What came of reading a command line. Whatever is not understood is left to helm, untouched. */
export type Reading =
  { readonly kind: 'read'; readonly line: HelmLine } | { readonly kind: 'unread'; readonly reason: string }
