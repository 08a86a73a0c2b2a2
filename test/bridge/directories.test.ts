import { symlinkSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readHelmLine } from '../../src/argv/read.ts'
import { isChartifyCopy, isInHelmfileCache, isWithin, namedPaths } from '../../src/bridge/directories.ts'
import { Bed } from './bed.ts'

const lineOf = (argv: readonly string[]) => {
  const reading = readHelmLine(argv)
  return reading.kind === 'read' ? reading.line : undefined
}

describe('the paths that a command line names', () => {
  it('are words, values behind a `=`, and what is left when white space is taken off, if they are there', () => {
    const bed = new Bed()
    const demo = bed.chart('demo')
    const argv = ['template', 'r', demo, `--set-file=${demo}/Chart.yaml`, ` ${demo}\u0085`, `${demo}/missing`, '']
    expect(namedPaths(argv, lineOf(argv))).toEqual([
      { given: demo, index: 2, directory: demo },
      { given: `${demo}/Chart.yaml`, index: undefined, directory: undefined },
      { given: demo, index: undefined, directory: demo },
    ])
  })

  it.each([
    [['lint'], true],
    [['dep', 'up'], true],
    [['lint', 'x'], false],
    [['template', 'r', 'x'], false],
    [['a-plugin'], true],
  ])('%j: the current directory counts: %s', (argv, counts) => {
    const line = argv[0] === 'a-plugin' ? undefined : lineOf(argv)
    expect(namedPaths(argv, line).some(({ given }) => given === '.')).toBe(counts)
  })

  it('lead to the physical directory', () => {
    const bed = new Bed()
    const demo = bed.chart('demo')
    symlinkSync('demo', bed.at('link'))
    expect(namedPaths(['x', bed.at('link')], lineOf(['show', 'all', 'x']))).toMatchObject([{ directory: demo }])
  })
})

describe('helmfile’s cache', () => {
  it.each([
    ['cache/r/demo/0.1.0/demo', true],
    ['cache', true],
    ['cache2/demo', false],
    ['home/.cache/helmfile/r/demo', true],
    ['home/.cache/other/demo', false],
  ])('%s: %s', (path, within) => {
    const bed = new Bed()
    expect(isInHelmfileCache(bed.chart(path), bed.env)).toBe(within)
  })

  it('holds charts, and not what is none', () => {
    const bed = new Bed()
    bed.chart('cache/r/demo')
    expect(isInHelmfileCache(bed.at('cache/r'), bed.env)).toBe(false)
  })

  it('is found where it is a link', () => {
    const bed = new Bed()
    const demo = bed.chart('elsewhere/demo')
    symlinkSync('elsewhere', bed.at('cache'))
    expect(isInHelmfileCache(demo, bed.env)).toBe(true)
  })
})

describe('chartify’s copies', () => {
  it.each([
    ['chartify123/ns/demo', {}, true],
    ['chartify/ns/demo', {}, false],
    ['my-chartify123/demo', {}, false],
    ['copies/ns/demo', { CHARTIFY_TEMPDIR: 'copies' }, true],
    ['copies2/ns/demo', { CHARTIFY_TEMPDIR: 'copies' }, false],
  ])('%s with %j: %s', (path, env, is) => {
    const bed = new Bed()
    const given = Object.fromEntries(Object.entries(env).map(([key, value]) => [key, bed.at(value)]))
    expect(isChartifyCopy(bed.chart(path), given)).toBe(is)
  })
})

it.each([
  ['/a', '/a', true],
  ['/a', '/a/b/c', true],
  ['/a', '/ab', false],
  ['/a/b', '/a', false],
  ['/a', '/a/..b', true],
  ['/', '/a', true],
])('isWithin(%j, %j) is %s', (folder, path, is) => {
  expect(isWithin(folder, path)).toBe(is)
})
