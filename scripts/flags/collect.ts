import { execFile } from 'node:child_process'
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
  const run = (args: readonly string[]) => output(helm, args, helmEnv(home))
  const root = parseHelp((await run(['--help'])).text, true)
  const globals = [...root.local, ...(await hiddenFlags(run, ['version'], HIDDEN_GLOBALS))]
  const commands: HelpCommand[] = []
  // `help` and `completion` are cobra's; `docs` is hidden and writes helm's own manual.
  const waiting = root.children.filter((name) => name !== 'help' && name !== 'completion').map((name) => [name])
  const worker = async () => {
    for (let path = waiting.pop(); path; path = waiting.pop()) {
      const help = parseHelp((await run([...path, '--help'])).text, false)
      const hidden = await hiddenFlags(run, path, HIDDEN_FLAGS[path.join(' ')] ?? '')
      const flags = [...help.local, ...hidden]
      if (help.runnable) await checkKinds(run, path, flags)
      commands.push({ path: path.join(' '), aliases: help.aliases, runnable: help.runnable, flags: sorted(flags) })
      waiting.push(...help.children.map((name) => [...path, name]))
    }
  }
  await Promise.all([worker().then(worker), worker().then(worker), worker().then(worker)])
  await checkKinds(run, ['version'], globals)
  return { globals: sorted(globals), commands: commands.toSorted((a, b) => (a.path < b.path ? -1 : 1)) }
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

type Run = (args: readonly string[]) => Promise<{ text: string; failed: boolean }>

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

/** Checks with two runs what the help says: which flags take the next word, and which do not. */
async function checkKinds(run: Run, path: readonly string[], flags: readonly HelpFlag[]): Promise<void> {
  const spelt = flags.flatMap((flag) => [
    [flag, `--${flag.name}`] as const,
    ...(flag.short ? [[flag, `-${flag.short}`] as const] : []),
  ])
  const alone = spelt.filter(([flag]) => flag.kind === '' || flag.kind === '?').map(([, word]) => word)
  const optional = await run([...path, '--help', ...alone])
  if (optional.failed) throw new Error(`helm ${path.join(' ')}: not all optional: ${alone.join(' ')}: ${optional.text}`)
  // A flag that took no value would leave `--no-such-flag` to be read as a flag; helm's own types do not take it as text.
  for (const [flag, word] of spelt.filter(([flag]) => flag.kind !== '' && flag.kind !== '?')) {
    if (flag.kind === '=') continue
    const { text, failed } = await run([...path, '--help', word, '--no-such-flag'])
    const typed = flag.kind !== ','
    const right = typed ? failed && text.includes('invalid argument "--no-such-flag"') : !failed
    if (!right) throw new Error(`helm ${path.join(' ')} ${word}: not of kind ${flag.kind}: ${text}`)
  }
  const texts = spelt.filter(([flag]) => flag.kind === '=').map(([, word]) => word)
  const last = await Promise.all(texts.slice(-1).map((word) => run([...path, '--help', word])))
  if (last.some(({ text, failed }) => !failed || !text.includes('flag needs an argument')))
    throw new Error(`helm ${path.join(' ')}: takes no value: ${texts.join(' ')}`)
  const strings = texts.filter(
    (word) =>
      !/^(-o|--output|--post-renderer.*|--stderrthreshold|--log-backtrace-at|--vmodule|--alsologtostderrthreshold)$/.test(
        word,
      ),
  )
  const text = await run([...path, '--help', ...strings.flatMap((word) => [word, '--no-such-flag'])])
  if (text.failed) throw new Error(`helm ${path.join(' ')}: not all take text: ${strings.join(' ')}: ${text.text}`)
}

function output(file: string, args: readonly string[], env: NodeJS.ProcessEnv): ReturnType<Run> {
  return new Promise((resolve) => {
    execFile(file, args, { env }, (error, stdout, stderr) => {
      resolve({ text: stdout + stderr, failed: error !== null })
    })
  })
}
