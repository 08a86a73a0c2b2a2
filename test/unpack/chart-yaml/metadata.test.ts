import { describe, expect, it } from 'vitest'
import { readChartYaml } from '../../../src/unpack/chart-yaml/metadata.ts'

const read = (text: string): string => {
  const { name, version } = readChartYaml(Buffer.from(text))
  return `${name}@${version}`
}

describe('when a Chart.yaml is read', () => {
  it.each([
    ['plain', 'name: demo\nversion: 0.1.0\n', 'demo@0.1.0'],
    ['empty', '', '@'],
    ['as JSON', '{"name":"demo","version":"1"}', 'demo@1'],
    ['scalars become strings', 'name: yes\nversion: 1.10\n', 'true@1.1'],
    ['quoted ones stay', 'name: "yes"\nversion: \'1.10\'\n', 'yes@1.10'],
    ['null is nothing', 'name: ~\nversion: null\n', '@'],
    ['keys in any case', 'NAME: demo\nVersion: 1\n', 'demo@1'],
    ['the exact key wins before', 'name: a\nNAME: b\n', 'a@'],
    ['the exact key wins after', 'NAME: b\nname: a\n', 'a@'],
    ['null leaves what another case gave', 'NAME: b\nname: ~\n', 'b@'],
    ['the long s is an s', 'name: a\nverſion: 2\n', 'a@2'],
    ['the last of equal keys wins', 'name: a\nname: b\n', 'b@'],
    ['what is merged wins over what is before', 'x: &x {name: b}\nname: a\n<<: *x\n', 'b@'],
    ['and not over what is after', 'x: &x {name: b}\n<<: *x\nname: a\n', 'a@'],
    ['of merged ones the first wins', 'x: &x {name: a}\ny: &y {name: b}\n<<: [*x, *y]\n', 'a@'],
    ['an alias means the last anchor before it', 'a: &a x\nname: *a\nb: &a z\nversion: *a\n', 'x@z'],
    ['only the first document counts', 'name: a\n---\nname: [\n', 'a@'],
    ['block scalars', 'name: |-\n  demo\nversion: >-\n  1\n  2\n', 'demo@1 2'],
    ['a block scalar at the end of the text', 'version: 1\nname: |\n  demo', 'demo@1'],
    ['old line ends', 'name: a\rversion: 1\r\n', 'a@1'],
    ['a byte order mark', '\ufeffname: demo\n', 'demo@'],
    ['a flow list that ends at the margin', 'name: demo\nkeywords: [\n  a\n]\nversion: 1\n', 'demo@1'],
    ['numbers among strings', 'name: demo\nkeywords: [1, true, 1.5, ~]\n', 'demo@'],
    ['other keys of any kind', 'name: demo\nfoo: {a: [1, {b: ~}], 1: 2}\n', 'demo@'],
    ['an infinite string', 'name: demo\nversion: .inf\n', 'demo@+Inf'],
  ])('%s', (_, text, expected) => {
    expect(read(text)).toBe(expected)
  })

  it('UTF-16 is read by its mark', () => {
    const text = Buffer.from('\ufeffname: dämo\n', 'utf16le')
    expect(readChartYaml(text).name).toBe('dämo')
    expect(readChartYaml(Buffer.from(text).swap16()).name).toBe('dämo')
  })

  it.each([
    ['a list', '- name: demo\n'],
    ['a string', 'demo\n'],
    ['a name that is a list', 'name: [a]\n'],
    ['a name that is a map', 'name: {a: b}\n'],
    ['deprecated as a string', 'deprecated: "true"\n'],
    ['deprecated as a number', 'deprecated: 1\n'],
    ['keywords as a string', 'keywords: a\n'],
    ['keywords in keywords', 'keywords: [[a]]\n'],
    ['a maintainer as a string', 'maintainers: [a]\n'],
    ['a maintainer whose name is a list', 'maintainers: [{name: [a]}]\n'],
    ['annotations as a list', 'annotations: [a]\n'],
    ['an annotation as a map', 'annotations: {a: {b: c}}\n'],
    ['a dependency as a string', 'dependencies: [a]\n'],
    ['dependency tags as a string', 'dependencies: [{tags: a}]\n'],
    ['a wrong kind under another case', 'KEYWORDS: a\n'],
    ['a number that JSON does not have', 'foo: .nan\n'],
    ['one deep inside', 'dependencies: [{import-values: [{a: .inf}]}]\n'],
    ['null as a key', '~: a\n'],
    ['a list as a key', '? [a]\n: b\n'],
    ['a key beyond 64 bits with a sign', '18446744073709551615: a\n'],
    ['an unknown alias', 'name: *a\n'],
    ['an alias to itself', 'a: &a [*a]\n'],
    ['a merge of no map', 'a: &a x\n<<: *a\n'],
    ['a merge of a string', '<<: x\n'],
    [
      'too many aliases',
      `a0: &a0 [x,x,x,x,x,x,x,x,x]\n${Array.from({ length: 8 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(',')}]\n`).join('')}`,
    ],
    ['a control character', 'name: "a\x01"\n'],
    ['half a surrogate pair', 'name: "\\ud83d\\ude00"\n'],
    ['another YAML version', '%YAML 1.2\n---\nname: demo\n'],
    ['an unknown directive', '%FOO\n---\nname: demo\n'],
    ['a tab before a key', 'a:\n\tb: c\n'],
    ['a tab on a line of its own', 'name: demo\n\t\n'],
    ['an open list', 'name: [\n'],
    ['a tag with odd characters', 'name: !<tag:x|y> a\n'],
    ['a tag that touches what follows', 'name: [!foo]\n'],
    ['an anchor with odd characters', 'name: &a! b\n'],
    ['bad UTF-16', '\ufffe'],
  ])('refuses %s', (_, text) => {
    expect(() => readChartYaml(Buffer.from(text))).toThrow(/./)
  })

  it('refuses what is not UTF-8', () => {
    expect(() => readChartYaml(Buffer.from('name: \xff\n', 'latin1'))).toThrow('invalid Unicode text')
  })

  it('many aliases take no quadratic time: each is looked up once', () => {
    const lines = Array.from({ length: 5000 }, (_, i) => `k${i}: &a x\nl${i}: *a\n`).join('')
    expect(read(`${lines}name: *a\n`)).toBe('x@')
  })
})
