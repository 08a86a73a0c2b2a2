import { describe, expect, it } from 'vitest'
import { isOn, lastValue, readHelmLine } from '../../src/argv/read.ts'
import type { HelmLine } from '../../src/argv/line.ts'

/** A reading in one line: the command, its positional arguments, its flags; or why it is left to helm. */
function said(argv: readonly string[]): string {
  const reading = readHelmLine(argv)
  if (reading.kind === 'unread') return `left: ${reading.reason}`
  const { command, positionals, flags } = reading.line
  const words = positionals.map(({ value }) => ` <${value}>`).join('')
  return `${command}${words}${flags.map(({ name, value }) => ` ${name}=${value}`).join('')}`
}

function read(argv: string): HelmLine {
  const reading = readHelmLine(argv.split(' '))
  if (reading.kind === 'unread') throw new Error(reading.reason)
  return reading.line
}

function table(rows: readonly (readonly [argv: string, says: string])[]): void {
  it.each(rows)('helm %s', (argv, says) => {
    expect(said(argv.split(' '))).toBe(says)
  })
}

describe('when helmfile calls', () => {
  table([
    [
      'pull oci://R/demo --version 0.1.0 --destination TMP --untar --ca-file C',
      'pull <oci://R/demo> version=0.1.0 destination=TMP untar=true ca-file=C',
    ],
    ['pull cls/demo --untar -d TMP --version 0.1.0', 'pull <cls/demo> untar=true destination=TMP version=0.1.0'],
    [
      'upgrade --install demo TMP/demo --version 0.1.0 --verify --keyring K --kube-context c -n ns -f a.yaml,b.yaml',
      'upgrade <demo> <TMP/demo> install=true version=0.1.0 verify=true keyring=K kube-context=c namespace=ns values=a.yaml,b.yaml',
    ],
    ['template demo D --output-dir O --include-crds', 'template <demo> <D> output-dir=O include-crds=true'],
    ['version --client --short', 'version client=true short=true'],
  ])
})

describe('where minimist reads otherwise', () => {
  table([
    // 1.10 as a number
    ['pull x --version 1.10', 'pull <x> version=1.10'],
    // eats `false`
    ['pull --verify false', 'pull <false> verify=true'],
    // takes 0 for a text that is true
    ['pull x --verify=0', 'pull <x> verify=0'],
    // splits the letters
    ['upgrade rel x -nfoo', 'upgrade <rel> <x> namespace=foo'],
    // makes a list
    ['pull x --keyring a --keyring b', 'pull <x> keyring=a keyring=b'],
    // takes no value that begins with a dash
    ['pull x --version --untar', 'pull <x> version=--untar'],
    ['pull x --no-verify', 'left: unknown flag --no-verify'],
    ['pull x --version= 1', 'pull <x> <1> version='],
  ])

  it('reads 0 as off', () => {
    expect(isOn(read('pull x --verify=0'), 'verify')).toBe(false)
  })
})

describe('when flags are long', () => {
  table([
    ['pull --untar x', 'pull <x> untar=true'],
    ['pull --untar=false x', 'pull <x> untar=false'],
    ['pull --untar true', 'pull <true> untar=true'],
    ['pull --destination=out x', 'pull <x> destination=out'],
    ['pull --destination=a=b x', 'pull <x> destination=a=b'],
    ['pull --destination -- x', 'pull <x> destination=--'],
    ['install --dry-run server x', 'install <server> <x> dry-run=true'],
    ['install --dry-run=server x', 'install <x> dry-run=server'],
    ['pull --untar=yes x', 'left: --untar=yes: helm may refuse "yes" for --untar'],
    ['pull --untar= x', 'left: --untar=: helm may refuse "" for --untar'],
    ['pull x --keyring', 'left: --keyring has no value'],
    ['pull --unta x', 'left: unknown flag --unta'],
    ['pull --Untar x', 'left: unknown flag --Untar'],
    ['pull --insecure_skip_tls_verify x', 'left: unknown flag --insecure_skip_tls_verify'],
    ['pull ---x', 'left: unknown flag ---x'],
    ['pull --=', 'left: unknown flag --'],
    ['pull --install x', 'left: unknown flag --install'],
    ['install x --timeout 5m0s', 'install <x> timeout=5m0s'],
    ['install x --timeout soon', 'left: --timeout: helm may refuse "soon" for --timeout'],
    ['history x --max 08', 'left: --max: helm may refuse "08" for --max'],
    ['install x --labels a=b,c', 'left: --labels: helm may refuse "a=b,c" for --labels'],
    ['lint x --values "a', 'left: --values: helm may refuse "\\"a" for --values'],
  ])
})

describe('when flags are short', () => {
  table([
    ['pull x -d out', 'pull <x> destination=out'],
    ['pull x -dout', 'pull <x> destination=out'],
    ['pull x -d=out', 'pull <x> destination=out'],
    ['pull x -d==out', 'pull <x> destination==out'],
    ['pull x -d=', 'pull <x> destination=='],
    ['pull x -d -x', 'pull <x> destination=-x'],
    ['install -gf a.yaml x', 'install <x> generate-name=true values=a.yaml'],
    ['install -gfa.yaml x', 'install <x> generate-name=true values=a.yaml'],
    ['install -g=false x', 'install <x> generate-name=false'],
    ['install -g= x', 'left: unknown shorthand -= in -g='],
    ['upgrade -in ns rel x', 'upgrade <rel> <x> install=true namespace=ns'],
    ['pull x -d', 'left: -d has no value'],
    ['pull x -Z', 'left: unknown shorthand -Z in -Z'],
    ['pull x -gd', 'left: unknown shorthand -g in -gd'],
    ['pull x -é', 'left: unknown shorthand -é in -é'],
    ['pull x -test.v', 'left: -test.v: pflag skips -test flags'],
    ['pull x -v 2', 'pull <x> v=2'],
    ['pull x -vvv', 'left: -vvv: helm may refuse "vv" for --v'],
  ])
})

