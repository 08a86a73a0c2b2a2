import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type Recording, shellWord } from '../fixtures/recording-helm.ts'
import { run } from '../fixtures/start.ts'
import { Bed } from './bed.ts'
import { shells, which } from './shells.ts'

/** What must be the same however helm was reached; process ids are compared by the tests themselves. */
function lasting({ pid, parent, ...rest }: Recording): object {
  return { ...rest, isChild: parent === process.pid && pid !== 0 }
}

const names = ['a', 'arg', 'args', 'path', 'helm', 'name', 'i', 'x', 'rest', 'state', 'engine', 'first', 'here', 'why']
const awkward = {
  ...Object.fromEntries(names.map((name) => [name, `kept ${name}`])),
  PWD: '/nowhere/at/all',
  OLDPWD: '/usr',
  CDPATH: '/usr:/',
  IFS: ':',
  ENV: '/nowhere',
  BASH_ENV: '',
  HELM_NAMESPACE: 'ns',
  HELM_BIN: '/kept',
  EMPTY: '',
  MULTILINE: 'a\nb=c\n',
  SHELLS: '`id` $(id) \' " \\',
  LC_ALL: 'de_DE.ISO-8859-1',
  UTF: 'grüße 日本',
}

describe.each(shells)('what is passed through, under $name', (shell) => {
  it('is what reaches helm through a one-line exec wrapper: words, environment, descriptors, all', async () => {
    const bed = new Bed(shell)
    const wrapper = bed.at('wrapper')
    writeFileSync(wrapper, `#!/bin/sh\nexec ${shellWord(bed.helm.path)} "$@"\n`)
    const words = [
      'upgrade',
      '--install',
      'r',
      'c',
      '',
      ' a  b ',
      '*',
      '$HOME',
      'a\nb',
      "'",
      '"',
      '\\',
      '-n',
      '--',
      'ü',
    ]
    const options = { env: awkward, input: 'x' }
    await bed.run(words, { ...options, gate: wrapper })
    await bed.run(words, options)
    const [plain, gated] = bed.helm.runs().map(lasting)
    expect(gated).toEqual(plain)
  })

  it('has every variable with its value, also those whose names a script likes to use', async () => {
    const { helm } = await new Bed(shell).run(['version'], { env: { ...awkward, PWD: undefined } })
    // Those two the shell itself sets before it reads any script.
    const kept = Object.entries(awkward).filter(([name]) => name !== 'IFS' && name !== 'PWD')
    const expected = kept.map(([name, value]) => Buffer.from(`${name}=${value}`).toString('latin1'))
    expect(helm[0]?.environment).toEqual(expect.arrayContaining(expected))
    expect(helm[0]?.environment.filter((entry) => entry.startsWith('hvs_'))).toEqual([])
  })

  it('has words and values that are not UTF-8 as they were', async () => {
    const bed = new Bed(shell)
    const script = 'export BYTES="$(printf "\\201\\377=\\300")"; exec "$@" "$(printf "a\\377\\200b")" "$BYTES"'
    const words = ['-c', script, 'sh', ...shell.command, bed.gate, 'install']
    const { pid } = await run('/bin/sh', words, { cwd: bed.root, env: { ...bed.env, PWD: bed.root } })
    expect(bed.helm.runs()).toMatchObject([{ pid, words: ['install', 'a\xff\x80b', '\x81\xff=\xc0'] }])
    expect(bed.helm.runs()[0]?.environment).toContain('BYTES=\x81\xff=\xc0')
  })

  it('has 2,000 words, and a word of 100,000 bytes', async () => {
    const bed = new Bed(shell)
    const many = Array.from({ length: 2000 }, (_, index) => `--set=key${index}=value ${index}`)
    const long = 'x'.repeat(100_000)
    expect((await bed.run(many)).helm[0]?.words).toEqual(many)
    expect((await bed.run(['install', long])).helm[1]?.words).toEqual(['install', long])
  })

  it('has stdin, byte for byte', async () => {
    const bed = new Bed(shell, 'record_stdin')
    const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, index) => index % 256))
    const { helm } = await bed.run(['upgrade', '-f', '-'], { input: bytes })
    expect(helm[0]?.stdin === bytes.toString('latin1')).toBe(true)
  })

  it('gives stdout and stderr back, byte for byte', async () => {
    const bed = new Bed(shell, String.raw`printf 'out\0\377\n\n'; printf 'err\0\376' >&2`)
    expect(await bed.run(['version'])).toMatchObject({ stdout: 'out\0\xff\n\n', stderr: 'err\0\xfe' })
  })

  it.each([0, 1, 2, 3, 42, 126, 127, 130, 143, 255])('gives the exit code %i back', async (code) => {
    expect(await new Bed(shell, `exit ${code}`).run(['version'])).toMatchObject({ code, signal: null })
  })

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL', 'SIGPIPE', 'SIGQUIT', 'SIGSEGV'])(
    'dies by %s where helm does',
    async (signal) => {
      const bed = new Bed(shell, `ulimit -c 0; kill -${signal.slice(3)} $$`)
      expect(await bed.run(['version'])).toMatchObject({ code: null, signal })
    },
  )

  it('has the file descriptors beyond 2 that were open', async () => {
    const bed = new Bed(shell)
    const script = 'exec 5<"$1" 7>>"$1"; shift; exec "$@"'
    const words = ['-c', script, 'sh', bed.gate, ...shell.command, bed.gate, 'version']
    await run('/bin/sh', words, { cwd: bed.root, env: bed.env })
    expect(bed.helm.runs()[0]?.descriptors).toMatchObject({ 5: bed.gate, 7: bed.gate })
    expect(bed.helm.runs()[0]?.descriptors).not.toHaveProperty('3')
  })

  it('has stdin, stdout and stderr closed where they were', async () => {
    const bed = new Bed(shell)
    const script = 'exec <&- >&- 2>&-; exec "$@"'
    await run('/bin/sh', ['-c', script, 'sh', ...shell.command, bed.gate, 'version'], { cwd: bed.root, env: bed.env })
    const [helm] = bed.helm.runs()
    expect(helm?.words).toEqual(['version'])
    // The shell that runs this helm reads it through a descriptor of its own.
    expect(Object.values(helm?.descriptors ?? {}).filter((open) => open !== bed.helm.path)).toEqual([])
  })

  it('has the umask, ignored signals, process group and session that were there', async () => {
    const bed = new Bed(shell)
    const script = 'umask 027; trap \'\' HUP PIPE USR1; exec "$@"'
    const words = ['-c', script, 'sh']
    await run('/bin/sh', [...words, bed.helm.path, 'version'], { env: bed.env, detached: true })
    const { pid } = await run('/bin/sh', [...words, ...shell.command, bed.gate, 'version'], {
      env: bed.env,
      detached: true,
    })
    const [direct, gated] = bed.helm.runs()
    expect(gated).toMatchObject({ umask: '0027', signals: direct?.signals, group: pid, session: pid, pid })
  })

  const strace = which('strace')
  it.runIf(strace)('starts no process: the shell becomes helm (by strace)', async () => {
    const bed = new Bed(shell)
    bed.receipt(bed.at('charts/demo'))
    writeFileSync(bed.helm.path, '#!/bin/sh\nexit 3\n')
    const words = ['upgrade', '--install', 'r', './real', '-f', 'a.yaml', '--set', 'a=b', '--chart=real', '/']
    const trace = ['-f', '-qq', '-e', 'trace=execve,execveat,clone,clone3,fork,vfork', '-o', bed.at('trace')]
    const { code } = await run(strace ?? '', [...trace, ...shell.command, bed.gate, ...words], {
      cwd: bed.root,
      env: { ...bed.env, PWD: bed.root },
    })
    expect(code).toBe(3)
    const calls = readFileSync(bed.at('trace'), 'utf8').trim().split('\n')
    expect(calls.filter((call) => / = 0$/.test(call)).map((call) => call.replace(/^\d+ +(\w+)\(.*/, '$1'))).toEqual([
      'execve',
      'execve',
    ])
    expect(calls.at(-1)).toContain(`["${bed.helm.path}", "upgrade"`)
  })

  const setpriv = process.getuid?.() === 0 ? which('setpriv') : undefined
  it.runIf(setpriv)('reaches helm for a user who may write nothing there (setpriv, as root)', async () => {
    const bed = new Bed(shell)
    bed.receipt(bed.at('real'))
    chmodSync(bed.root, 0o755)
    chmodSync(bed.at('records/real-helm'), 0o777)
    chmodSync(bed.at('records/engine'), 0o777)
    const user = ['--reuid=65534', '--regid=65534', '--clear-groups', ...shell.command, bed.gate]
    const options = { cwd: bed.root, env: bed.env }
    expect(await run(setpriv ?? '', [...user, 'version'], options)).toMatchObject({ code: 0, stderr: '' })
    expect(bed.helm.runs()).toMatchObject([{ words: ['version'], childFaults: 0 }])
    await run(setpriv ?? '', [...user, 'lint', 'real'], options)
    expect(bed.engine.runs()).toHaveLength(1)
  })
})

describe('the user who runs these tests', () => {
  it('leaves the gate’s folder as it was: nothing is written there', async () => {
    const bed = new Bed()
    chmodSync(bed.gate, 0o755)
    for (const folder of ['shim', 'real']) chmodSync(bed.at(folder), 0o555)
    const { helm } = await bed.run(['version'])
    for (const folder of ['shim', 'real']) chmodSync(bed.at(folder), 0o755)
    expect(helm).toHaveLength(1)
    expect(existsSync(bed.at('home'))).toBe(false)
  })
})
