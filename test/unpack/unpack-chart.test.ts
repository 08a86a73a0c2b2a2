import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { unpackChart, type UnpackRequest } from '../../src/unpack/unpack-chart.ts'
import type { UnpackErrorCode } from '../../src/unpack/unpack-error.ts'
import { chart, chartWithYaml, entry, file, gnuSparseHeader } from '../helpers/evil-archives-build.ts'
import { tree } from '../helpers/evil-archives-tree.ts'

let scratch = ''
let asked = 0

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'hvs-unpack-'))
  asked = 0
})

afterEach(() => {
  rmSync(scratch, { recursive: true, force: true })
})

function request(tgz: Buffer, more: Partial<UnpackRequest> = {}): UnpackRequest {
  const archive = join(scratch, 'demo-0.1.0.tgz')
  writeFileSync(archive, tgz)
  const target = join(scratch, 'out')
  const helmVersion = () => {
    asked++
    return Promise.resolve({ major: 3, minor: 22, patch: 0 })
  }
  return { archive, target, targetAsGiven: 'out', referenceName: 'demo', helmVersion, ...more }
}

const plain = (): Buffer => chart(file('demo/values.yaml', 'a: 1\n'), file('demo/templates/a.yaml', 'a\n'))

async function expectRefusal(asking: UnpackRequest, code: UnpackErrorCode, message: string | RegExp): Promise<void> {
  const before = tree(scratch)
  await expect(unpackChart(asking)).rejects.toMatchObject({
    name: 'UnpackError',
    code,
    message: typeof message === 'string' ? message : (expect.stringMatching(message) as string),
  })
  expect(tree(scratch)).toEqual(before)
}

describe('when a chart is unpacked', () => {
  it('says where it is and what it is called', async () => {
    const directory = join(scratch, 'out/demo')
    expect(await unpackChart(request(plain()))).toEqual({ directory, name: 'demo', version: '0.1.0', files: 3 })
    expect(tree(join(scratch, 'out')).map((line) => line.replace(/ \w+$/, ''))).toEqual([
      'd 755 "demo"',
      'd 755 "demo/templates"',
      'f 644 "demo/Chart.yaml"',
      'f 644 "demo/templates/a.yaml"',
      'f 644 "demo/values.yaml"',
    ])
    expect(asked).toBe(0)
  })

  it('the umask is taken from its modes', async () => {
    const old = process.umask(0o027)
    try {
      await unpackChart(request(plain()))
    } finally {
      process.umask(old)
    }
    const modes = tree(join(scratch, 'out')).map((line) => line.split(' ').slice(0, 2).join(' '))
    expect([...new Set(modes)]).toEqual(['d 750', 'f 640'])
  })

  it('counts a file once that the archive has twice', async () => {
    const { files } = await unpackChart(request(chart(file('demo/a', '1'), file('demo/a', '2'))))
    expect(files).toBe(2)
  })

  it('leaves the empty directory of another reference name, as helm does', async () => {
    await unpackChart(request(plain(), { referenceName: 'demo-0.1.0.tgz' }))
    expect(readdirSync(join(scratch, 'out')).sort()).toEqual(['demo', 'demo-0.1.0.tgz'])
    expect(readdirSync(join(scratch, 'out/demo-0.1.0.tgz'))).toEqual([])
  })

  it('an empty reference name means the target itself, which must not be there', async () => {
    await unpackChart(request(plain(), { referenceName: '' }))
    expect(readdirSync(join(scratch, 'out'))).toEqual(['demo'])
    const text = 'failed to untar: a file or directory with the name out already exists'
    await expectRefusal(request(plain(), { referenceName: '' }), 'exists', text)
  })

  it('asks for the version of helm only when a file is large', async () => {
    const large = chart(file('demo/large', Buffer.alloc(5 * 1024 * 1024 + 1)))
    await expectRefusal(
      request(large),
      'too-large',
      /: decompressed chart file "demo\/large" is larger than the maximum file size 5242880$/,
    )
    expect(asked).toBe(1)
    await unpackChart(request(large, { helmVersion: () => Promise.resolve({ major: 4, minor: 3, patch: 0 }) }))
  })

  it('writes into a directory of the chart name that was there, where the reference has another', async () => {
    mkdirSync(join(scratch, 'out/demo'), { recursive: true })
    writeFileSync(join(scratch, 'out/demo/mine'), 'mine', { mode: 0o600 })
    writeFileSync(join(scratch, 'out/demo/values.yaml'), 'old and longer')
    await unpackChart(request(plain(), { referenceName: 'x' }))
    expect(readdirSync(join(scratch, 'out')).sort()).toEqual(['demo', 'x'])
    expect(readdirSync(join(scratch, 'out/demo')).sort()).toEqual(['Chart.yaml', 'mine', 'templates', 'values.yaml'])
    expect(tree(join(scratch, 'out/demo'))).toContainEqual(expect.stringMatching(/^f 600 "mine"/))
  })
})