describe('when there are arguments', () => {
  table([
    ['upgrade a --verify b', 'upgrade <a> <b> verify=true'],
    ['lint -', 'lint <->'],
    ['pull x -- --untar -d', 'pull <x> <--untar> <-d>'],
    ['pull --untar -- -- x', 'pull <--> <x> untar=true'],
    ['pull', 'pull'],
  ])

  it('keeps an empty argument', () => {
    expect(said(['pull', '', 'x'])).toBe('pull <> <x>')
  })

  it('tells where each stands', () => {
    const line = read('-n out show --debug values x -- y')
    expect(line.commandWords).toEqual([2, 4])
    expect(line.flags.map(({ index, words }) => [index, words])).toEqual([
      [0, 2],
      [3, 1],
    ])
    expect(line.positionals).toEqual([
      { value: 'x', index: 5 },
      { value: 'y', index: 7 },
    ])
    expect(line.terminator).toBe(6)
  })
})

describe('when the command is looked for', () => {
  table([
    ['fetch x', 'pull <x>'],
    ['inspect values x', 'show values <x>'],
    ['dep up x', 'dependency update <x>'],
    ['dependencies build x', 'dependency build <x>'],
    ['ls', 'list'],
    ['del x', 'uninstall <x>'],
    ['hist x', 'history <x>'],
    ['--debug pull x', 'pull <x> debug=true'],
    ['-n ns pull x', 'pull <x> namespace=ns'],
    ['--namespace x pull y', 'pull <y> namespace=x'],
    ['-nns pull x', 'pull <x> namespace=ns'],
    ['-d out pull x', 'pull <x> destination=out'],
    ['--untar=true pull x', 'pull <x> untar=true'],
    ['show --debug values --verify x', 'show values <x> debug=true verify=true'],
    ['--set-file pull pull x', 'left: unknown flag --set-file'],
    ['-d pull pull x', 'pull <x> destination=pull'],
    ['pull pull', 'pull <pull>'],
    ['- pull x', 'pull <-> <x>'],
    // cobra takes `pull` for the value of a flag that it does not know yet.
    ['--untar pull x', 'left: `x` is no command that every helm has'],
    ['--destination pull x', 'left: `x` is no command that every helm has'],
    ['-- pull x', 'left: it names no command'],
    ['pul x', 'left: `pul` is no command that every helm has'],
    ['PULL x', 'left: `PULL` is no command that every helm has'],
    ['diff upgrade rel x', 'left: `diff` is no command that every helm has'],
    ['--debug', 'left: it names no command'],
    ['show', 'left: `show` is no command that every helm has'],
    ['show x', 'left: `show x` is no command that every helm has'],
    ['toString', 'left: `toString` is no command that every helm has'],
    // cobra before 1.7 takes the namespace away.
    ['-n pull --debug pull x', 'left: helms differ on which `pull` is the command'],
    ['--kube-insecure-skip-tls-verify pull x', 'left: not every helm has --kube-insecure-skip-tls-verify'],
    ['-id pull out x', 'left: unknown shorthand -i in -id'],
    ['-gf install v.yaml x', 'left: the value of -gf stands behind the command'],
  ])

  it('passes over an empty word', () => {
    expect(said(['', 'pull', 'x'])).toBe('pull <> <x>')
  })
})

describe('when helm is asked for help, or for completions', () => {
  table([
    ['pull -h', 'left: helm is asked for help'],
    ['pull x --help', 'left: helm is asked for help'],
    ['pull x --help=false', 'left: helm is asked for help'],
    ['install -gh x', 'left: helm is asked for help'],
    ['pull x -d -h', 'pull <x> destination=-h'],
    ['pull -- --help', 'pull <--help>'],
    ['--help', 'left: it names no command'],
    ['help pull', 'left: `help` is no command that every helm has'],
    ['completion bash', 'left: `completion` is no command that every helm has'],
    ['__complete pull x', 'left: `__complete` is no command that every helm has'],
    ['__completeNoDesc pull x', 'left: `__completeNoDesc` is no command that every helm has'],
  ])
})

describe('when helm finds a global flag inside another word', () => {
  table([
    // Real: helm deploys this into the namespace `ginx.yaml`.
    ['upgrade rel x -fnginx.yaml', 'left: helm also reads --namespace=ginx.yaml in it'],
    ['pull x --version --debug', 'left: helm also reads --debug=true in it'],
    ['pull x -fvalues.yaml', 'left: unknown shorthand -f in -fvalues.yaml'],
    ['lint x -fvalues.yaml', 'lint <x> values=values.yaml'],
  ])
})

it('leaves a word that is not UTF-8, since Node does not tell what helm got', () => {
  expect(said(['pull', 'x\uFFFD'])).toBe('left: a word is not UTF-8')
})

describe('lastValue', () => {
  it('takes the last of several', () => {
    expect(lastValue(read('pull x -d a --destination=b -dc'), 'destination')).toBe('c')
  })
  it('is undefined without the flag', () => {
    expect(lastValue(read('pull x'), 'destination')).toBeUndefined()
  })
})

describe('isOn', () => {
  it.each([
    ['pull x --verify', true],
    ['pull x --verify=T', true],
    ['pull x --verify=1 --verify=False', false],
    ['pull x --verify=f --verify', true],
    ['pull x', false],
  ])('helm %s', (argv, on) => {
    expect(isOn(read(argv), 'verify')).toBe(on)
  })
})
