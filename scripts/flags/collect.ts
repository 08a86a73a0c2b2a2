import { execFile } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { HIDDEN_FLAGS, HIDDEN_GLOBALS } from './hidden.ts'

/** How pflag reads a flag's value; the characters are those of the committed table (src/argv/flags.ts). */
export type Kind = '' | '?' | '=' | '#' | '.' | '~' | ',' | ':'

export interface HelpFlag {
  readonly name: string
  readonly short: string
  readonly kind: Kind
}

export interface HelpCommand {
  /** The words of the command, `dependency build`; empty for helm itself. */
  readonly path: string
  readonly aliases: readonly string[]
  /** False for a group such as `dependency`, which only holds commands. */
  readonly runnable: boolean
  /** Its own flags, without the global ones. */
  readonly flags: readonly HelpFlag[]
}

/** The commands and flags of one helm, as its help and its parser give them. */
export interface HelmFlags {
  readonly globals: readonly HelpFlag[]
  readonly commands: readonly HelpCommand[]
}

/** The environment for asking a helm: no plugins, no cluster; helm 3.7 hides `push` and `registry` without the last. */
export function helmEnv(home: string): NodeJS.ProcessEnv {
  return { HOME: home, HELM_NO_PLUGINS: '1', KUBECONFIG: `${home}/none`, HELM_EXPERIMENTAL_OCI: '1' }
}

interface Help {
  readonly aliases: readonly string[]
  readonly children: readonly string[]
  readonly runnable: boolean
  readonly local: readonly HelpFlag[]
}

// pflag's names for types (FlagUsages in flag.go). Types of helm's own, such as `format`, judge their text themselves.
const kinds: Readonly<Record<string, Kind>> = {
  int: '#',
  uint: '#',
  float32: '.',
  duration: '~',
  strings: ',',
  stringToString: ':',
}

/**
 * Asks a helm for all its commands and flags. Every flag's kind as printed is then checked against helm's own parser.
 * @param helm the program
 * @param home an empty folder for it to live in
 * @throws Error when the help cannot be read, or says something else than the parser does
 */
export async function collectFlags(helm: string, home: string): Promise<HelmFlags> {
  const run = limited(availableParallelism(), (args) => output(helm, args, helmEnv(home)))
  const root = parseHelp((await run(['--help'])).text, true)
  const globals = [...root.local, ...(await hiddenFlags(run, ['version'], HIDDEN_GLOBALS))]
  await checkKinds(run, ['version'], globals)
  // `help` and `completion` are cobra's own; `docs` is hidden and writes helm's manual.
  const names = root.children.filter((name) => name !== 'help' && name !== 'completion')
  const commands = (await Promise.all(names.map((name) => collectCommand(run, [name])))).flat()
  return { globals: sorted(globals), commands: commands.toSorted((a, b) => (a.path < b.path ? -1 : 1)) }
}

async function collectCommand(run: Run, path: readonly string[]): Promise<HelpCommand[]> {
  const help = parseHelp((await run([...path, '--help'])).text, false)
  const hidden = await hiddenFlags(run, path, HIDDEN_FLAGS[path.join(' ')] ?? '')
  // helm 4 hides some that helm 3 shows.
  const flags = [...help.local, ...hidden.filter(({ name }) => !help.local.some((flag) => flag.name === name))]
  if (help.runnable) await checkKinds(run, path, flags)
  const below = await Promise.all(help.children.map((name) => collectCommand(run, [...path, name])))
  return [
    { path: path.join(' '), aliases: help.aliases, runnable: help.runnable, flags: sorted(flags) },
    ...below.flat(),
  ]
}

function parseHelp(text: string, isRoot: boolean): Help {
  const sections = new Map<string, string[]>()
  let lines: string[] = []
  for (const line of text.split('\n')) {
    const title = /^([A-Z][A-Za-z ]*):$/.exec(line)?.[1]
    if (title) sections.set(title, (lines = []))
    else if (line.startsWith('  ')) lines.push(line)
  }
  const usage = sections.get('Usage')
  if (!usage) throw new Error(`no usage in ${JSON.stringify(text.slice(0, 200))}`)
  const local = (sections.get('Flags') ?? []).map(parseFlagLine).filter((flag) => flag.name !== 'help')
  const aliases = (sections.get('Aliases') ?? []).flatMap((line) => line.trim().split(', ')).slice(1)
  const children = (sections.get('Available Commands') ?? []).map((line) => /^ {2}(\S+)/.exec(line)?.[1] ?? '')
  return { aliases, children, local, runnable: !isRoot && !usage.some((line) => line.endsWith(' [command]')) }
}

