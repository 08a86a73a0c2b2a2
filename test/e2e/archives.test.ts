import { execFile, execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { HelmVersion } from '../../src/unpack/limits.ts'
import { UnpackError } from '../../src/unpack/unpack-error.ts'
import { unpackChart } from '../../src/unpack/unpack-chart.ts'
import { chart, file } from '../helpers/evil-archives-build.ts'
import { tree } from '../helpers/evil-archives-tree.ts'
import { evilArchives, type EvilArchive } from '../helpers/evil-archives.ts'

const tools = process.env['TOOLS_BIN'] ?? join(import.meta.dirname, '../../.tools/bin')

interface Helm {
  readonly bin: string
  readonly version: HelmVersion
}

const helm3: Helm = { bin: join(tools, 'helm3'), version: { major: 3, minor: 22, patch: 0 } }
const helm4: Helm = { bin: join(tools, 'helm4'), version: { major: 4, minor: 3, patch: 1 } }
const helm37: Helm = { bin: join(tools, 'helm3.7'), version: { major: 3, minor: 7, patch: 0 } }

/** How many helms run at a time. */
const WORKERS = 3

const scratch = mkdtempSync(join(tmpdir(), 'hvs-archives-'))
const served = new Map<string, Buffer>()
let server: Server
let url = ''

beforeAll(async () => {
  server = createServer((request, response) => {
    const body = served.get(request.url ?? '')
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/gzip' }).end(body)
  })
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done)
  })
  url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`
})

afterAll(async () => {
  await new Promise((done) => server.close(done))
  rmSync(scratch, { recursive: true, force: true })
})

interface Outcome {
  readonly ok: boolean
  readonly error: string
  readonly tree: readonly string[]
}

/** Runs `helm pull … --untar` with a home of its own. */
async function pullWithHelm(
  helm: Helm,
  home: string,
  cwd: string,
  args: readonly string[],
): Promise<[boolean, string]> {
  const env = { PATH: process.env['PATH'], HOME: home, TMPDIR: home, HELM_CACHE_HOME: home, HELM_CONFIG_HOME: home }
  return new Promise((done) => {
    execFile(helm.bin, ['pull', ...args, '--untar'], { cwd, env, timeout: 60_000 }, (error, _stdout, stderr) => {
      done([error === null, stderr])
    })
  })
}

async function byHelm(helm: Helm, dir: string, path: string): Promise<Outcome> {
  const target = join(dir, 'helm')
  const [ok, error] = await pullWithHelm(helm, dir, dir, [`${url}${path}`, '-d', target])
  const result = { ok, error, tree: tree(target) }
  return result
}

async function byUs(helm: Helm, dir: string, tgz: Buffer): Promise<Outcome> {
  const archive = join(dir, 'demo-0.1.0.tgz')
  const target = join(dir, 'ours')
  writeFileSync(archive, tgz)
  const helmVersion = (): Promise<HelmVersion> => Promise.resolve(helm.version)
  const request = { archive, target, targetAsGiven: target, referenceName: 'demo-0.1.0.tgz', helmVersion }
  try {
    await unpackChart(request)
    return { ok: true, error: '', tree: tree(target) }
  } catch (error) {
    if (!(error instanceof UnpackError)) throw error
    if (existsSync(target)) throw new Error('something was left behind', { cause: error })
    return { ok: false, error: `${error.code}: ${error.message}`, tree: [] }
  }
}

interface Verdict {
  readonly name: string
  readonly helm: Outcome
  readonly ours: Outcome
}

async function verdict(helm: Helm, { name, build }: EvilArchive, index: number): Promise<Verdict> {
  const dir = mkdtempSync(join(scratch, 'run-'))
  const path = `/${helm.version.minor}/${index}/demo-0.1.0.tgz`
  try {
    const tgz = build()
    served.set(path, tgz)
    return { name, helm: await byHelm(helm, dir, path), ours: await byUs(helm, dir, tgz) }
  } finally {
    served.delete(path)
    rmSync(dir, { recursive: true, force: true })
  }
}

async function verdicts(helm: Helm, archives: readonly EvilArchive[]): Promise<Verdict[]> {
  const found: Verdict[] = []
  const queue = [...archives.entries()]
  const work = async (): Promise<void> => {
    for (let next = queue.pop(); next !== undefined; next = queue.pop())
      found.push(await verdict(helm, next[1], next[0]))
  }
  await Promise.all(Array.from({ length: WORKERS }, work))
  return found
}

/** What helm and we see differently, as lines that say how. */
function disagreements(found: readonly Verdict[]): string[] {
  return found.flatMap(({ name, helm, ours }) => {
    if (helm.ok !== ours.ok)
      return [`${name}: helm ${helm.ok ? 'unpacks' : `refuses (${helm.error.trim()})`}, we ${ours.error}`]
    if (!helm.ok) return []
    const missing = helm.tree.filter((line) => !ours.tree.includes(line))
    const extra = ours.tree.filter((line) => !helm.tree.includes(line))
    return missing.length + extra.length === 0
      ? []
      : [`${name}: only helm ${missing.join('; ')}, only we ${extra.join('; ')}`]
  })
}

function report(helm: string, found: readonly Verdict[]): void {
  const unpacked = found.filter((one) => one.helm.ok).length
  console.log(`${helm}: ${found.length} archives, ${unpacked} unpacked, ${found.length - unpacked} refused`)
}

describe('when the same archives are pulled by helm and unpacked here', () => {
  const usual = evilArchives.filter((one) => one.stricter === undefined)

  it.each([
    ['3.22.0', helm3],
    ['4.3.1', helm4],
  ])('every path, byte and mode is that of helm %s, and nothing is left where it refuses', async (name, helm) => {
    const found = await verdicts(helm, usual)
    report(`helm ${name}`, found)
    expect(disagreements(found)).toEqual([])
    expect(found.length).toBeGreaterThanOrEqual(150)
  })

  it('helm 3.7.0 refuses nothing that is unpacked here, and unpacks the same', async () => {
    const found = await verdicts(
      helm37,
      usual.filter((one) => one.large === undefined),
    )
    report('helm 3.7.0', found)
    const older = found.filter(({ helm, ours }) => helm.ok && !ours.ok)
    expect(disagreements(found.filter((one) => !older.includes(one)))).toEqual([])
    // What it has no rule against yet, and later helms do.
    expect(older.map(({ name }) => name).sort()).toEqual([
      'Chart.yaml: name .',
      'Chart.yaml: name ..',
      'Chart.yaml: name absolute',
      'Chart.yaml: name that leaves',
      'Chart.yaml: name with a slash',
      'Chart.yaml: name with a slash at the end',
      'gnu sparse: a hole above the limit',
      'kind: block device with a size',
      'kind: character device with a size',
      'kind: fifo with a size',
      'kind: hard link with a size',
      'kind: symbolic link with a size',
      'limit: a file of a byte more',
      'pax: size of a link',
    ])
  })

  it('what is said to be stricter is refused here and unpacked by helm', async () => {
    const strict = evilArchives.filter((one) => one.stricter !== undefined)
    const found = await verdicts(helm4, strict)
    expect(found.map(({ name, helm, ours }) => [name, helm.ok, ours.ok])).toEqual(
      strict.map(({ name }) => [name, true, false]).reverse(),
    )
  })
})

/** A target as it was, and the options to `helm pull` that name it. */
interface Scene {
  readonly prepare?: (dir: string) => void
  readonly args: readonly string[]
  readonly target: string
}

const scenes: Readonly<Record<string, Scene>> = {
  'no options': { args: [], target: '.' },
  '-d out': { args: ['-d', 'out'], target: 'out' },
  '-d out/../other': { args: ['-d', 'out/../other'], target: 'other' },
  '-d deep/er/still': { args: ['-d', 'deep/er/still'], target: 'deep/er/still' },
  '--untardir sub': { args: ['--untardir', 'sub'], target: 'sub' },
  '-d out --untardir sub': { args: ['-d', 'out', '--untardir', 'sub'], target: 'out/sub' },
  '-d ../up': { args: ['-d', '../up'], target: '../up' },
  'a target that is a link': {
    prepare: (dir) => {
      mkdirSync(join(dir, 'real'))
      symlinkSync('real', join(dir, 'out'))
    },
    args: ['-d', 'out'],
    target: 'out',
  },
  'a target that is a file': {
    prepare: (dir) => {
      writeFileSync(join(dir, 'out'), '')
    },
    args: ['-d', 'out'],
    target: 'out',
  },
  'a directory of the reference name in the way': {
    prepare: (dir) => {
      mkdirSync(join(dir, 'out/demo-0.1.0.tgz'), { recursive: true })
    },
    args: ['-d', 'out'],
    target: 'out',
  },
  'a file of the reference name in the way, here': {
    prepare: (dir) => {
      writeFileSync(join(dir, 'demo-0.1.0.tgz'), '')
    },
    args: [],
    target: '.',
  },
  'a link to nothing in the way': {
    prepare: (dir) => {
      mkdirSync(join(dir, 'out'))
      symlinkSync('nowhere', join(dir, 'out/demo-0.1.0.tgz'))
    },
    args: ['-d', 'out'],
    target: 'out',
  },
  'a directory of the chart name, which is written into': {
    prepare: (dir) => {
      mkdirSync(join(dir, 'out/demo/templates'), { recursive: true, mode: 0o700 })
      mkdirSync(join(dir, 'out/demo/empty'))
      writeFileSync(join(dir, 'out/demo/values.yaml'), 'old: and longer than the new one\n', { mode: 0o600 })
      writeFileSync(join(dir, 'out/demo/templates/mine.yaml'), 'mine\n')
    },
    args: ['-d', 'out'],
    target: 'out',
  },
  'a directory where the chart has a file': {
    prepare: (dir) => {
      mkdirSync(join(dir, 'out/demo/values.yaml'), { recursive: true })
    },
    args: ['-d', 'out'],
    target: 'out',
  },
  'a file of the chart name in the way': {
    prepare: (dir) => {
      mkdirSync(join(dir, 'out'))
      writeFileSync(join(dir, 'out/demo'), 'mine')
    },
    args: ['-d', 'out'],
    target: 'out',
  },
}

describe('when there is something at the target', () => {
  const tgz = chart(file('demo/values.yaml', 'new: 1\n'), file('demo/templates/a.yaml', 'a\n'))

  it.each(
    Object.entries(scenes).flatMap(([name, scene]) =>
      [helm3, helm4, helm37].map((helm) => ({ name, scene, helm, is: `${helm.version.major}.${helm.version.minor}` })),
    ),
  )('$name: as helm $is does, or nothing', async ({ scene, helm }) => {
    const dir = mkdtempSync(join(scratch, 'scene-'))
    const [theirs, mine] = ['helm', 'ours'].map((side) => {
      const cwd = join(dir, side, 'cwd')
      mkdirSync(cwd, { recursive: true })
      scene.prepare?.(cwd)
      return cwd
    }) as [string, string]
    const before = tree(join(dir, 'ours'))
    const archive = join(dir, 'demo-0.1.0.tgz')
    writeFileSync(archive, tgz)
    served.set('/scene/demo-0.1.0.tgz', tgz)
    const [ok, stderr] = await pullWithHelm(helm, dir, theirs, [`${url}/scene/demo-0.1.0.tgz`, ...scene.args])
    const failure = await unpackChart({
      archive,
      target: resolve(mine, scene.target),
      targetAsGiven: scene.target,
      referenceName: 'demo-0.1.0.tgz',
      helmVersion: () => Promise.resolve(helm.version),
    }).then(
      () => undefined,
      (error: unknown) => error as UnpackError,
    )
    expect(failure === undefined, failure?.message ?? stderr).toBe(ok)
    if (ok) {
      expect(tree(join(dir, 'ours'))).toEqual(tree(join(dir, 'helm')))
    } else {
      expect(tree(join(dir, 'ours'))).toEqual(before)
      if (failure?.code === 'exists' && stderr.includes('already exists')) expect(stderr).toContain(failure.message)
    }
  })
})

it('the helms are those that the rules speak of', () => {
  const version = ({ bin }: Helm): string => execFileSync(bin, ['version', '--short'], { encoding: 'utf8' })
  expect(version(helm3)).toMatch(/^v?3\.22/)
  expect(version(helm4)).toMatch(/^v?4\.3/)
  expect(version(helm37)).toMatch(/^v?3\.7/)
})
