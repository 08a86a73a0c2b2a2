import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeChart } from '../helpers/charts.ts'
import { MatrixBed, type Place } from '../helpers/matrix-bed.ts'
import { helmfiles } from '../helpers/tools.ts'

// Many pulls and deployments at once, on one cache and one state folder.
let bed: MatrixBed
const names = Array.from({ length: 8 }, (_, index) => `many-${index}`)

beforeAll(async () => {
  bed = await new MatrixBed().start()
  const { sandbox, signers, registry, repository } = bed
  const options = [
    {},
    { subcharts: ['one', 'two'] },
    { files: 1000 },
    { extra: { '.helmignore': '*.md\n', 'A.md': 'a' } },
  ]
  const make = async (name: string, index: number) =>
    await makeChart(sandbox.at('many'), name, 'signed', signers, options[index % options.length])
  const archives = await Promise.all(names.map(make))
  for (const archive of archives) await registry.push(archive)
  await repository.add(...archives)
})

afterAll(async () => {
  await bed.stop()
})

const releases = (from: string, charts: readonly string[]) =>
  charts.map((chart, index) => ({
    name: `release-${index}`,
    chart: `${from}/${chart}`,
    version: '0.1.0',
    verify: true,
    keyring: bed.signers.keyring,
  }))

const allDeployed = (charts: readonly string[]) => charts.map((chart, index) => `release-${index}-${chart}`)

/** What a run has left where nothing should be. */
function leftovers(place: Place): string[] {
  const state = readdirSync(join(place.folder, 'state'), { recursive: true, encoding: 'utf8' })
  return [
    ...readdirSync(join(place.folder, 'tmp')).filter((name) => name.startsWith('helm-verify-shim')),
    ...state.filter((path) => path.endsWith('.tmp') || /\.(?:gone|saving)-/.test(path)),
  ]
}

const worlds = helmfiles.flatMap((helmfile) =>
  (helmfile === 'helmfile-1.8.0' ? (['helm3', 'helm4'] as const) : (['helm3'] as const)).map(
    (helm) => [helmfile, helm] as const,
  ),
)

describe.each(worlds)('%s with %s', (helmfile, helm) => {
  const place = async () => await bed.place(`many-${Math.random().toString(36).slice(2)}`, helm)

  it.each(['oci', 'cls'])('deploys eight releases at --concurrency 4: %s', async (from) => {
    const here = await place()
    for (const time of ['first', 'again']) {
      const run = await here.helmfile({ helmfile, shim: true }, releases(from, names), ['sync', '--concurrency', '4'])
      expect([time, run.code, run.code === 0 ? '' : run.stderr]).toEqual([time, 0, ''])
      expect(await here.deployed()).toEqual(expect.arrayContaining(allDeployed(names)))
    }
    expect(leftovers(here)).toEqual([])
  })

  it('deploys eight releases of one chart at --concurrency 8', async () => {
    const here = await place()
    const same = names.map(() => 'many-1')
    const run = await here.helmfile({ helmfile, shim: true }, releases('oci', same), ['sync', '--concurrency', '8'])
    expect([run.code, run.code === 0 ? '' : run.stderr]).toEqual([0, ''])
    expect(await here.deployed()).toEqual(expect.arrayContaining(allDeployed(same)))
    expect(leftovers(here)).toEqual([])
  })

  it('refuses one of eight, and deploys none of those that cannot be verified', async () => {
    const here = await place()
    const charts = [...names.slice(0, 7), 'unsigned']
    const run = await here.helmfile({ helmfile, shim: true }, releases('oci', charts), ['sync', '--concurrency', '4'])
    expect(run.code).not.toBe(0)
    expect((await here.deployed()).filter((name) => name.includes('unsigned') || name.includes('release-7'))).toEqual(
      [],
    )
    expect(leftovers(here)).toEqual([])
  })

  it('lets two runs share one cache', async () => {
    const here = await place()
    const half = [releases('oci', names.slice(0, 5)), releases('oci', names.slice(3))] as const
    const runs = await Promise.all(
      half.map(async (some, index) =>
        here.helmfile(
          { helmfile, shim: true, folder: `side ${index}` },
          some.map((release) => ({ ...release, name: `${release.name}-${index}` })),
          ['sync', '--concurrency', '4'],
        ),
      ),
    )
    for (const { code, stderr } of runs) expect([code, code === 0 ? '' : stderr]).toEqual([0, ''])
    expect((await here.deployed()).filter((name) => name.startsWith('sh.helm.release'))).toHaveLength(10)
    expect(leftovers(here)).toEqual([])
    // What one has unpacked, the other may use: all of it is still checked.
    const again = await here.helmfile({ helmfile, shim: true }, releases('oci', names), ['template'])
    expect(again.code).toBe(0)
  })
})

it('sixteen pulls side by side into one folder, pruning each other’s store, leave a receipt each', async () => {
  const here = await bed.place('pulls', 'helm3')
  const { registry, signers } = bed
  const pull = async (index: number) =>
    await here.run(true, [
      ...['pull', `oci://${registry.host}/charts/many-${index % 8}`, '--ca-file', registry.caFile],
      ...['--untar', '-d', `out/${index}`, '--verify', '--keyring', signers.keyring],
    ])
  const pulls = await Promise.all(Array.from({ length: 16 }, async (_, index) => await pull(index)))
  expect(pulls.map(({ code }) => code)).toEqual(pulls.map(() => 0))
  expect(pulls.filter(({ stderr }) => stderr.includes('helm-verify-shim'))).toEqual([])
  const used = await Promise.all(
    pulls.map(async (_, index) =>
      here.run(true, ['template', 'demo', `out/${index}/many-${index % 8}`, '--verify', '--keyring', signers.keyring]),
    ),
  )
  expect(used.map(({ code, stderr }) => [code, stderr])).toEqual(used.map(() => [0, '']))
  expect(leftovers(here)).toEqual([])
})

it('of two pulls to one place, one has it, and the other says that it exists', async () => {
  const here = await bed.place('one-place', 'helm3')
  const { registry, signers } = bed
  const line = ['pull', `oci://${registry.host}/charts/many-2`, '--ca-file', registry.caFile, '--untar', '-d', 'out']
  const pulls = await Promise.all(
    [1, 2, 3].map(async () => here.run(true, [...line, '--verify', '--keyring', signers.keyring])),
  )
  expect(pulls.filter(({ code }) => code === 0)).toHaveLength(1)
  for (const { code, stderr } of pulls) if (code !== 0) expect(stderr).toContain('already exists')
  const used = await here.run(true, ['template', 'demo', 'out/many-2', '--verify', '--keyring', signers.keyring])
  expect([used.code, used.stderr]).toEqual([0, ''])
  expect(leftovers(here)).toEqual([])
})