// pflag's FlagUsages: `  -d, --destination string   usage`, `--dry-run string[="unset"]`, `--wait Strategy[=watcher]`.
function parseFlagLine(line: string): HelpFlag {
  const match = /^ {2}(?:-(.), | {4})--(\S+)(?: (\S+?))?(\[=.*?\])?(?: {2,}.*)?$/.exec(line)
  if (!match) throw new Error(`no flag in ${JSON.stringify(line)}`)
  const [, short = '', name = '', type, optional] = match
  const kind = type === undefined ? '' : optional === undefined ? (kinds[type] ?? '=') : '?'
  return { name, short, kind }
}

function sorted(flags: readonly HelpFlag[]): HelpFlag[] {
  return flags.toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

interface Answer {
  readonly text: string
  readonly failed: boolean
}

type Run = (args: readonly string[]) => Promise<Answer>

/** The flags of a list in the table's notation that this helm knows, although its help is silent about them. */
async function hiddenFlags(run: Run, path: readonly string[], list: string): Promise<HelpFlag[]> {
  const found: HelpFlag[] = []
  for (const token of list.split(' ').filter(Boolean)) {
    const [, short = '', name = '', kind = ''] = /^(?:(.)\/)?([\w-]+)(\W?)$/.exec(token) ?? []
    // With --help on the line nothing runs: it is either the help or what the parser has to say.
    const { text, failed } = await run([...path, '--help', `--${name}`])
    if (failed && text.includes(`unknown flag: --${name}`)) continue
    if (failed !== (kind !== '' && kind !== '?')) throw new Error(`${path.join(' ')} --${name}: ${text}`)
    found.push({ name, short, kind: kind as Kind })
  }
  return found
}

/** Checks what the help says: which flags take the next word, which do not, and what they accept. */
async function checkKinds(run: Run, path: readonly string[], flags: readonly HelpFlag[]): Promise<void> {
  const words = (kinds: string) =>
    flags
      .filter(({ kind }) => kinds.includes(kind || ' '))
      .flatMap(({ name, short }) => (short ? [`--${name}`, `-${short}`] : [`--${name}`]))
  const check = async (args: readonly string[], isRight: (answer: Answer) => boolean) => {
    const answer = await run([...path, '--help', ...args])
    if (!isRight(answer)) throw new Error(`helm ${path.join(' ')}: ${args.join(' ')}: ${answer.text}`)
  }
  // All of these at once, since none takes the next one for its value.
  await check(words(' ?'), ({ failed }) => !failed)
  // Were it not for a value, `--no-such-flag` would be read as a flag.
  const text = words('=,').filter((word) => !judgesItsText(word))
  await check(
    text.flatMap((word) => [word, '--no-such-flag']),
    ({ failed }) => !failed,
  )
  for (const word of words('=,').filter(judgesItsText))
    await check([word], (answer) => answer.failed && answer.text.includes('flag needs an argument'))
  for (const word of words('#.~:'))
    await check([word, '--no-such-flag'], (answer) => answer.text.includes('invalid argument "--no-such-flag"'))
}

// Types of helm's and klog's own that look like text in the table.
function judgesItsText(word: string): boolean {
  return /^(-o|--output|--post-renderer|--post-renderer-args|--.*stderrthreshold|--log-backtrace-at|--vmodule)$/.test(
    word,
  )
}

function limited(most: number, run: Run): Run {
  const waiting: (() => void)[] = []
  let running = 0
  return async (args) => {
    if (running === most) await new Promise<void>((resolve) => waiting.push(resolve))
    else running++
    try {
      return await run(args)
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }
}

function output(file: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Answer> {
  return new Promise((resolve) => {
    execFile(file, args, { env }, (error, stdout, stderr) => {
      resolve({ text: stdout + stderr, failed: error !== null })
    })
  })
}