describe('when a chart is refused, nothing changes', () => {
  it('the directory is there', async () => {
    mkdirSync(join(scratch, 'out/demo'), { recursive: true })
    const text = 'failed to untar: a file or directory with the name out/demo already exists'
    await expectRefusal(request(plain()), 'exists', text)
  })

  it('the reference name is printed alone for the current directory', async () => {
    mkdirSync(join(scratch, 'demo'))
    const text = 'failed to untar: a file or directory with the name demo already exists'
    await expectRefusal(request(plain(), { target: scratch, targetAsGiven: '.' }), 'exists', text)
  })

  it('a link to nothing is there', async () => {
    mkdirSync(join(scratch, 'out'))
    symlinkSync('nowhere', join(scratch, 'out/demo'))
    await expectRefusal(request(plain()), 'exists', 'failed to untar (mkdir): mkdir out/demo: file exists')
  })

  it('no reference name in the current directory', async () => {
    const text = 'failed to untar (mkdir): mkdir : no such file or directory'
    await expectRefusal(request(plain(), { target: scratch, targetAsGiven: '.', referenceName: '' }), 'io', text)
  })

  it('the target begins with .., for helm 3.18 and later', async () => {
    const up = { targetAsGiven: '../out' }
    await expectRefusal(request(plain(), up), 'path', /root path provided to SecureJoin contains '\.\.' components$/)
    await unpackChart(
      request(plain(), { ...up, helmVersion: () => Promise.resolve({ major: 3, minor: 17, patch: 4 }) }),
    )
  })

  it('the target is a file', async () => {
    writeFileSync(join(scratch, 'out'), '')
    await expectRefusal(request(plain()), 'io', /out/)
  })

  it('the parents that were made are gone again', async () => {
    const deep = { target: join(scratch, 'a/b/c'), targetAsGiven: 'a/b/c' }
    await expectRefusal(
      request(chart(file('demo/../x')), deep),
      'path',
      /entry "demo\/\.\.\/x": chart illegally references parent directory$/,
    )
  })

  it('the entry is named so that it cannot move a cursor', async () => {
    await expectRefusal(
      request(chart(file('demo/../\x1b[2J'))),
      'path',
      'demo-0.1.0.tgz: entry "demo/../\\x1b[2J": chart illegally references parent directory',
    )
  })

  it.each([
    ['a chart without a name', () => chartWithYaml('version: 1\n'), 'chart-yaml', 'chart name not specified'],
    ['a chart named ..', () => chartWithYaml('name: ..\n'), 'chart-yaml', 'chart name ".." is not allowed'],
    ['a Chart.yaml that is no YAML', () => chartWithYaml('name: [\n'), 'chart-yaml', 'cannot load Chart.yaml: '],
    [
      'a Chart.yaml of more than 1 MiB',
      () => chartWithYaml('#'.repeat(1024 * 1024 + 1)),
      'too-large',
      'Chart.yaml is larger',
    ],
    ['no archive', () => Buffer.from('hello'), 'archive', 'unexpected EOF'],
    ['an empty file', () => Buffer.alloc(0), 'archive', 'EOF'],
    ['a broken header', () => chart(entry({ checksum: 'wrong' })), 'archive', 'archive/tar: invalid tar header'],
    [
      'a hole of 200 MiB',
      () => chart(gnuSparseHeader('demo/s', [], 200 * 1024 * 1024, 0)),
      'too-large',
      'decompressed chart is larger',
    ],
    ['a file below a file', () => chart(file('demo/a'), file('demo/a/b')), 'io', ''],
    ['a file in place of a directory', () => chart(file('demo/a/b'), file('demo/a')), 'io', ''],
    ['a name that is too long', () => chartWithYaml(`name: ${'n'.repeat(256)}\n`), 'io', 'ENAMETOOLONG'],
  ] as const)('%s', async (_, tgz, code, message) => {
    await expectRefusal(request(tgz()), code, new RegExp(message.replace(/[.]/g, '\\.')))
  })

  it('a skipped directory that holds gigabytes', async () => {
    const sparse = Buffer.concat(
      Array.from({ length: 12 }, () => entry({ name: 'demo/d', mode: 0o40755 }, Buffer.alloc(100 << 20))),
    )
    await expectRefusal(request(chart(sparse)), 'too-large', /decompressed chart is larger/)
  })

  it('the archive is not there', async () => {
    await expectRefusal(request(plain(), { archive: join(scratch, 'missing.tgz') }), 'io', /missing\.tgz/)
  })

  it.each([
    [
      'a file',
      (path: string) => {
        writeFileSync(path, 'mine')
      },
    ],
    [
      'a link to a directory',
      (path: string) => {
        symlinkSync('.', path)
      },
    ],
  ])('%s of the chart name is there', async (_, make) => {
    mkdirSync(join(scratch, 'out'))
    make(join(scratch, 'out/demo'))
    await expectRefusal(
      request(plain(), { referenceName: 'x' }),
      'exists',
      /demo already exists and is not a directory$/,
    )
  })

  it('the directory that would be written into has a link in it', async () => {
    mkdirSync(join(scratch, 'out/demo'), { recursive: true })
    symlinkSync('/etc', join(scratch, 'out/demo/templates'))
    await expectRefusal(
      request(plain(), { referenceName: 'x' }),
      'exists',
      /demo\/templates is a link or special file; remove it first$/,
    )
  })

  it('the directory that would be written into has a directory where the chart has a file', async () => {
    mkdirSync(join(scratch, 'out/demo/values.yaml'), { recursive: true })
    await expectRefusal(request(plain(), { referenceName: 'x' }), 'io', /EISDIR/)
  })

  it('the signal came before', async () => {
    await expectRefusal(request(plain(), { signal: AbortSignal.abort() }), 'aborted', 'demo-0.1.0.tgz: stopped')
  })

  it('the signal comes while it is written', async () => {
    const stop = new AbortController()
    const helmVersion = () => {
      stop.abort()
      return Promise.resolve({ major: 4, minor: 3, patch: 0 })
    }
    const large = chart(file('demo/first', 'x'), file('demo/large', Buffer.alloc(6 * 1024 * 1024)))
    await expectRefusal(request(large, { signal: stop.signal, helmVersion }), 'aborted', 'demo-0.1.0.tgz: stopped')
  })
})

