import { describe, expect, it } from 'vitest'
import { recordingHelm } from '../fixtures/recording-helm.ts'
import { run } from '../fixtures/start.ts'
import { which } from '../gate/shells.ts'
import { Bed } from './bed.ts'

/** Commands that the gate hands to the engine, and the engine to helm as they are. */
const handedBack: readonly (readonly string[])[] = [
  ['template', 'x', '--verify'],
  ['pull', 'x', '--untar=false'],
  ['pull', '--version', '--untar', 'x'],
  ['a-plugin', '--untar', '--verify=', '-x', '--', 'a'],
  ['--untar', 'pull', 'x'],
  ['verify'],
  ['upgrade', 'r', 'c', '--verify', '', ' a  b ', '*', '$HOME', 'a\nb', "'", '"', '\\', '--set=ü=日本', '\ufffd', '--'],
]

describe('what the engine hands back to helm', () => {
  it.each(handedBack.map((words) => ({ line: words.join(' '), words })))(
    'has the same words, environment, place and process: $line',
    async ({ words }) => {
      const bed = new Bed()
      const helm = bed.helm()
      const direct = await run(helm.path, words, { cwd: bed.root, env: bed.env })
      const shimmed = await bed.run(words)
      expect(shimmed).toMatchObject({ code: 0, stdout: '', stderr: direct.stderr })
      const [plain, handed] = helm.runs()
      expect(handed).toEqual({ ...plain, pid: shimmed.pid })
    },
  )

  it('has an awkward environment unchanged', async () => {
    const bed = new Bed()
    const helm = bed.helm()
    const env = {
      ...{
        a: '1',
        path: '2',
        hvs: '3',
        OLDPWD: '/usr',
        CDPATH: ':/',
        EMPTY: '',
        MULTILINE: 'a\nb=c\n',
        UTF: 'ü\ufffd',
      },
      ...{ HELM_NAMESPACE: 'ns', HELM_BIN: '/kept', HELM_VERIFY_SHIM_LOG: '', NODE_OPTIONS: '', NODE_PATH: '/usr' },
    }
    await bed.run(['version'], { env })
    await bed.run(['template', '--verify', 'x'], { env })
    const [byTheGate, byTheEngine] = helm.runs()
    expect(byTheEngine?.environment).toEqual(byTheGate?.environment)
  })

  it('has 2,000 words, and a word of 100,000 bytes', async () => {
    const bed = new Bed()
    const helm = bed.helm()
    const many = ['upgrade', 'r', 'c', '--verify', ...Array.from({ length: 2000 }, (_, at) => `--set=key${at}=v ${at}`)]
    const long = ['install', '--verify', 'r', 'c', `--description=${'x'.repeat(100_000)}`]
    await bed.run(many)
    await bed.run(long)
    expect(helm.runs().map(({ words }) => words)).toEqual([many, long])
  })

  it('has stdin, byte for byte', async () => {
    const bed = new Bed()
    const helm = bed.helm('record_stdin')
    const bytes = Buffer.from(Array.from({ length: 200_000 }, (_, index) => index % 256))
    await bed.run(['template', '--verify', 'x', '-f', '-'], { input: bytes })
    expect(helm.runs()[0]?.stdin === bytes.toString('latin1')).toBe(true)
  })

  it('gives stdout and stderr back, byte for byte, and nothing of Node’s, such as a warning', async () => {
    const bed = new Bed()
    bed.helm(String.raw`printf 'out\0\377\n\n'; printf 'err\0\376' >&2`)
    expect(await bed.run(['template', '--verify', 'x'])).toMatchObject({ stdout: 'out\0\xff\n\n', stderr: 'err\0\xfe' })
  })

  it.each([0, 1, 3, 42, 126, 127, 130, 255])('gives the exit code %i back', async (code) => {
    const bed = new Bed()
    bed.helm(`exit ${code}`)
    expect(await bed.run(['template', '--verify', 'x'])).toMatchObject({ code, signal: null })
  })

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGKILL', 'SIGPIPE', 'SIGSEGV'])(
    'dies by %s where helm does',
    async (signal) => {
      const bed = new Bed()
      bed.helm(`ulimit -c 0; kill -${signal.slice(3)} $$`)
      expect(await bed.run(['template', '--verify', 'x'])).toMatchObject({ code: null, signal })
    },
  )

  it('has the umask, the process group and the session that were there', async () => {
    const bed = new Bed()
    const helm = bed.helm()
    const words = ['-c', 'umask 027; exec "$@"', 'sh', bed.shim, 'template', '--verify', 'x']
    const { pid } = await run('/bin/sh', words, { cwd: bed.root, env: bed.env, detached: true })
    expect(helm.runs()).toMatchObject([{ pid, group: pid, session: pid, umask: '0027' }])
  })

  it('has the file descriptors beyond 2 that were open, and no others', async () => {
    const bed = new Bed()
    const helm = bed.helm('record_stdin <&3; exit 7')
    const script = 'exec 7>>"$0" 5<"$0"; echo through a pipe | { exec 3<&0 </dev/null; exec "$@"; }'
    const words = ['-c', script, bed.at('file'), bed.shim, 'template', '--verify', 'x']
    const { code } = await run('/bin/sh', words, { cwd: bed.root, env: bed.env })
    const [handed] = helm.runs()
    expect(code).toBe(7)
    expect(handed?.stdin).toBe('through a pipe\n')
    const further = Object.entries(handed?.descriptors ?? {}).filter(([number]) => Number(number) > 2)
    expect(Object.fromEntries(further)).toEqual({ 3: 'pipe', 5: bed.at('file'), 7: bed.at('file') })
  })

  const bash = which('bash')
  it.runIf(bash)('can read a process substitution, in the same process (bash)', async () => {
    const bed = new Bed()
    const helm = bed.helm('for file; do :; done; cat "$file"')
    const words = ['-c', 'exec "$@" -f <(echo values)', 'bash', bed.shim, 'template', '--verify', 'x']
    const { pid, stdout } = await run(bash ?? '', words, { cwd: bed.root, env: bed.env })
    expect(stdout).toBe('values\n')
    expect(helm.runs()).toMatchObject([{ pid }])
  })

  it('has no signals ignored or blocked that were not: Node itself ignores SIGPIPE', async () => {
    const bed = new Bed()
    const helm = bed.helm()
    await run(helm.path, [], { env: bed.env })
    await bed.run(['template', '--verify', 'x'])
    const [plain, handed] = helm.runs()
    expect(handed?.signals).toBe(plain?.signals)
  })

  it('is run where stdin, stdout and stderr are closed', async () => {
    const bed = new Bed()
    const helm = bed.helm('exit 7')
    const script = 'exec <&- >&- 2>&-; exec "$@"'
    const words = ['-c', script, 'sh', bed.shim, 'template', '--verify', 'x']
    expect(await run('/bin/sh', words, { cwd: bed.root, env: bed.env })).toMatchObject({ code: 7 })
    expect(helm.runs()).toHaveLength(1)
  })

  it('is run in a working directory that is gone', async () => {
    const bed = new Bed()
    const helm = bed.helm('exit 7')
    const script = 'cd out && rmdir ../out && exec "$@"'
    const words = ['-c', script, 'sh', bed.shim, 'template', '--verify', 'x']
    const { code, stderr } = await run('/bin/sh', words, { cwd: bed.root, env: bed.env })
    expect([code, stderr.includes('helm-verify-shim')]).toEqual([7, false])
    expect(helm.runs()).toMatchObject([{ words: ['template', '--verify', 'x'] }])
  })

  it('goes to the helm that HELM_VERIFY_SHIM_HELM names', async () => {
    const bed = new Bed()
    bed.helm('exit 1')
    const named = recordingHelm(bed.at('other/named helm'), bed.at('other records'))
    const env = { HELM_VERIFY_SHIM_HELM: named.path }
    expect(await bed.run(['template', '--verify', 'x'], { env })).toMatchObject({ code: 0, helm: [] })
    expect(named.runs()).toMatchObject([{ words: ['template', '--verify', 'x'] }])
  })
})

