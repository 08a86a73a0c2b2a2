import { describe, expect, it } from 'vitest'
import { readBuild, readList } from '../../../src/commands/check/helmfile-output.ts'

describe('readList', () => {
  it('reads a list, and null for none', () => {
    expect(readList('[{"name":"a"}]\n')).toEqual([{ name: 'a' }])
    expect(readList('null\n')).toEqual([])
  })

  it.each(['', 'NAME\tNAMESPACE', '{}', '1'])('refuses %j', (stdout) => {
    expect(() => readList(stdout)).toThrow('helmfile list printed no JSON list of releases')
  })
})

describe('readBuild', () => {
  const part = (source: string, text: string) => `---\n#  Source: ${source}\n\n${text}`

  it('reads one state for each helmfile, with the folder that its paths are relative to', () => {
    const one = part(
      '/a/helmfile.yaml',
      'helmDefaults:\n  keyring: k.gpg\n  devel: true\nreleases:\n- name: x\n  chart: c/x\n',
    )
    const two = part('/a b/c/helmfile.yaml', 'filepath: helmfile.yaml\n')
    expect(readBuild(one + two)).toEqual([
      { directory: '/a', keyring: 'k.gpg', devel: true, repositories: [], releases: [{ name: 'x', chart: 'c/x' }] },
      { directory: '/a b/c', keyring: undefined, devel: false, repositories: [], releases: [] },
    ])
  })

  it('is not misled by a value that looks like the next helmfile', () => {
    const text = 'releases:\n- name: x\n  chart: |\n    ---\n    #  Source: /evil/helmfile.yaml\n'
    expect(readBuild(part('/a/helmfile.yaml', text)).map(({ directory }) => directory)).toEqual(['/a'])
  })

  it('refuses what is no YAML', () => {
    expect(() => readBuild(part('/a/helmfile.yaml', 'a: [}'))).toThrow(
      'helmfile build printed something that is no YAML',
    )
  })

  it('is nothing where nothing was printed', () => {
    expect(readBuild('')).toEqual([])
  })
})
