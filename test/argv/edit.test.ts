import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { editLine } from '../../src/argv/edit.ts'
import type { LineEdit } from '../../src/argv/edit.ts'
import { readHelmLine } from '../../src/argv/read.ts'
import type { HelmLine } from '../../src/argv/line.ts'

function read(argv: readonly string[]): HelmLine {
  const reading = readHelmLine(argv)
  if (reading.kind === 'unread') throw new Error(reading.reason)
  return reading.line
}

function edited(argv: string, edit: LineEdit): string {
  return editLine(read(argv.split(' ')), edit).join(' ')
}

describe('cutting flags out', () => {
  it.each([
    ['pull x --untar --prov', 'pull x --prov'],
    ['pull x --untar=false --prov', 'pull x --prov'],
    ['pull --untar x --untar', 'pull x'],
    ['pull x --destination out', 'pull x'],
    ['pull x --destination=out y', 'pull x y'],
    ['pull x -d out y', 'pull x y'],
    ['pull x -dout y', 'pull x y'],
    ['pull x -d=out y', 'pull x y'],
    ['-d out pull x', 'pull x'],
    ['--untar=true --debug pull x', '--debug pull x'],
    ['pull x --version --untar', 'pull x --version --untar'],
    ['pull x -d --prov --untar', 'pull x'],
    ['pull x -- --untar', 'pull x -- --untar'],
  ])('helm %s: untar and destination', (argv, result) => {
    expect(edited(argv, { withoutFlags: ['untar', 'destination'] })).toBe(result)
  })

  it.each([
    ['install -gn out x', ['namespace'], 'install -g x'],
    ['install -gnout x', ['namespace'], 'install -g x'],
    ['install -gn=out x', ['namespace'], 'install -g x'],
    ['install -gn out x', ['generate-name'], 'install -n out x'],
    ['install -gnout x', ['generate-name'], 'install -nout x'],
    ['install -gn=out x', ['generate-name'], 'install -n=out x'],
    ['install -gg=false x', ['generate-name'], 'install x'],
    ['install -gn out x', ['generate-name', 'namespace'], 'install x'],
    ['list -adrm 3', ['date'], 'list -arm 3'],
    ['list -adrm 3', ['all', 'max'], 'list -dr'],
  ])('helm %s: %s out of a cluster', (argv, names, result) => {
    expect(edited(argv, { withoutFlags: names })).toBe(result)
  })
})

it('puts the command first where flags before it would come to take it for a value', () => {
  expect(edited('--verify --keyring -= pull x', { withoutFlags: ['keyring'] })).toBe('pull --verify x')
})

describe('adding flags', () => {
  it.each([
    ['pull x', 'pull --prov -d out x'],
    ['pull -- x', 'pull --prov -d out -- x'],
    ['-n a fetch x --debug', '-n a fetch --prov -d out x --debug'],
  ])('helm %s: right behind the command', (argv, result) => {
    expect(edited(argv, { add: ['--prov', '-d', 'out'] })).toBe(result)
  })

  it('counts the words of a command with two', () => {
    expect(edited('show --debug values x', { add: ['--verify'] })).toBe('show --debug values --verify x')
  })

  it.each([[['x']], [['--no-such-flag']], [['--keyring']], [['-h']], [['--']]])('refuses %s', (add) => {
    expect(() => edited('pull x', { add })).toThrow('cannot be edited safely')
  })
})

describe('setting a flag', () => {
  it.each([
    ['pull x', 'pull --keyring=K x'],
    ['pull x --keyring a', 'pull --keyring=K x'],
    ['pull x --keyring=a -- y', 'pull --keyring=K x -- y'],
    ['--keyring a pull x --keyring --untar', 'pull --keyring=K x'],
  ])('helm %s', (argv, result) => {
    expect(edited(argv, { set: { keyring: 'K' } })).toBe(result)
  })

  it('takes any value', () => {
    expect(editLine(read(['pull', 'x']), { set: { keyring: '' } })).toEqual(['pull', '--keyring=', 'x'])
    expect(editLine(read(['pull', 'x']), { set: { keyring: '-h --x=\n' } })).toEqual([
      'pull',
      '--keyring=-h --x=\n',
      'x',
    ])
  })
})

describe('arguments', () => {
  it('are replaced by place, not by value', () => {
    expect(edited('upgrade d d -n d', { replaceWords: new Map([[2, '/packed.tgz']]) })).toBe(
      'upgrade d /packed.tgz -n d',
    )
  })

  it('are left out by place', () => {
    expect(edited('pull a b a', { withoutWords: [1, 2] })).toBe('pull a')
  })

  it('are replaced behind the terminator by anything', () => {
    expect(edited('upgrade r -- d', { replaceWords: new Map([[3, '-x']]) })).toBe('upgrade r -- -x')
  })

  it.each(['-x', '--', '--untar'])('are not replaced by %s', (value) => {
    expect(() => edited('upgrade r d', { replaceWords: new Map([[2, value]]) })).toThrow('cannot be edited safely')
  })
})

it('refuses an edit after which helm would read a global flag out of another word', () => {
  // helm stops its early reading at -v with no number; without that it comes to read -nfoo.
  const line = read(['pull', 'x', '-dvendor', '--version', '-nfoo'])
  expect(() => editLine(line, { withoutFlags: ['destination'] })).toThrow('cannot be edited safely')
})

it('refuses an edit by which a namespace becomes the command', () => {
  const line = read(['-n', 'pull', 'pull', 'x'])
  expect(() => editLine(line, { replaceWords: new Map([[1, 'y']]), add: ['-n'] })).toThrow('cannot be edited safely')
})

