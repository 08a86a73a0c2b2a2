import { mkdirSync, rmSync, rmdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { run } from '../fixtures/start.ts'
import { Bed } from './bed.ts'
import { shells, type Shell } from './shells.ts'

/** A bed with an unpacked chart, charts/demo, that has a receipt, and things around it that have none. */
function withChart(shell: Shell): Bed {
  const bed = new Bed(shell)
  for (const folder of ['charts/demo/templates', 'charts/demolition', 'charts/dem', 'deep/er/demo', 'home']) {
    mkdirSync(bed.at(folder), { recursive: true })
  }
  for (const file of ['charts/demo/values.yaml', 'charts/other.yaml']) writeFileSync(bed.at(file), '')
  symlinkSync('charts/demo', bed.at('link'))
  symlinkSync(bed.at('charts'), bed.at('all'))
  symlinkSync('deep/er', bed.at('jump'))
  symlinkSync('link', bed.at('chain'))
  symlinkSync('nowhere', bed.at('dangling'))
  bed.receipt(bed.at('charts/demo'))
  return bed
}

type Way = readonly [how: string, word: (bed: Bed) => string, cwd: string | undefined]
type ShortWay = readonly [how: string, word: (bed: Bed) => string, cwd?: string]
const whole = ([how, word, cwd]: ShortWay): Way => [how, word, cwd]

const ways: readonly ShortWay[] = [
  ['absolute', (bed) => bed.at('charts/demo')],
  ['relative', () => 'charts/demo'],
  ['with ./', () => './charts/demo'],
  ['with a slash at the end', () => 'charts/demo/'],
  ['with double slashes', () => 'charts//demo//'],
  ['with a dot at the end', () => 'charts/demo/.'],
  ['with a dot inside', () => 'charts/./demo'],
  ['with .. inside', () => 'charts/../charts/demo'],
  ['absolute, with .. inside', (bed) => `${bed.root}/deep/../charts/demo`],
  ['from a folder beside it', () => '../charts/demo', 'deep'],
  ['as a folder in it', () => 'charts/demo/templates'],
  ['as ..', () => '..', 'charts/demo/templates'],
  ['as the current folder', () => '.', 'charts/demo'],
  ['as the current folder, with a slash', () => './', 'charts/demo'],
  ['by being the current folder', () => 'x', 'charts/demo'],
  ['by being above the current folder', () => 'x', 'charts/demo/templates'],
  ['as a file in it', () => 'charts/demo/values.yaml'],
  ['through a link', () => 'link'],
  ['through a link, with a slash at the end', () => 'link/'],
  ['through a link to a link', () => 'chain'],
  ['through a link, as a folder in it', () => 'link/templates'],
  ['through a link to a folder above', () => 'all/demo'],
  ['through a link to an absolute path', (bed) => `${bed.root}/all/demo`],
  ['through .. behind a link, which leads to where the link leads', () => 'jump/../../charts/demo'],
  ['from a current folder behind a link', () => 'demo', 'all'],
  ['by being the current folder behind a link', () => 'x', 'link'],
  ['as the value of a flag', () => '--chart=charts/demo'],
  ['as the value of a short flag', () => '-c=charts/demo'],
  ['as the value of a flag, with = in it', () => '--set=a=b', 'charts/demo'],
  ['with white space around it, which helm takes off', () => ' \t charts/demo\n'],
]

const otherWays: readonly ShortWay[] = [
  ['the folder above', () => 'charts'],
  ['a folder whose name goes on', () => 'charts/demolition'],
  ['a folder whose name ends sooner', () => 'charts/dem'],
  ['a folder of the same name elsewhere', () => 'deep/er/demo'],
  ['a file beside the chart', () => 'charts/other.yaml'],
  ['a missing folder in the chart', () => 'charts/demo/missing'],
  ['a dangling link', () => 'dangling'],
  ['the root', () => '/'],
  ['.', () => '.'],
  ['..', () => '..', 'deep'],
  ['nothing', () => ''],
  ['a path that only looks the same before links are followed', () => 'jump/../charts/demo'],
  ['a word in which the folder is only a part', () => 'a=charts/demo'],
]

describe.each(shells)('receipts, under $name', (shell) => {
  it.each(ways.map(whole))('hand to the engine a directory that is named %s', async (_, word, cwd = '.') => {
    const bed = withChart(shell)
    // A shell says where it is by PWD, links included, if that is where it is.
    const { helm, engine } = await bed.run(['lint', word(bed), '-q'], { cwd: bed.at(cwd) })
    expect(helm).toEqual([])
    expect(engine).toMatchObject([{ words: ['as-helm', bed.helm.path, 'lint', word(bed), '-q'] }])
  })

  it.each(otherWays.map(whole))('leave to helm %s', async (_, word, cwd = '.') => {
    const bed = withChart(shell)
    const { helm, engine, stderr } = await bed.run(['lint', word(bed)], { cwd: bed.at(cwd) })
    expect(stderr).toBe('')
    expect(engine).toEqual([])
    expect(helm).toMatchObject([{ words: ['lint', word(bed)] }])
  })

  it.each([
    [
      'a link to another directory',
      (chart: string) => {
        symlinkSync('demolition', chart)
      },
    ],
    [
      'a file, such as a packed chart',
      (chart: string) => {
        writeFileSync(chart, '')
      },
    ],
  ])('hand to the engine what took the place of a directory: %s', async (_, replace) => {
    const bed = withChart(shell)
    rmSync(bed.at('charts/demo'), { recursive: true })
    replace(bed.at('charts/demo'))
    const { helm, engine } = await bed.run(['template', 'r', 'charts/demo'])
    expect([helm.length, engine.length]).toEqual([0, 1])
  })

  it('hand to the engine what a link stands on the way to, since only it follows links step by step', async () => {
    const bed = withChart(shell)
    expect((await bed.run(['template', 'r', 'jump/demo'])).engine).toHaveLength(1)
  })

  type Around = readonly [how: string, path: string, toEngine: boolean, env: (bed: Bed) => NodeJS.ProcessEnv]
  const plain = () => ({})
  const chartify = (bed: Bed) => ({ CHARTIFY_TEMPDIR: `${bed.at('my copies')}/` })
  const cache = (bed: Bed) => ({ HELMFILE_CACHE_HOME: bed.at('my cache') })
  it.each<Around>([
    ['a copy of chartify’s', 'tmp/chartify1234/ns/demo', true, plain],
    ['a copy of chartify’s, itself', 'tmp/chartify1234', true, plain],
    ['a folder of a similar name', 'tmp/chartify/demo', false, plain],
    ['a copy in CHARTIFY_TEMPDIR', 'my copies/ns/demo', true, chartify],
    ['a folder beside CHARTIFY_TEMPDIR', 'my copies 2/ns/demo', false, chartify],
    ['a stranger beside a chart in helmfile’s cache', 'helmfile/r/demo/1.0.0/another', true, plain],
    ['the folder above a chart in helmfile’s cache', 'helmfile/r/demo/1.0.0', true, plain],
    ['another version in helmfile’s cache', 'helmfile/r/demo/2.0.0/demo', false, plain],
    ['a stranger in HELMFILE_CACHE_HOME', 'my cache/r/demo/1.0.0/another', true, cache],
    ['another version in HELMFILE_CACHE_HOME', 'my cache/r/demo/2.0.0/demo', false, cache],
    ['a chart beside one that was unpacked elsewhere', 'charts/another', false, plain],
  ])('lead to the engine, or do not, for %s', async (_, path, toEngine, env) => {
    const bed = new Bed(shell)
    for (const folder of ['helmfile/r/demo/1.0.0/demo', 'my cache/r/demo/1.0.0/demo', 'charts/demo']) {
      mkdirSync(bed.at(folder), { recursive: true })
      bed.receipt(bed.at(folder))
    }
    mkdirSync(bed.at(path), { recursive: true })
    writeFileSync(bed.at('values.yaml'), '')
    const words = ['template', 'r', path, '-f', 'values.yaml']
    const { helm, engine } = await bed.run(words, { env: env(bed) })
    expect([helm.length, engine.length]).toEqual(toEngine ? [0, 1] : [1, 0])
  })

  it('cost no process, whatever links there are, where nothing was ever unpacked', async () => {
    const bed = new Bed(shell)
    mkdirSync(bed.at('deep/er'), { recursive: true })
    symlinkSync('deep', bed.at('link'))
    expect((await bed.run(['template', 'r', 'link/er'])).helm).toMatchObject([{ childFaults: 0 }])
  })

  it('leave the current directory alone for commands that do not take it by themselves', async () => {
    const bed = withChart(shell)
    const { helm, engine } = await bed.run(['template', 'r', 'x'], { cwd: bed.at('charts/demo') })
    expect([helm.length, engine.length]).toEqual([1, 0])
  })

  it.each(['lint', 'dep', 'dependency', 'dependencies'])(
    'are looked for in the current directory by %s',
    async (word) => {
      const bed = withChart(shell)
      const { helm, engine } = await bed.run([word], { cwd: bed.at('charts/demo') })
      expect([helm.length, engine.length]).toEqual([0, 1])
    },
  )

  it('cost no process where the directory is not named through a link', async () => {
    const bed = withChart(shell)
    const { helm, pid } = await bed.run(['upgrade', 'r', 'charts/dem', './deep', bed.at('deep/er'), '/'])
    expect(helm).toMatchObject([{ pid, childFaults: 0 }])
  })

  const places: readonly (readonly [string, NodeJS.ProcessEnv, string, boolean])[] = [
    ['in XDG_STATE_HOME', { XDG_STATE_HOME: 'state' }, 'state', true],
    ['in HOME, where XDG_STATE_HOME is empty', { XDG_STATE_HOME: '' }, 'home/.local/state', true],
    ['in HOME, where XDG_STATE_HOME is set', { XDG_STATE_HOME: 'state' }, 'home/.local/state', false],
    ['in XDG_STATE_HOME, without HOME', { XDG_STATE_HOME: 'state', HOME: undefined }, 'state', true],
    ['nowhere, without either', { HOME: undefined }, 'home/.local/state', false],
    ['nowhere, with both empty', { XDG_STATE_HOME: '', HOME: '' }, 'home/.local/state', false],
  ]
  it.each(places)('are looked for %s', async (_, given, state, found) => {
    const bed = new Bed(shell)
    mkdirSync(bed.at('demo'))
    bed.receipt(bed.at('demo'), bed.at(state))
    const env = { ...given, ...(given['XDG_STATE_HOME'] ? { XDG_STATE_HOME: bed.at(given['XDG_STATE_HOME']) } : {}) }
    const { helm, engine } = await bed.run(['lint', 'demo'], { env })
    expect([helm.length, engine.length]).toEqual(found ? [0, 1] : [1, 0])
  })

  it.each([' a  b', 'a\nb', '*', '[a]', '$HOME', '`id`', `'"`, 'a\\b', '-n', '-x=y', 'x%y', '#a', 'grüße', '日本'])(
    'are found for a directory named %j, absolute and relative',
    async (name) => {
      const bed = new Bed(shell)
      mkdirSync(bed.at('charts', name), { recursive: true })
      bed.receipt(bed.at('charts', name))
      expect((await bed.run(['lint', bed.at('charts', name)])).engine).toHaveLength(1)
      expect((await bed.run(['lint', `charts/${name}`])).engine).toHaveLength(2)
      expect((await bed.run(['lint'], { cwd: bed.at('charts', name) })).engine).toHaveLength(3)
    },
  )

  it('are not matched as patterns', async () => {
    const bed = new Bed(shell)
    for (const name of ['*', 'abc']) mkdirSync(bed.at('charts', name), { recursive: true })
    bed.receipt(bed.at('charts/*'))
    expect((await bed.run(['lint', 'charts/abc'])).engine).toEqual([])
  })

  it('are found for a directory whose name is not UTF-8', async () => {
    const bed = new Bed(shell)
    const script =
      'd=charts/$(printf "\\377"); mkdir -p "$d" "$2$1/$d"; echo {} >"$2$1/$d/receipt.json"; shift 2; exec "$@" "$d"'
    const state = bed.at('home/.local/state/helm-verify-shim/dirs')
    const words = ['-c', script, 'sh', bed.root, state, ...shell.command, bed.gate, 'lint']
    const { code } = await run('/bin/sh', words, { cwd: bed.root, env: bed.env })
    expect(code).toBe(0)
    expect(bed.engine.runs()).toMatchObject([{ words: ['as-helm', bed.helm.path, 'lint', 'charts/\xff'] }])
  })

  it('are not looked for in a working directory that is gone, and helm is run there', async () => {
    const bed = withChart(shell)
    mkdirSync(bed.at('gone'))
    const script = 'cd gone && rmdir ../gone && exec "$@"'
    const { code, stderr } = await run('/bin/sh', ['-c', script, 'sh', ...shell.command, bed.gate, 'lint', '.'], {
      cwd: bed.root,
      env: bed.env,
    })
    expect(code).toBe(0)
    // Shells say themselves that they cannot tell where they are.
    expect(stderr).not.toContain('helm-verify-shim')
    expect(bed.engine.runs()).toEqual([])
    expect(bed.helm.runs()).toMatchObject([{ words: ['lint', '.'], workingDirectory: `${bed.at('gone')} (deleted)` }])
  })

  it('are found by an absolute path from a working directory that is gone', async () => {
    const bed = withChart(shell)
    mkdirSync(bed.at('gone'))
    const script = 'cd gone && rmdir ../gone && exec "$@"'
    const words = ['-c', script, 'sh', ...shell.command, bed.gate, 'lint', bed.at('charts/demo')]
    await run('/bin/sh', words, { cwd: bed.root, env: bed.env })
    expect(bed.engine.runs()).toHaveLength(1)
  })

  it('are found where PWD says something else than where the shell is', async () => {
    const bed = withChart(shell)
    for (const PWD of ['/', '/nowhere', 'charts', '', undefined]) {
      const { engine, helm } = await bed.run(['lint', 'demo'], { cwd: bed.at('charts'), env: { PWD } })
      expect(helm).toEqual([])
      expect(engine.length).toBeGreaterThan(0)
    }
    expect(bed.engine.runs()).toHaveLength(5)
  })

  it('count whatever they are: what they say is the engine’s to read', async () => {
    const bed = new Bed(shell)
    const kept = bed.at('home/.local/state/helm-verify-shim/dirs', bed.root, 'demo')
    mkdirSync(bed.at('demo'))
    mkdirSync(`${kept}/receipt.json`, { recursive: true })
    expect((await bed.run(['lint', 'demo'])).engine).toHaveLength(1)
    rmdirSync(`${kept}/receipt.json`)
    expect((await bed.run(['lint', 'demo'])).helm).toHaveLength(1)
  })
})
