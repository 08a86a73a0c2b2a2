import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { run } from '../fixtures/start.ts'
import { which } from '../gate/shells.ts'
import { tree } from '../helpers/sandbox.ts'
import { Bed } from './bed.ts'

const pull = ['pull', 'r/demo', '--untar', '-d', 'out']
const verified = [...pull, '--verify', '--keyring', 'ring']

/** That nothing was left: neither in the temporary folder nor in the destination, nor a receipt. */
function expectNothingLeft(bed: Bed): void {
  expect(bed.names('tmp')).toEqual([])
  expect(bed.names('out')).toEqual([])
  expect(bed.names('home').filter((name) => /receipt\.json|\.tgz$/.test(name))).toEqual([])
}

describe('a split pull', () => {
  it('gives helm the same line, but packed and into a private folder, and unpacks what helm left there', async () => {
    const bed = new Bed()
    await bed.pulling({}, 'ls -ld "$destination" >&2')
    const { code, stdout, stderr, helm, pid } = await bed.run(verified)
    expect([code, stdout]).toEqual([0, ''])
    expect(stderr).toMatch(/^drwx------/)
    const [to = ''] = helm[0]?.words.filter((word) => word.startsWith('--destination=')) ?? []
    expect(to).toMatch(/^--destination=.*\/tmp\/helm-verify-shim/)
    expect(helm).toMatchObject([{ parent: pid, words: ['pull', to, 'r/demo', '--verify', '--keyring', 'ring'] }])
    expect(bed.names('out', 'demo')).toEqual(['Chart.yaml', 'templates', 'templates/configmap.yaml', 'values.yaml'])
    expect(bed.names('tmp')).toEqual([])
  })

  it('gives helm the environment, stdin, place, process group, signals and umask that we got', async () => {
    const bed = new Bed()
    const helm = await bed.pulling({}, 'record_stdin')
    await run(helm.path, [], { cwd: bed.root, env: bed.env, detached: true })
    const { pid } = await bed.run(verified, { detached: true, input: 'some\0\xff' })
    const [plain, pulling] = helm.runs()
    expect(pulling).toMatchObject({
      environment: plain?.environment,
      workingDirectory: bed.root,
      signals: plain?.signals,
      umask: plain?.umask,
      group: pid,
      session: pid,
      stdin: Buffer.from('some\0\xff').toString('latin1'),
    })
  })

  it('makes directories 0755 and files 0644, less the umask, whatever stands in the archive', async () => {
    for (const umask of ['000', '022', '077']) {
      const bed = new Bed()
      await bed.pulling()
      const script = `umask ${umask}; exec "$@"`
      await run('/bin/sh', ['-c', script, 'sh', bed.shim, ...pull], { cwd: bed.root, env: bed.env })
      const mode = (path: string) => statSync(bed.at('out/demo', path)).mode & 0o777
      expect([mode('.'), mode('templates'), mode('values.yaml')]).toEqual(
        [0o755, 0o755, 0o644].map((all) => all & ~Number.parseInt(umask, 8)),
      )
      expect(statSync(bed.at('home/.local/state/helm-verify-shim')).mode & 0o077).toBe(0)
    }
  })

  it.each([
    ['verified', verified],
    ['unverified', pull],
  ])('gives back what helm prints, byte for byte, where it is %s', async (_, words) => {
    const bed = new Bed()
    await bed.pulling({}, String.raw`printf 'out\0\377\n\nno end'; printf 'warn\0\376\n\nErr' >&2`)
    expect(await bed.run(words)).toMatchObject({ code: 0, stdout: 'out\0\xff\n\nno end', stderr: 'warn\0\xfe\n\nErr' })
  })

  it('gives back a MiB on stdout and stderr at once', async () => {
    const bed = new Bed()
    await bed.pulling({}, 'yes out | head -c 1048576 & yes err | head -c 1048576 >&2; wait')
    const { stdout, stderr } = await bed.run(verified)
    expect([stdout.length, stderr.length]).toEqual([1048576, 1048576])
  })

  it('shows helm’s stderr while helm still runs', async () => {
    const bed = new Bed()
    await bed.pulling({}, String.raw`echo progress >&2; read -r answer; echo "got $answer" >&2`)
    const { child, ended } = bed.start(verified, { keepStdin: true })
    await new Promise((resolve) => child.stderr?.once('data', resolve))
    child.stdin?.end('yes\n')
    expect((await ended).stderr).toBe('progress\ngot yes\n')
  })

  it.each([1, 3, 42, 255])('ends with helm’s own exit code %i and text, and leaves nothing', async (code) => {
    const bed = new Bed()
    await bed.pulling({}, `echo 'Error: helm says no' >&2; exit ${code}`)
    for (const words of [verified, pull]) {
      const result = await bed.run(words)
      expect([result.code, result.stdout]).toEqual([code, ''])
      expect(result.stderr.split('\n')[0]).toBe('Error: helm says no')
    }
    expectNothingLeft(bed)
  })

  it('says so where helm ends well but leaves no chart', async () => {
    const bed = new Bed()
    bed.helm()
    const { code, stdout, stderr } = await bed.run(verified)
    expect([code, stdout, stderr]).toEqual([
      1,
      '',
      'helm-verify-shim: helm pulled "r/demo" without an error, but left no chart; nothing was unpacked.\n',
    ])
    expectNothingLeft(bed)
  })

  it.each([
    ['garbage', Buffer.from('this is no archive')],
    ['nothing', Buffer.alloc(0)],
  ])('refuses %s in one line, and leaves nothing', async (_, content) => {
    const bed = new Bed()
    writeFileSync(bed.at('demo-0.1.0.tgz'), content)
    bed.helm(`left='${bed.at('demo-0.1.0.tgz')}'; leave "$@"`)
    const { code, stderr } = await bed.run(pull)
    expect(code).toBe(1)
    expect(stderr).toMatch(/^helm-verify-shim: r\/demo: .*; nothing was unpacked\.\n$/)
    expectNothingLeft(bed)
  })

  it('refuses a truncated chart, and leaves nothing', async () => {
    const bed = new Bed()
    await bed.pulling({ mebibytes: 1 }, 'truncate -s 500000 "$destination/demo-0.1.0.tgz"')
    const { code, stderr } = await bed.run(pull)
    expect([code, stderr]).toEqual([1, expect.stringMatching(/nothing was unpacked\.\n$/)])
    expectNothingLeft(bed)
  })

  describe('leaves the destination as it was where it', () => {
    const cases: readonly (readonly [string, (bed: Bed) => void, words?: readonly string[]])[] = [
      [
        'has the chart already',
        (bed) => {
          mkdirSync(bed.at('out/demo/mine'), { recursive: true })
        },
      ],
      [
        'has a file in the chart’s place',
        (bed) => {
          writeFileSync(bed.at('out/demo'), 'mine')
        },
      ],
      [
        'has a dangling link in the chart’s place',
        (bed) => {
          symlinkSync('nowhere', bed.at('out/demo'))
        },
      ],
      [
        'is below a file',
        (bed) => {
          writeFileSync(bed.at('out/file'), 'mine')
        },
        ['-d', 'out/file/below'],
      ],
    ]
    it.each(cases.map(([how, make, words = []]) => [how, make, words] as const))('%s', async (_, make, words) => {
      const bed = new Bed()
      await bed.pulling()
      make(bed)
      const before = tree(bed.at('out'))
      const { code, stderr } = await bed.run([...pull, ...words])
      expect(stderr).toMatch(/^helm-verify-shim: .*; nothing was unpacked\.\n$/)
      expect(code).toBe(1)
      expect(tree(bed.at('out'))).toEqual(before)
      expect(bed.names('tmp')).toEqual([])
    })
  })

  it.each([
    ['is missing', (bed: Bed) => bed.at('nowhere')],
    ['is a file', (bed: Bed) => bed.shim],
  ])('says in one line where the temporary folder %s, and does not run helm', async (_, of) => {
    const bed = new Bed()
    await bed.pulling()
    const { code, stdout, stderr, helm } = await bed.run(verified, { env: { TMPDIR: of(bed) } })
    expect(stderr).toMatch(
      /^helm-verify-shim: no temporary folder .*ENO(ENT|TDIR).*\nhelm-verify-shim: next: .*TMPDIR.*\n$/,
    )
    expect([code, stdout, helm]).toEqual([1, '', []])
    expectNothingLeft(bed)
  })

  const setpriv = process.getuid?.() === 0 ? which('setpriv') : undefined
  it.runIf(setpriv)('says in one line where the destination cannot be written to (as another user)', async () => {
    const bed = new Bed()
    await bed.pulling()
    for (const folder of ['.', 'packed']) chmodSync(bed.at(folder), 0o755)
    for (const folder of ['tmp', 'home', 'records']) chmodSync(bed.at(folder), 0o777)
    const user = ['--reuid=65534', '--regid=65534', '--clear-groups', bed.shim]
    const { code, stderr } = await run(setpriv ?? '', [...user, ...pull], { cwd: bed.root, env: bed.env })
    expect(stderr).toMatch(/^helm-verify-shim: r\/demo: .*permission denied.*; nothing was unpacked\.\n$/i)
    expect(code).toBe(1)
    expectNothingLeft(bed)
  })

  const isRoot = process.getuid?.() === 0 && which('mount') !== undefined
  describe.runIf(isRoot)('on a full disk (a small tmpfs, as root)', () => {
    const withDisk = async (at: string, work: (bed: Bed) => Promise<void>) => {
      const bed = new Bed()
      mkdirSync(bed.at(at), { recursive: true })
      const { code, stderr } = await run('mount', ['-t', 'tmpfs', '-o', 'size=512k', 'tmpfs', bed.at(at)])
      if (code !== 0) throw new Error(stderr)
      try {
        await work(bed)
      } finally {
        await run('umount', [bed.at(at)])
      }
    }

    it('leaves the destination as it was', async () => {
      await withDisk('out', async (bed) => {
        await bed.pulling({ mebibytes: 1 })
        writeFileSync(bed.at('out/mine'), 'mine')
        const { code, stderr } = await bed.run(pull)
        expect(stderr).toMatch(/^helm-verify-shim: r\/demo: .*no space left.*; nothing was unpacked\.\n$/i)
        expect([code, bed.names('out'), bed.names('tmp')]).toEqual([1, ['mine'], []])
      })
    })

    it('leaves nothing where the temporary folder is full: helm says so', async () => {
      await withDisk('tmp', async (bed) => {
        await bed.pulling({ mebibytes: 1 }, '[ -s "$destination/demo-0.1.0.tgz" ] && echo "Error: full" >&2 && exit 1')
        const { code, stderr } = await bed.run(pull)
        expect([code, stderr]).toEqual([1, expect.stringContaining('Error: full')])
        expectNothingLeft(bed)
      })
    })

    it('unpacks, and warns, where only the state folder is full', async () => {
      await withDisk('home/.local/state', async (bed) => {
        await bed.pulling({ mebibytes: 1 })
        const { code, stderr } = await bed.run(pull)
        expect(stderr).toMatch(/^helm-verify-shim: warning: no receipt could be kept for /)
        expect(code).toBe(0)
        expect(existsSync(bed.at('out/demo/data/0.bin'))).toBe(true)
        expect(bed.names('home').filter((name) => /receipt|\.tgz/.test(name))).toEqual([])
      })
    })
  })

  it('is done once where two run side by side into one destination, and the chart is whole', async () => {
    const bed = new Bed()
    await bed.pulling({ files: 200 })
    const results = await Promise.all([bed.run(pull), bed.run(pull), bed.run(pull)])
    expect(results.map(({ code }) => code).sort()).toEqual([0, 1, 1])
    const lost = results.filter(({ code }) => code !== 0)
    for (const { stderr } of lost) expect(stderr).toMatch(/^helm-verify-shim: r\/demo: .*; nothing was unpacked\.\n$/)
    expect(bed.names('out')).toEqual(['demo', ...bed.names('out/demo').map((name) => `demo/${name}`)].sort())
    expect(bed.names('out/demo').filter((name) => name.endsWith('.txt'))).toHaveLength(200)
    expect(bed.names('tmp')).toEqual([])
    expect(readFileSync(bed.at('out/demo/Chart.yaml'), 'utf8')).toContain('name: demo')
  })

  it('gives helm the file descriptors beyond 2 that were open', async () => {
    const bed = new Bed()
    const helm = await bed.pulling()
    const words = ['-c', 'exec 5<"$1"; exec "$@"', 'sh', bed.shim, ...verified]
    await run('/bin/sh', words, { cwd: bed.root, env: bed.env })
    expect(helm.runs()[0]?.descriptors).toMatchObject({ 5: bed.shim })
  })

  it('unpacks into a current directory that is named by a link', async () => {
    const bed = new Bed()
    await bed.pulling()
    symlinkSync('out', bed.at('link'))
    const { code } = await bed.run(['pull', 'r/demo', '--untar'], { cwd: bed.at('link'), env: { PWD: bed.at('link') } })
    expect([code, bed.names('out').length]).toEqual([0, 5])
  })
})
