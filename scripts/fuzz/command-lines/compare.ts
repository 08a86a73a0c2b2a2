import { isRunnable } from '../../../src/argv/flags.ts'
import { lastValue } from '../../../src/argv/read.ts'
import type { HelmLine, Reading } from '../../../src/argv/line.ts'
import type { HelmFlags } from '../../flags/collect.ts'
import type { OracleReading } from './oracle.ts'

/**
 * How a reading and the oracle's go together:
 * `same`: both read the same; `both refuse`: helm will refuse, and the reader left the line to it;
 * `helm refuses`: the reader read a flag that this helm lacks or restricts, so that helm refuses whatever we make of it;
 * `left`: the reader left a line to helm that the oracle understood; `wrong`: anything else, which must not be.
 */
export interface Verdict {
  readonly kind: 'same' | 'both refuse' | 'helm refuses' | 'left' | 'wrong'
  readonly why: string
}

/** Judges one line of a helm. */
export function judge(reading: Reading, oracle: OracleReading, helm: HelmFlags): Verdict {
  if (reading.kind === 'unread') {
    if (oracle.error !== undefined) return { kind: 'both refuse', why: reading.reason }
    const why = allowedReason(reading.reason, oracle.command ?? '')
    return why === undefined ? { kind: 'wrong', why: `left to helm: ${reading.reason}` } : { kind: 'left', why }
  }
  const { line } = reading
  if (oracle.error !== undefined) {
    const lacking = line.flags.find(({ name, value }) => !accepts(helm, line.command, name, value))
    return lacking && /^(unknown flag|unknown shorthand flag|invalid argument|unknown command)/.test(oracle.error)
      ? { kind: 'helm refuses', why: lacking.name }
      : { kind: 'wrong', why: `the oracle says ${oracle.error}` }
  }
  for (const { index, value, words, clustered } of line.flags)
    if (
      words === 2
        ? line.argv[index + 1] !== value
        : !clustered && value !== 'true' && !line.argv[index]?.endsWith(value)
    )
      return { kind: 'wrong', why: `${JSON.stringify(value)} does not stand at ${index}` }
  for (const { index, value } of line.positionals)
    if (line.argv[index] !== value) return { kind: 'wrong', why: `${JSON.stringify(value)} does not stand at ${index}` }
  const ours = asOracle(line)
  const theirs = { ...oracle, flags: oracle.flags ?? [], positionals: oracle.positionals ?? [] }
  for (const key of ['command', 'flags', 'positionals', 'dash'] as const)
    if (JSON.stringify(ours[key]) !== JSON.stringify(theirs[key]))
      return { kind: 'wrong', why: `${key}: ${JSON.stringify(ours[key])}, not ${JSON.stringify(theirs[key])}` }
  // A global flag keeps what the early reading found if the later one does not see it.
  const final = new Map([...(oracle.early ?? []), ...theirs.flags])
  for (const [name, value] of final)
    if (lastValue(line, name) !== value) return { kind: 'wrong', why: `--${name} ends as ${JSON.stringify(value)}` }
  return { kind: 'same', why: line.command }
}

function asOracle(line: HelmLine) {
  const { terminator } = line
  return {
    command: line.command,
    flags: line.flags.map(({ name, value }) => [name, value]),
    positionals: line.positionals.map(({ value }) => value),
    dash: terminator === undefined ? -1 : line.positionals.filter(({ index }) => index < terminator).length,
  }
}

function accepts(helm: HelmFlags, command: string, name: string, value: string): boolean {
  const own = helm.commands.find(({ path }) => path === command)?.flags ?? []
  const flag = [...own, ...helm.globals].find((one) => one.name === name)
  // `--dry-run=server` and `--wait=watcher` are booleans to older helms.
  const newer = ['dry-run', 'wait'].includes(name) && flag?.kind === '' && !/^(1|t|true|0|f|false)$/i.test(value)
  return flag !== undefined && !newer
}

/** The reasons for which a line may be left although one helm understands it, as classes. */
function allowedReason(reason: string, command: string): string | undefined {
  if (reason.endsWith('is no command that every helm has') && isRunnable(command)) return undefined
  const classes: readonly [RegExp, string][] = [
    [/^helms differ on which/, 'helms differ on the command word'],
    [/^not every helm has/, 'a global flag that some helm lacks, before the command'],
    [/is no command that every helm has$/, 'a command that some helm lacks'],
    [/: helm may refuse .* for --(?!verify|untar|debug|prov)/, 'a number, list or pair in an odd spelling'],
    [/stands behind the command$/, 'a value behind the command word'],
    [/^helm also reads/, 'a global flag inside another word'],
    [/pflag skips -test flags$/, 'a -test flag'],
    [/^a word is not UTF-8$/, 'not UTF-8'],
    [/^helm is asked for help$/, '--help=false'],
  ]
  return classes.find(([pattern]) => pattern.test(reason))?.[1]
}
