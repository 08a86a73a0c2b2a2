import minimist from 'minimist'
import { write } from '../messages/say.ts'
import { ShimError } from '../messages/shim-error.ts'
import { quote } from '../messages/text.ts'
import { help } from './help.ts'

declare const VERSION: string

/** What one of our own commands gets. */
export interface CommandInput {
  /** The words after the command that are not options. */
  readonly words: readonly string[]
  readonly options: Readonly<Record<string, unknown>>
  readonly env: NodeJS.ProcessEnv
}

/** One of our own commands: its options, and what it does. Its words of help are in help.ts. */
export interface Command {
  readonly booleans?: readonly string[]
  readonly strings?: readonly string[]
  /** Short names: `{ e: 'environment' }`. */
  readonly aliases?: Readonly<Record<string, string>>
  /** How many words it takes at most. */
  readonly words?: number
  /** Does the work and returns the exit code. */
  run(input: CommandInput): number | Promise<number>
}

/** Our own commands. Each has its words of help in help.ts, under the same name. */
export const commands: Readonly<Record<string, () => Promise<Command>>> = {
  install: async () => (await import('./install.ts')).install,
  uninstall: async () => (await import('./uninstall.ts')).uninstall,
  check: async () => (await import('./check.ts')).check,
  doctor: async () => (await import('./doctor.ts')).doctor,
  receipts: async () => (await import('./receipts.ts')).receipts,
  prune: async () => (await import('./prune.ts')).pruneCommand,
  completion: async () => (await import('./completion.ts')).completion,
}

/**
 * Runs `helm-verify-shim COMMAND …`.
 * @throws ShimError for a command or an option that does not exist
 */
export async function runCommand(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const [name = 'help', ...rest] = argv
  if (['help', '--help', '-h'].includes(name)) return print(help(rest[0]))
  if (['version', '--version', '-v'].includes(name)) return print(`${VERSION}\n`)
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!load) throw misuse(`there is no command ${quote(name)}`)
  const command = await load()
  const options = minimist([...rest], {
    boolean: ['help', ...(command.booleans ?? [])],
    string: ['_', ...(command.strings ?? [])],
    alias: { h: 'help', ...command.aliases },
    unknown: (word) => {
      if (word.startsWith('-')) throw misuse(`${name} has no option ${quote(word)}`)
      return true
    },
  })
  if (options['help']) return print(help(name))
  for (const option of command.strings ?? []) {
    const value: unknown = options[option]
    if (value !== undefined && (typeof value !== 'string' || value === ''))
      throw misuse(`${name} takes --${option} once, with a value`)
  }
  if (options._.length > (command.words ?? 0)) throw misuse(`${name} does not take ${quote(options._.at(-1) ?? '')}`)
  return await command.run({ words: options._, options, env })
}

function misuse(what: string): ShimError {
  return new ShimError('usage', `${what}.`, ['next: helm-verify-shim --help'])
}

function print(text: string): number {
  write(1, text)
  return 0
}
