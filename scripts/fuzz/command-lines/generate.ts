import type { HelmFlags, HelpCommand, HelpFlag, Kind } from '../../flags/collect.ts'
import type { Random } from './random.ts'

// The commands that the shim acts on; others come up now and then.
const ours = [
  'pull',
  'upgrade',
  'install',
  'template',
  'verify',
  'show values',
  'show chart',
  'dependency build',
  'lint',
]

const nastyValues = [
  ...['', '-', '--', '---x', '--=', '=', '-=', 'a=b', '=a', 'a=', '--untar', '--verify', '--verify=false', '-d', '-n'],
  ...['-n=foo', '-dnfoo', 'nfoo', '--namespace', '--debug', '--help', '-h', 'test.v', '-test.v', 'pull', 'fetch', 'up'],
  ...['upgrade', 'install', 'show', 'values', 'chart', 'true', 'false', '0', 'F', 'yes', 'é', '日本', '-é', 'x y', ' '],
  ...['a\nb', '"', "'", '$HOME', '\\', '-v', '-v=2', '-vvv', '--v=x', '--color', '\u{1F600}', '1.10', '010', '-1'],
]
const plainValues = ['./demo', 'oci://r.example/demo', 'repo/demo', 'rel', '/abs/dir', 'out', '1.2.3', '../x', 'v', 'd']
const junk = [
  ...[
    '--',
    '-',
    '--=',
    '---x',
    '--=x',
    '-=',
    '-=x',
    '-test.v',
    '-test.timeout',
    '--unknown',
    '--unknown=1',
    '-Z',
    '-Zx',
  ],
  ...['', '--help', '-h', '--help=false', '--Verify', '--unta', '--no-verify', '-é', '--né=1', '--verify=yes', '-1'],
  ...['--insecure_skip_tls_verify', '--untar=', '--debug=1', '-n', '--bad\uFFFD', '__complete', 'help', 'completion'],
]

const valid: Readonly<Record<Kind, readonly string[]>> = {
  '': ['true', 'false', '1', '0', 't', 'F', 'TRUE', 'False'],
  '?': ['true', 'false', 'client', 'server', 'watcher'],
  '=': plainValues,
  '#': ['0', '1', '42', '010', '+3', '0x10', '1_000'],
  '.': ['0', '1.5', '20', '.5', '1e3', 'inf', '-2'],
  '~': ['5m', '1h2m3s', '0', '300ms', '1.5h', '-1s', '+5m', '5µs'],
  ',': ['a.yaml', 'a.yaml,b.yaml', '', '"a,b"', 'a"b'],
  ':': ['a=b', 'a=b,c=d', 'a=', 'a=b=c', '"a=b",c=d'],
}

/** One command line, the words after `helm`: mostly valid, always a little strange. */
export function generateLine(random: Random, helm: HelmFlags): string[] {
  const runnable = helm.commands.filter((command) => command.runnable)
  const wanted = random.chance(80) ? random.pick(ours) : random.pick(runnable).path
  const command = runnable.find(({ path }) => path === wanted) ?? random.pick(runnable)
  const words: string[] = []
  for (let left = random.int(6); left > 0; left--) words.push(...piece(random, helm, command))
  insertCommand(random, helm, command, words)
  // Values that look like the command, in front of it.
  const word = command.path.split(' ', 1)[0] ?? ''
  if (random.chance(4)) words.unshift(random.pick(['-n', '--namespace', '-d', '--kube-context']), word)
  if (random.chance(2)) words.unshift(random.pick(['', '-', '-n=', `--namespace=${word}`]))
  if (random.chance(8)) words.splice(random.int(words.length + 1), random.int(2), ...piece(random, helm, command))
  if (random.chance(4)) words.splice(random.int(words.length + 1), 0, random.pick(words))
  return words
}

function insertCommand(random: Random, helm: HelmFlags, command: HelpCommand, words: string[]): void {
  let at = 0
  const path = command.path.split(' ')
  path.forEach((name, depth) => {
    // Mostly in front; also behind flags, and inside of what follows.
    if (random.chance(30)) at += random.int(Math.min(4, words.length - at + 1))
    const own = helm.commands.find((one) => one.path === path.slice(0, depth + 1).join(' '))
    words.splice(at++, 0, random.pick([name, name, ...(own?.aliases ?? [])]))
  })
}

function piece(random: Random, helm: HelmFlags, command: HelpCommand): string[] {
  const kind = random.int(100)
  if (kind < 25) return [random.chance(75) ? random.pick(plainValues) : random.pick(nastyValues)]
  if (kind < 31) return [random.pick(junk)]
  if (kind < 33) return [random.pick(helm.commands).path.split(' ').at(-1) ?? '']
  const flags = random.chance(25) || command.flags.length === 0 ? helm.globals : command.flags
  const flag = random.pick(favoured(random, flags))
  if (flag.short && random.chance(70)) return shorthands(random, [...command.flags, ...helm.globals], flag)
  return long(random, flag)
}

function favoured(random: Random, flags: readonly HelpFlag[]): readonly HelpFlag[] {
  const names = ['verify', 'untar', 'destination', 'untardir', 'keyring', 'version', 'namespace', 'debug', 'values']
  const some = flags.filter(({ name }) => names.includes(name))
  return some.length > 0 && random.chance(60) ? some : flags
}

function long(random: Random, flag: HelpFlag): string[] {
  const value = valueFor(random, flag)
  const takesNext = flag.kind !== '' && flag.kind !== '?'
  if (random.chance(takesNext ? 35 : 30)) return [`--${flag.name}=${value}`]
  if (takesNext) return random.chance(97) ? [`--${flag.name}`, value] : [`--${flag.name}`]
  return random.chance(90) ? [`--${flag.name}`] : [`--${flag.name}`, value]
}

function shorthands(random: Random, all: readonly HelpFlag[], last: HelpFlag): string[] {
  const booleans = all.filter(({ short, kind }) => short && kind === '')
  let word = '-'
  if (booleans.length > 0) for (let left = random.int(3); left > 0; left--) word += random.pick(booleans).short
  word += last.short
  const value = valueFor(random, last)
  if (last.kind === '') return [random.chance(20) ? `${word}=${value}` : word]
  const form = random.int(10)
  if (form < 5) return [word, value]
  return [form < 7 ? `${word}${value}` : form < 9 ? `${word}=${value}` : word]
}

function valueFor(random: Random, flag: HelpFlag): string {
  return random.chance(85) ? random.pick(valid[flag.kind]) : random.pick(nastyValues)
}
