import { describe, expect, it } from 'vitest'
import { entryPath, refusedOnWindows } from '../../src/unpack/entry-path.ts'

describe('when an entry is named', () => {
  it.each([
    ['demo/values.yaml', 'values.yaml'],
    ['demo/templates/a.yaml', 'templates/a.yaml'],
    ['other/values.yaml', 'values.yaml'],
    ['../values.yaml', 'values.yaml'],
    ['/values.yaml', 'values.yaml'],
    ['C:/values.yaml', 'values.yaml'],
    ['demo/./a//b/', 'a/b'],
    ['demo/a/../b', 'b'],
    ['demo\\a\\b', 'a/b'],
    ['demo/x\\a', 'a'],
    ['demo/C:x', 'C:x'],
    ['demo/a/..data', 'a/..data'],
    ['demo/Chart.yaml/x', 'Chart.yaml/x'],
    ['demo/\xff', '\xff'],
  ])('%j goes to %j', (name, path) => {
    expect(entryPath(name)).toEqual({ path })
  })

  it.each([
    ['', 'chart illegally contains content outside the base directory'],
    ['demo', 'chart illegally contains content outside the base directory'],
    ['demo/', 'chart illegally contains content outside the base directory'],
    ['demo/.', 'chart illegally contains content outside the base directory'],
    ['demo/a/..', 'chart illegally contains content outside the base directory'],
    ['Chart.yaml', 'chart illegally contains content outside the base directory'],
    ['demo//x', 'chart illegally contains absolute paths'],
    ['//x', 'chart illegally contains absolute paths'],
    ['\\\\host\\x', 'chart illegally contains absolute paths'],
    ['demo/../x', 'chart illegally references parent directory'],
    ['demo/a/../../x', 'chart illegally references parent directory'],
    ['demo\\..\\x', 'chart illegally references parent directory'],
    ['demo/..data', 'chart illegally references parent directory'],
    ['demo/c:/x', 'chart contains illegally named files'],
    ['demo\\C:\\x', 'chart contains illegally named files'],
    ['Chart.yaml/x', 'chart yaml not in base directory'],
    ['demo/a\0b', 'invalid argument'],
  ])('%j is refused: %s', (name, refusal) => {
    expect(entryPath(name)).toEqual({ refusal })
  })

  it.each(['a:b', 'a/b:stream', 'a./x', '.. /x', 'a ', 'what?', 'a/*'])('%j is refused on Windows', (path) => {
    expect(refusedOnWindows(path)).toBe(true)
  })

  it('ordinary paths are not refused on Windows', () => {
    expect(refusedOnWindows('templates/tests/.a b.yaml')).toBe(false)
  })
})