describe('for any line', () => {
  const word = fc.constantFrom('x', './d', 'pull', 'upgrade', 'out', '1.10', 'a=b', '', 'true', '-', 'é', 'oci://r/x')
  const value = fc.oneof(
    { weight: 4, arbitrary: word },
    { weight: 1, arbitrary: fc.constantFrom('--untar', '--', '-d', '-=') },
  )
  const flags = fc.oneof(
    word.map((text) => [text]),
    fc.constantFrom('--verify', '--untar', '--untar=false', '--prov', '--debug', '-v=2').map((text) => [text]),
    fc.tuple(fc.constantFrom('--destination', '-d', '--keyring', '--version', '-n', '--untardir'), value),
    fc
      .tuple(fc.constantFrom('--destination=', '-d', '-d=', '--keyring=', '-n'), value)
      .map(([name, text]) => [name + text]),
  )
  const installs = fc.oneof(
    word.map((text) => [text]),
    fc.constantFrom('--verify', '-g', '--wait', '--dry-run=server', '-g=f', '--debug').map((text) => [text]),
    fc.tuple(fc.constantFrom('-gn', '-n', '-gf', '--set', '-f', '-gl'), value),
    fc.tuple(fc.constantFrom('-gn', '-gn=', '-n', '--set='), value).map(([name, text]) => [name + text]),
  )
  const line = (command: string, pieces: fc.Arbitrary<string[]>) =>
    fc
      .tuple(
        fc.array(pieces, { maxLength: 2 }),
        fc.array(pieces, { maxLength: 5 }),
        fc.boolean(),
        fc.array(value, { maxLength: 2 }),
      )
      .map(([before, after, ends, rest]) => [
        ...before.flat(),
        command,
        ...after.flat(),
        ...(ends ? ['--', ...rest] : []),
      ])
  const lines = fc.oneof(line('pull', flags), line('fetch', flags), line('install', installs))
  const names = fc.subarray([
    'untar',
    'destination',
    'verify',
    'keyring',
    'generate-name',
    'namespace',
    'values',
    'debug',
  ])

  // What a line says, without where it says it.
  const says = ({ command, flags: given, positionals, terminator }: HelmLine) => ({
    command,
    flags: given.map((flag) => [flag.name, flag.value] as const),
    positionals: positionals.map((positional) => positional.value),
    ends: terminator !== undefined,
  })

  it('cutting flags out changes nothing else', () => {
    let read = 0
    let refused = 0
    fc.assert(
      fc.property(lines, names, (argv, out) => {
        const reading = readHelmLine(argv)
        if (reading.kind === 'unread') return
        read++
        let result: string[]
        try {
          result = editLine(reading.line, { withoutFlags: out })
        } catch {
          refused++
          return
        }
        const again = readHelmLine(result)
        const before = says(reading.line)
        expect(again.kind === 'read' && says(again.line)).toEqual({
          ...before,
          flags: before.flags.filter(([name]) => !out.includes(name)),
        })
      }),
      { numRuns: 4000 },
    )
    expect(read).toBeGreaterThan(1000)
    expect(refused).toBeLessThan(read / 100)
  })

  it('cutting out nothing leaves every word', () => {
    fc.assert(
      fc.property(lines, (argv) => {
        const reading = readHelmLine(argv)
        if (reading.kind === 'read') expect(editLine(reading.line, {})).toEqual(argv)
      }),
      { numRuns: 2000 },
    )
  })

  it('a set flag has its value, and all else is as before; few lines cannot have it', () => {
    let read = 0
    let refused = 0
    fc.assert(
      fc.property(lines, fc.string(), (argv, keyring) => {
        const reading = readHelmLine(argv)
        if (reading.kind === 'unread') return
        read++
        let result: string[]
        try {
          result = editLine(reading.line, { set: { keyring } })
        } catch {
          refused++
          return
        }
        const again = readHelmLine(result)
        const others = ({ flags: given, ...rest }: ReturnType<typeof says>) => ({
          ...rest,
          flags: given.filter(([name]) => name !== 'keyring'),
        })
        if (again.kind === 'unread') throw new Error(again.reason)
        expect(others(says(again.line))).toEqual(others(says(reading.line)))
        expect(again.line.flags.filter(({ name }) => name === 'keyring').map((flag) => flag.value)).toEqual([keyring])
      }),
      { numRuns: 2000 },
    )
    expect(read).toBeGreaterThan(500)
    expect(refused).toBeLessThan(read / 100)
  })

  it('a flag is set on a line whose command stands behind `--`', () => {
    const reading = readHelmLine(['--verify', 'fetch', '--verify', '--', 'pull'])
    expect(reading.kind === 'read' && editLine(reading.line, { set: { keyring: 'k' } })).toEqual([
      'pull',
      '--keyring=k',
      '--verify',
      'fetch',
      '--verify',
      '--',
    ])
  })

  it('every place that a reading names holds what it says', () => {
    fc.assert(
      fc.property(lines, (argv) => {
        const reading = readHelmLine(argv)
        if (reading.kind === 'unread') return
        const { flags: given, positionals } = reading.line
        for (const { index, value: text } of positionals) expect(argv[index]).toBe(text)
        for (const { index, value: text, words } of given) if (words === 2) expect(argv[index + 1]).toBe(text)
        const used = given.map(({ index, words }) => [index, index + words - 1])
        const places = new Set([...reading.line.commandWords, ...positionals.map(({ index }) => index), ...used.flat()])
        if (reading.line.terminator !== undefined) places.add(reading.line.terminator)
        expect(places.size).toBe(argv.length)
      }),
      { numRuns: 2000 },
    )
  })
})