it('a chart of almost 100 MiB takes less than 150 MiB of memory', () => {
  const archive = join(scratch, 'large.tgz')
  writeFileSync(archive, chart(file('demo/a', randomBytes(48 << 20)), file('demo/b', Buffer.alloc(51 << 20))))
  const target = join(scratch, 'out')
  const program = `
    import { existsSync, readFileSync } from 'node:fs'
    import { unpackChart } from ${JSON.stringify(join(import.meta.dirname, '../../src/unpack/unpack-chart.ts'))}
    import { compareChart } from ${JSON.stringify(join(import.meta.dirname, '../../src/unpack/compare-chart.ts'))}
    const asking = { archive: ${JSON.stringify(archive)}, helmVersion: async () => ({ major: 4, minor: 3, patch: 0 }) }
    const target = ${JSON.stringify(target)}
    const { directory } = await unpackChart({ ...asking, target, targetAsGiven: target, referenceName: 'demo' })
    const differences = await compareChart({ ...asking, directory })
    // Linux counts what a process was before exec, a copy of the test runner, in maxRSS.
    const peak = existsSync('/proc/self/status')
      ? Number(/VmHWM:\\s*(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1])
      : process.resourceUsage().maxRSS
    console.log(JSON.stringify([differences, peak]))`
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })
  const [differences, kibibytes] = JSON.parse(output) as [unknown[], number]
  expect(existsSync(join(target, 'demo/b'))).toBe(true)
  expect(differences).toEqual([])
  expect(kibibytes / 1024).toBeLessThan(150)
})