describe('bytes that are not UTF-8, which Node replaces', () => {
  const started = async (bed: Bed, script: string, ...words: string[]) =>
    await run('/bin/sh', ['-c', script, 'sh', bed.shim, ...words], { cwd: bed.root, env: bed.env })

  it('are refused on the command line, and helm is not run', async () => {
    const bed = new Bed()
    const helm = bed.helm()
    expect(await started(bed, 'exec "$@" "$(printf "a\\377b")"', 'template', '--verify')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: Buffer.from(
        'helm-verify-shim: "a\ufffdb" on the command line is not UTF-8, so it cannot be handed on as it is; nothing was run.\n' +
          'helm-verify-shim: next: name it in UTF-8, for this command.\n',
      ).toString('latin1'),
    })
    expect(helm.runs()).toEqual([])
  })

  it.each([
    ['template', '--verify', 'x'],
    ['pull', 'x', '--untar'],
  ])('are refused in the environment, by the name of the variable: %s', async (...words) => {
    const bed = new Bed()
    const helm = bed.helm()
    const { code, stderr } = await started(bed, 'export ODD="$(printf "a\\377b")"; exec "$@"', ...words)
    expect([code, stderr]).toEqual([
      1,
      'helm-verify-shim: "ODD" in the environment is not UTF-8, so it cannot be handed on as it is; nothing was run.\n' +
        'helm-verify-shim: next: set it in UTF-8, or unset it, for this command.\n',
    ])
    expect(helm.runs()).toEqual([])
  })

  it('reach helm where the gate passes the command through', async () => {
    const bed = new Bed()
    const helm = bed.helm()
    await started(bed, 'export ODD="$(printf "a\\377b")"; exec "$@" "$ODD"', 'template')
    expect(helm.runs()).toMatchObject([{ words: ['template', 'a\xffb'] }])
  })
})
