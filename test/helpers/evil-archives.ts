import { randomBytes } from 'node:crypto'
import { deflateRawSync, gzipSync } from 'node:zlib'
import {
  CHART_YAML,
  END,
  base256,
  chart,
  chartTar,
  chartWithYaml,
  entry,
  file,
  gnuSparseBlock,
  gnuSparseHeader,
  gzipMember,
  header,
  longName,
  padded,
  pax,
  paxRaw,
  paxRecord,
} from './evil-archives-build.ts'

/** An archive that an unpacker might take the wrong way. */
export interface EvilArchive {
  readonly name: string
  /** Builds it; the large ones take a moment. */
  readonly build: () => Buffer
  /** Set where the shim refuses what helm takes, and says why. */
  readonly stricter?: string
  /** Set for those that take long or much memory to build. */
  readonly large?: true
}

const all: EvilArchive[] = []
const names = new Set<string>()

function add(name: string, build: () => Buffer, more: Partial<EvilArchive> = {}): void {
  if (names.has(name)) throw new Error(`two archives named ${name}`)
  names.add(name)
  all.push({ name, build, ...more })
}

const utf8 = (text: string): Buffer => Buffer.from(text, 'utf8')
const raw = (...parts: readonly Buffer[]): Buffer => gzipSync(Buffer.concat(parts))
const chartYaml = file('demo/Chart.yaml', CHART_YAML)
const MIB = 1024 * 1024

// --- plain ones -----------------------------------------------------------------------------------------------------
add('a chart', () => chart(file('demo/values.yaml', 'a: 1\n'), file('demo/templates/cm.yaml', 'kind: x\n')))
add('nothing but Chart.yaml', () => chart())
add('an empty file', () => chart(file('demo/empty', '')))
add('a file of one block', () => chart(file('demo/block', 'x'.repeat(512))))
add('a file of a block and a byte', () => chart(file('demo/block', 'x'.repeat(513))))
add('a subchart', () => chart(file('demo/charts/sub/Chart.yaml', 'name: sub\nversion: 1.0.0\n')))
add('a packed subchart', () => chart(file('demo/charts/sub-1.0.0.tgz', chart())))
add('executable and odd modes', () =>
  chart(entry({ name: 'demo/run.sh', mode: 0o755 }, '#!'), entry({ name: 'demo/set', mode: 0o7777 }, 'x')),
)
add('a file that nobody may read', () => chart(entry({ name: 'demo/none', mode: 0 }, 'x')))
add('owners and groups', () => chart(entry({ name: 'demo/owned', uid: 1000, gid: 1000 }, 'x')))
add('a directory entry before its files', () =>
  chart(entry({ name: 'demo/templates/', type: '5', mode: 0o700 }), file('demo/templates/a', 'a')),
)
add('an empty directory', () => chart(entry({ name: 'demo/empty/', type: '5' })))
add('incompressible data', () => chart(file('demo/random', randomBytes(300_000))))
add('1,000 files', () =>
  chart(...Array.from({ length: 1000 }, (_, i) => file(`demo/templates/${i % 10}/f${i}`, `${i}`))),
)
add('20,000 files', () => chart(...Array.from({ length: 20_000 }, (_, i) => file(`demo/t/${i % 40}/f${i}`, `${i}`))), {
  large: true,
})
add('a deep tree', () => chart(file(`demo/${'d/'.repeat(40)}x`, 'x')))
add('spaces and shell characters in names', () =>
  chart(file('demo/a b', ''), file('demo/$HOME', ''), file("demo/'q'", ''), file('demo/*', ''), file('demo/-rf', '')),
)
add('newline and control characters in names', () =>
  chart(file('demo/a\nb', '1'), file('demo/\x1b[2J', '2'), file('demo/\x7f', '3')),
)
add('a name in UTF-8', () => chart(file(utf8('demo/größe/ünï'), 'x')))
add('a name that is not UTF-8', () => chart(file('demo/\xff\xfe\x80', 'x')))
add('a directory that is not UTF-8', () => chart(file('demo/\xff/a', 'x'), file('demo/\xff/b', 'y')))
add('names that differ in case', () => chart(file('demo/README', '1'), file('demo/readme', '2')))
add('names that differ in normalization', () => chart(file(utf8('demo/\u00e9'), '1'), file(utf8('demo/e\u0301'), '2')))
add('a byte order mark', () => chart(file('demo/bom', '\ufeffx')))
add('two byte order marks', () => chart(file('demo/bom', '\ufeff\ufeffx')))
add('nothing but a byte order mark', () => chart(file('demo/bom', '\ufeff')))
add('half a byte order mark', () => chart(file('demo/bom', Buffer.from([0xef, 0xbb]))))
add('a byte order mark in the middle', () => chart(file('demo/bom', 'x\ufeff')))
add('dot files', () => chart(file('demo/.helmignore', '*.md\n'), file('demo/.a/.b', 'x')))

// --- paths ----------------------------------------------------------------------------------------------------------
const path = (label: string, name: string): void => {
  add(`path: ${label}`, () => chart(file(name, 'x')))
}
path('../x', '../x')
path('demo/../x', 'demo/../x')
path('demo/../../x', 'demo/../../x')
path('demo/a/../../x', 'demo/a/../../x')
path('demo/a/../b', 'demo/a/../b')
path('demo/./b', 'demo/./b')
path('demo//b', 'demo//b')
path('demo/b/', 'demo/b/')
path('demo/b/.', 'demo/b/.')
path('demo/b/..', 'demo/b/..')
path('demo/..data', 'demo/..data')
path('demo/...', 'demo/...')
path('demo/a/..data', 'demo/a/..data')
path('/etc/x', '/etc/x')
path('//x', '//x')
path('///x', '///x')
path('/', '/')
path('empty', '')
path('demo', 'demo')
path('demo/', 'demo/')
path('demo/.', 'demo/.')
path('.', '.')
path('..', '..')
path('C:/x', 'C:/x')
path('demo/C:/x', 'demo/C:/x')
path('demo/c:/x/y', 'demo/c:/x/y')
path('demo/C:x', 'demo/C:x')
path('demo/CC:/x', 'demo/CC:/x')
path('demo\\x', 'demo\\x')
path('demo\\a\\b', 'demo\\a\\b')
path('demo\\..\\x', 'demo\\..\\x')
path('demo\\a/b', 'demo\\a/b')
path('demo/a\\b', 'demo/a\\b')
path('demo/../..\\x', 'demo/../..\\x')
path('\\x', '\\x')
path('\\\\host\\share', '\\\\host\\share')
path('demo\\C:\\x', 'demo\\C:\\x')
path('Chart.yaml/x', 'Chart.yaml/x')
path('Chart.yaml', 'Chart.yaml')
path('Chart.yaml\\x', 'Chart.yaml\\x')
path('demo/Chart.yaml/x', 'demo/Chart.yaml/x')
path('other/x (several top directories)', 'other/x')
path('../../etc/passwd', '../../etc/passwd')
path('a NUL in it', 'demo/a\0b')
path('a component of 255 bytes', `d/${'n'.repeat(98)}`)
add('path: ./ before everything', () => raw(file('./demo/Chart.yaml', CHART_YAML), file('./demo/x', 'x'), END))
add('path: .. as the top directory', () => raw(file('../Chart.yaml', CHART_YAML), file('../x', 'x'), END))
add('path: / as the top directory', () => raw(file('/Chart.yaml', CHART_YAML), file('/x', 'x'), END))
add('path: backslashes throughout', () => raw(file('demo\\Chart.yaml', CHART_YAML), file('demo\\t\\x', 'x'), END))
add('path: a drive as the top directory', () => raw(file('C:/Chart.yaml', CHART_YAML), END))
add('path: a component of 256 bytes', () => chart(longName(`demo/${'n'.repeat(256)}`), file('demo/short', 'x')))
add('path: longer than the system takes', () =>
  chart(longName(`demo/${'dir/'.repeat(1100)}x`), file('demo/short', 'x')),
)

// --- several entries of one name ------------------------------------------------------------------------------------
add('a file twice, the last wins', () => chart(file('demo/a', 'first, longer'), file('demo/a', 'last')))
add('a file twice under two tops', () => chart(file('demo/a', 'first'), file('other/a', 'last')))
add('a file, then below it', () => chart(file('demo/a', 'x'), file('demo/a/b', 'y')))
add('below a name, then the name', () => chart(file('demo/a/b', 'x'), file('demo/a', 'y')))
add('a directory entry, then a file of its name', () =>
  chart(entry({ name: 'demo/a/', type: '5' }), file('demo/a', 'x')),
)
add('Chart.yaml twice, the last wins', () => chart(file('demo/Chart.yaml', 'name: last\nversion: 2.0.0\n')))
add('Chart.yaml twice, the first broken', () => raw(file('demo/Chart.yaml', 'name: ['), chartYaml, END))
add('Chart.yaml twice, the last broken', () => chart(file('demo/Chart.yaml', 'name: [')))
add('Chart.yaml twice, the last nameless', () => chart(file('demo/Chart.yaml', 'version: 1\n')))
add('Chart.yaml at the end', () => raw(file('demo/a', 'x'), chartYaml, END))
add('Chart.yaml under another top', () => raw(file('demo/a', 'x'), file('b/Chart.yaml', CHART_YAML), END))
add('Chart.yaml by a crooked path', () => raw(file('demo/x/../Chart.yaml', CHART_YAML), file('demo/a', 'x'), END))
add('no Chart.yaml', () => raw(file('demo/values.yaml', 'a: 1\n'), END))
add('chart.yaml in lower case', () => raw(file('demo/chart.yaml', CHART_YAML), END))
add('Chart.yaml below the base only', () => raw(file('demo/charts/x/Chart.yaml', CHART_YAML), END))
add('Chart.yaml as a directory', () => raw(entry({ name: 'demo/Chart.yaml', type: '5' }), END))
add('Chart.yaml as a link', () => raw(entry({ name: 'demo/Chart.yaml', type: '2', link: '/etc/passwd' }), END))

// --- kinds ----------------------------------------------------------------------------------------------------------
for (const [label, type] of [
  ['hard link', '1'],
  ['symbolic link', '2'],
  ['character device', '3'],
  ['block device', '4'],
  ['fifo', '6'],
] as const) {
  add(`kind: ${label}`, () => chart(entry({ name: 'demo/odd', type, link: '../../etc/passwd' })))
  add(`kind: ${label} with a size`, () => chart(header({ name: 'demo/odd', type, link: 'x', size: 5 })))
}
add('kind: a link, then a file through it', () =>
  chart(entry({ name: 'demo/l', type: '2', link: '..' }), file('demo/l/x', 'x')),
)
add('kind: a link, then a file of its name', () =>
  chart(entry({ name: 'demo/l', type: '2', link: '/tmp/evil' }), file('demo/l', 'x')),
)
add('kind: contiguous file', () => chart(entry({ name: 'demo/c', type: '7' }, 'x')))
add('kind: NUL', () => chart(entry({ name: 'demo/v7', type: '\0' }, 'x')))
add('kind: NUL with a slash at the end', () => chart(entry({ name: 'demo/v7/', type: '\0' }, 'x')))
add('kind: unknown letters', () =>
  chart(entry({ name: 'demo/V', type: 'V' }, 'v'), entry({ name: 'demo/Z', type: 'Z' }, 'z')),
)
add('kind: GNU volume header and multi-volume', () =>
  chart(
    entry({ name: 'demo/vol', type: 'V', format: 'gnu' }),
    entry({ name: 'demo/M', type: 'M', format: 'gnu' }, 'm'),
  ),
)
add('kind: GNU directory dump', () => chart(entry({ name: 'demo/D', type: 'D', format: 'gnu' }, 'Yfile\0\0')))
add('kind: Solaris extended header', () => chart(entry({ name: 'demo/X', type: 'X' }, '12 path=a/b\n')))
add('kind: a file whose mode says directory', () => chart(entry({ name: 'demo/d', mode: 0o040755 }, 'data')))
add('kind: a file whose mode says link', () => chart(entry({ name: 'demo/d', mode: 0o120777 }, 'data')))
add('kind: a mode with higher bits', () => chart(entry({ name: 'demo/d', mode: base256(0x140_0000_41edn, 8) }, 'data')))
add('kind: a mode that is a directory in 32 bits', () =>
  chart(entry({ name: 'demo/d', mode: base256(0x1_0000_41edn, 8) }, 'data')),
)
add('kind: a directory with data', () => chart(entry({ name: 'demo/d/', type: '5', size: 512 }), file('demo/x', 'x')))
add('kind: a file with a slash at the end', () => chart(entry({ name: 'demo/f/', type: '0' }, 'x')))
add('kind: everything skipped', () => raw(entry({ name: 'demo/', type: '5' }), END))

// --- PAX ------------------------------------------------------------------------------------------------------------
add('pax: path', () => chart(pax({ path: 'demo/pax' }), file('demo/ustar', 'x')))
add('pax: long path', () => chart(pax({ path: `demo/${'p'.repeat(200)}` }), file('demo/ustar', 'x')))
add('pax: path that leaves', () => chart(pax({ path: 'demo/../../x' }), file('demo/ustar', 'x')))
add('pax: path in UTF-8', () => chart(pax({ path: utf8('demo/ü') }), file('demo/ustar', 'x')))
add('pax: path that is not UTF-8', () => chart(pax({ path: 'demo/\xff' }), file('demo/ustar', 'x')))
add('pax: hdrcharset=BINARY', () => chart(pax({ hdrcharset: 'BINARY', path: 'demo/\xfe' }), file('demo/ustar', 'x')))
add('pax: empty path', () => chart(pax({ path: '' }), file('demo/ustar', 'x')))
add('pax: path with a NUL', () => chart(pax({ path: 'demo/a\0b' }), file('demo/ustar', 'x')))
add('pax: path twice', () =>
  chart(paxRaw(Buffer.concat([paxRecord('path', 'demo/1'), paxRecord('path', 'demo/2')])), file('demo/u')),
)
add('pax: two headers in a row', () => chart(pax({ path: 'demo/1' }), pax({ mtime: '1' }), file('demo/u')))
add('pax: size', () =>
  chart(pax({ size: '3' }), entry({ name: 'demo/s', size: 0 }).subarray(0, 512), padded(utf8('abc'))),
)
add('pax: size smaller than the header says', () => chart(pax({ size: '1' }), file('demo/s', 'abc')))
add('pax: size larger than there is', () => chart(pax({ size: '99999' }), file('demo/s', 'abc')))
add('pax: size negative', () => chart(pax({ size: '-1' }), file('demo/s', 'abc')))
add('pax: size with a plus', () => chart(pax({ size: '+3' }), file('demo/s', 'abc')))
add('pax: size not a number', () => chart(pax({ size: '3x' }), file('demo/s', 'abc')))
add('pax: size beyond 64 bits', () => chart(pax({ size: '99999999999999999999' }), file('demo/s', 'abc')))
add('pax: size of a link', () => chart(pax({ size: '3' }), entry({ name: 'demo/l', type: '2', link: 'x' })))
add('pax: uid not a number', () => chart(pax({ uid: 'x' }), file('demo/s')))
add('pax: mtime with a fraction', () => chart(pax({ mtime: '1700000000.123456789' }), file('demo/s')))
add('pax: mtime negative', () => chart(pax({ mtime: '-1.5' }), file('demo/s')))
add('pax: mtime broken', () => chart(pax({ mtime: '1.x' }), file('demo/s')))
add('pax: linkpath and names', () => chart(pax({ linkpath: 'a', uname: 'u', gname: 'g' }), file('demo/s')))
add('pax: xattr and unknown keys', () =>
  chart(pax({ 'SCHILY.xattr.user.x': 'v', 'LIBARCHIVE.x': 'y', comment: 'z' }), file('demo/s')),
)
add('pax: empty header', () => chart(paxRaw(''), file('demo/s')))
add('pax: record too short', () => chart(paxRaw('4 a\n'), file('demo/s')))
add('pax: length too long', () => chart(paxRaw('99 path=demo/x\n'), file('demo/s')))
add('pax: length with a zero before it', () => chart(paxRaw('015 path=demo/x\n'), file('demo/s')))
add('pax: length with a plus', () => chart(paxRaw('+16 path=demo/x\n'), file('demo/s')))
add('pax: no newline', () => chart(paxRaw('15 path=demo/xy'), file('demo/s')))
add('pax: no equals sign', () => chart(paxRaw('11 pathdemo\n'), file('demo/s')))
add('pax: no key', () => chart(paxRaw('6 =abc\n'.replace('6', '8')), file('demo/s')))
add('pax: NULs after the records', () =>
  chart(paxRaw(Buffer.concat([paxRecord('path', 'demo/x'), Buffer.alloc(9)])), file('demo/s')),
)
add('pax: a megabyte', () => chart(paxRaw(paxRecord('comment', 'c'.repeat(MIB - 30))), file('demo/s')))
add('pax: more than a megabyte', () => chart(paxRaw(paxRecord('comment', 'c'.repeat(MIB))), file('demo/s')))
add('pax: header at the end of the archive', () => chart(pax({ path: 'demo/x' })))
add('pax: global path', () => chart(pax({ path: 'demo/global' }, 'g'), file('demo/a', 'a'), file('demo/b', 'b')))
add('pax: global comment first, as git archive does', () => raw(pax({ comment: 'a'.repeat(40) }, 'g'), chartYaml, END))
add('pax: global header broken', () => chart(paxRaw('x', 'g'), file('demo/a')))
add('pax: global header with a broken number', () => chart(pax({ size: 'x' }, 'g'), file('demo/a')))
add('pax: a global header between a header and its file', () =>
  chart(pax({ path: 'demo/lost' }), pax({ comment: 'x' }, 'g'), file('demo/a', 'a')),
)
add('pax: a name that ends with a slash, kind NUL', () =>
  chart(pax({ path: 'demo/dir/' }), entry({ name: 'demo/f', type: '\0' }, 'x')),
)

// --- GNU ------------------------------------------------------------------------------------------------------------
add('gnu: long name', () =>
  chart(longName(`demo/${'g'.repeat(180)}`), entry({ name: 'demo/short', format: 'gnu' }, 'x')),
)
add('gnu: long name that leaves', () => chart(longName('demo/../../x'), file('demo/short')))
add('gnu: long name, absolute', () => chart(longName('/abs/x'), file('demo/short', 'x')))
add('gnu: empty long name', () => chart(longName(''), file('demo/short')))
add('gnu: long name with a NUL in it', () => chart(longName('demo/cut\0off'), file('demo/short')))
add('gnu: long link', () => chart(longName('x'.repeat(150), 'K'), entry({ name: 'demo/l', type: '2', format: 'gnu' })))
add('gnu: long name twice', () => chart(longName('demo/one'), longName('demo/two'), file('demo/short')))
add('gnu: long name and pax path', () => chart(longName('demo/gnu'), pax({ path: 'demo/pax' }), file('demo/short')))
add('gnu: long name too long', () => chart(longName(`demo/${'a'.repeat(MIB)}`), file('demo/short')))
add('gnu: long name at the end of the archive', () => chart(longName('demo/x')))
add('gnu: long name, then a global header', () =>
  chart(longName('demo/lost'), pax({ comment: 'x' }, 'g'), file('demo/a')),
)
add('gnu: times where ustar has the prefix', () =>
  chart(entry({ name: 'demo/t', format: 'gnu', patch: { 345: '00000000001\0', 357: '00000000001\0' } }, 'x')),
)
add('gnu: a prefix where the times are', () => chart(entry({ name: 'demo/t', format: 'gnu', prefix: 'old/go' }, 'x')))
add('gnu: a prefix that is not ASCII', () => chart(entry({ name: 'demo/t', format: 'gnu', prefix: 'old/\xff' }, 'x')))
const sparseData = (...parts: readonly string[]): Buffer => padded(utf8(parts.join('')))
add('gnu sparse: old format', () =>
  chart(
    gnuSparseHeader(
      'demo/s',
      [
        [0, 5],
        [1000, 5],
      ],
      1005,
      10,
    ),
    sparseData('01234', '56789'),
  ),
)
add('gnu sparse: a hole at the end', () => chart(gnuSparseHeader('demo/s', [[0, 5]], 2000, 5), sparseData('01234')))
add('gnu sparse: nothing but a hole', () => chart(gnuSparseHeader('demo/s', [], 2000, 0)))
add('gnu sparse: extended map', () =>
  chart(
    gnuSparseHeader(
      'demo/s',
      [
        [0, 1],
        [10, 1],
        [20, 1],
        [30, 1],
      ],
      51,
      6,
      true,
    ),
    gnuSparseBlock([
      [40, 1],
      [50, 1],
    ]),
    sparseData('abcdef'),
  ),
)
add('gnu sparse: map that overlaps', () =>
  chart(
    gnuSparseHeader(
      'demo/s',
      [
        [0, 5],
        [3, 5],
      ],
      1005,
      10,
    ),
    sparseData('0123456789'),
  ),
)
add('gnu sparse: map beyond the size', () =>
  chart(
    gnuSparseHeader(
      'demo/s',
      [
        [0, 5],
        [1000, 5],
      ],
      1000,
      10,
    ),
    sparseData('0123456789'),
  ),
)
add('gnu sparse: less data than the map', () =>
  chart(
    gnuSparseHeader(
      'demo/s',
      [
        [0, 5],
        [1000, 5],
      ],
      1005,
      7,
    ),
    sparseData('0123456'),
  ),
)
add('gnu sparse: more data than the map', () =>
  chart(gnuSparseHeader('demo/s', [[0, 5]], 1005, 10), sparseData('0123456789')),
)
add('gnu sparse: empty stretches', () =>
  chart(
    gnuSparseHeader(
      'demo/s',
      [
        [0, 0],
        [5, 0],
        [10, 2],
      ],
      12,
      2,
    ),
    sparseData('ab'),
  ),
)
add('gnu sparse: in a ustar archive', () => chart(entry({ name: 'demo/s', type: 'S' }, 'x')))
add('gnu sparse: a hole above the limit', () => chart(gnuSparseHeader('demo/s', [], 200 * MIB, 0)))
add('gnu sparse: map without an end', () =>
  chart(gnuSparseHeader('demo/s', [[0, 1]], 1, 1, true), gnuSparseBlock([], true)),
)
const pax1 = {
  'GNU.sparse.major': '1',
  'GNU.sparse.minor': '0',
  'GNU.sparse.name': 'demo/s1',
  'GNU.sparse.realsize': '1005',
}
const map1 = (text: string): Buffer => padded(utf8(text))
const sparse1 = (map: string, data: string, records: Record<string, string> = pax1): Buffer[] => {
  const body = Buffer.concat([map1(map), utf8(data)])
  return [pax(records), entry({ name: 'demo/GNUSparseFile.1/s' }, body)]
}
add('pax sparse 1.0', () => chart(...sparse1('2\n0\n5\n1000\n5\n', '0123456789')))
add('pax sparse 1.0: no name', () =>
  chart(...sparse1('1\n0\n5\n', '01234', { 'GNU.sparse.major': '1', 'GNU.sparse.minor': '0', 'GNU.sparse.size': '5' })),
)
add('pax sparse 1.0: name that leaves', () =>
  chart(...sparse1('0\n', '', { ...pax1, 'GNU.sparse.name': 'demo/../../x' })),
)
add('pax sparse 1.0: name with a NUL', () => chart(...sparse1('0\n', '', { ...pax1, 'GNU.sparse.name': 'demo/a\0b' })))
add('pax sparse 1.0: count not a number', () => chart(...sparse1('x\n0\n5\n', '01234')))
add('pax sparse 1.0: count too large', () => chart(...sparse1('99999999\n0\n5\n', '01234')))
add('pax sparse 1.0: count negative', () => chart(...sparse1('-1\n0\n5\n', '01234')))
add('pax sparse 1.0: real size not a number', () =>
  chart(...sparse1('1\n0\n5\n', '01234', { ...pax1, 'GNU.sparse.realsize': 'x' })),
)
add('pax sparse 1.0: map cut short', () => chart(pax(pax1), entry({ name: 'demo/s' }, '2\n0\n5\n')))
add('pax sparse 0.1', () =>
  chart(
    pax({
      'GNU.sparse.map': '0,5,1000,5',
      'GNU.sparse.numblocks': '2',
      'GNU.sparse.size': '1005',
      'GNU.sparse.name': 'demo/s01',
    }),
    file('demo/x', '0123456789'),
  ),
)
add('pax sparse 0.1: sixty thousand stretches', () => {
  const map = Array.from({ length: 60_000 }, (_, i) => `${i * 2},1`).join(',')
  const records = { 'GNU.sparse.map': map, 'GNU.sparse.numblocks': '60000', 'GNU.sparse.size': '119999' }
  return chart(pax(records), file('demo/x', 'y'.repeat(60_000)))
})
add('pax sparse 0.1: wrong count', () =>
  chart(
    pax({ 'GNU.sparse.map': '0,5', 'GNU.sparse.numblocks': '2', 'GNU.sparse.size': '1005' }),
    file('demo/x', '01234'),
  ),
)
add('pax sparse 0.0', () =>
  chart(
    paxRaw(
      Buffer.concat(
        [
          ['GNU.sparse.size', '1005'],
          ['GNU.sparse.numblocks', '2'],
          ['GNU.sparse.offset', '0'],
          ['GNU.sparse.numbytes', '5'],
          ['GNU.sparse.offset', '1000'],
          ['GNU.sparse.numbytes', '5'],
        ].map(([key, value]) => paxRecord(key ?? '', value ?? '')),
      ),
    ),
    file('demo/x', '0123456789'),
  ),
)
add('pax sparse 0.0: out of order', () =>
  chart(pax({ 'GNU.sparse.numbytes': '5', 'GNU.sparse.offset': '0' }), file('demo/x')),
)
add('pax sparse: version unknown', () =>
  chart(pax({ 'GNU.sparse.major': '2', 'GNU.sparse.minor': '0' }), file('demo/x')),
)
add('pax sparse 0.1: a link', () =>
  chart(pax({ 'GNU.sparse.map': '0,0', 'GNU.sparse.numblocks': '1' }), entry({ name: 'demo/l', type: '2', link: 'x' })),
)

// --- headers --------------------------------------------------------------------------------------------------------
add('header: v7', () => raw(entry({ name: 'demo/Chart.yaml', format: 'v7', type: '\0' }, CHART_YAML), END))
add('header: v7 with what would be a prefix', () =>
  chart(entry({ name: 'demo/v', format: 'v7', prefix: 'pre/fix' }, 'x')),
)
add('header: ustar prefix', () => chart(entry({ name: 'file', prefix: 'demo/long/prefix' }, 'x')))
add('header: ustar prefix of 155 bytes', () => chart(entry({ name: 'file', prefix: `demo/${'p'.repeat(150)}` }, 'x')))
add('header: ustar prefix that leaves', () => chart(entry({ name: 'x', prefix: 'demo/../..' }, 'x')))
add('header: name of 100 bytes', () => chart(file(`demo/${'n'.repeat(95)}`, 'x')))
add('header: star', () => chart(entry({ name: 'demo/star', format: 'star' }, 'x')))
add('header: star prefix', () => chart(entry({ name: 'star', format: 'star', prefix: 'demo/pre' }, 'x')))
add('header: star with broken times', () => chart(entry({ name: 'demo/s', format: 'star', patch: { 476: 'x' } }, 'x')))
add('header: magic without version', () => chart(entry({ name: 'demo/m', patch: { 263: '\0\0' } }, 'x')))
add('header: magic misspelled', () => chart(entry({ name: 'demo/m', prefix: 'not', patch: { 257: 'USTAR' } }, 'x')))
add('header: gnu magic with a wrong version', () =>
  chart(entry({ name: 'demo/m', format: 'gnu', prefix: 'not', patch: { 263: '00' } }, 'x')),
)
add('header: checksum signed', () => chart(entry({ name: 'demo/\xfc', checksum: 'signed' }, 'x')))
add('header: checksum wrong', () => chart(entry({ name: 'demo/c', checksum: 'wrong' }, 'x')))
add('header: checksum not octal', () => chart(entry({ name: 'demo/c', checksum: Buffer.from('9999999\0') }, 'x')))
add('header: checksum empty', () => chart(entry({ name: 'demo/c', checksum: Buffer.alloc(8) }, 'x')))
const size = (label: string, bytes: Buffer, data = 'abc'): void => {
  add(`header: size ${label}`, () => chart(header({ name: 'demo/s', size: bytes }), padded(utf8(data))))
}
size('in base-256', base256(3n, 12))
size('in base-256, negative', base256(-3n, 12))
size('in base-256, too large', Buffer.concat([Buffer.from([0x80, 1]), Buffer.alloc(10)]))
size('with spaces around', Buffer.from('          3 '))
size('with NULs before', Buffer.from('\0\0\0\0\0\0\0\0\0\x003\0'))
size('with a NUL inside', Buffer.from('3\x009\0\0\0\0\0\0\0\0\0'))
size('with a space inside', Buffer.from('3 9\0\0\0\0\0\0\0\0\0'))
size('in twelve digits without an end', Buffer.from('000000000003'))
size('with an 8', Buffer.from('00000000008\0'))
size('with a minus', Buffer.from('-0000000003\0'))
size('empty', Buffer.alloc(12), '')
size('in hexadecimal', Buffer.from('0x3\0\0\0\0\0\0\0\0\0'))
add('header: uid broken', () => chart(entry({ name: 'demo/u', uid: Buffer.from('xxxxxxx\0') }, 'x')))
add('header: mode empty', () => chart(entry({ name: 'demo/u', mode: Buffer.alloc(8) }, 'x')))
add('header: mode broken', () => chart(entry({ name: 'demo/u', mode: Buffer.from('rw-r--r-') }, 'x')))
add('header: mtime broken', () => chart(entry({ name: 'demo/u', mtime: Buffer.from('yesterday   ') }, 'x')))
add('header: mtime in base-256, negative', () => chart(entry({ name: 'demo/u', mtime: base256(-1n, 12) }, 'x')))
add('header: device numbers broken', () => chart(entry({ name: 'demo/u', devMajor: Buffer.from('zzzzzzz\0') }, 'x')))
add('header: device numbers broken in v7', () =>
  chart(entry({ name: 'demo/u', format: 'v7', devMajor: Buffer.from('zzzzzzz\0') }, 'x')),
)

// --- ends -----------------------------------------------------------------------------------------------------------
const body = Buffer.concat([chartYaml, file('demo/a', 'abc')])
add('end: no zero blocks', () => raw(body))
add('end: one zero block', () => raw(body, END.subarray(0, 512)))
add('end: half a zero block', () => raw(body, END.subarray(0, 256)))
add('end: a zero block and a half', () => raw(body, END.subarray(0, 768)))
add('end: one zero block, then an entry', () => raw(body, END.subarray(0, 512), file('demo/b'), END))
add('end: entries after the end', () => raw(body, END, file('demo/../../x', 'x'), END))
add('end: garbage after the end', () => raw(body, END, randomBytes(700)))
add('end: much garbage after the end', () => raw(body, END, randomBytes(300_000)))
add('end: padded to ten kilobytes', () => raw(body, END, Buffer.alloc(10_240 - body.length - 1024)))
add('end: last padding cut off', () => raw(body.subarray(0, -100)))
add('end: last padding missing', () => raw(body.subarray(0, -509)))
add('end: last data cut off', () => raw(body.subarray(0, -510)))
add('end: header cut off', () => raw(body.subarray(0, -700)))
add('end: starts with zeros', () => raw(END, body, END))
add('end: nothing but zeros', () => raw(END))
add('end: an empty tar', () => raw())

// --- gzip -----------------------------------------------------------------------------------------------------------
const whole = Buffer.concat([body, END])
const half = (): [Buffer, Buffer] => [whole.subarray(0, 700), whole.subarray(700)]
add('gzip: empty file', () => Buffer.alloc(0))
add('gzip: one byte', () => Buffer.from([0x1f]))
add('gzip: nine bytes', () => gzipMember(whole).subarray(0, 9))
add('gzip: header only', () => gzipMember(whole).subarray(0, 10))
add('gzip: not gzip', () => utf8('<html>404</html>'))
add('gzip: a bare tar', () => whole)
add('gzip: a zip', () => utf8('PK\x03\x04'.padEnd(600, '\0')))
add('gzip: YAML', () => utf8(CHART_YAML))
add('gzip: method 7', () => gzipMember(whole, { magic: Buffer.from([0x1f, 0x8b, 7]) }))
add('gzip: reserved flags', () => gzipMember(whole, { flags: 0xe0 }))
add('gzip: text flag', () => gzipMember(whole, { flags: 1 }))
add('gzip: name and comment', () => gzipMember(whole, { name: utf8('demo.tar'), comment: utf8('hello') }))
add('gzip: name of 511 bytes', () => gzipMember(whole, { name: Buffer.alloc(511, 'n') }))
add('gzip: name of 512 bytes', () => gzipMember(whole, { name: Buffer.alloc(512, 'n') }))
add('gzip: comment of 512 bytes', () => gzipMember(whole, { comment: Buffer.alloc(512, 'n') }))
add("gzip: helm's own extra field", () =>
  gzipMember(whole, { extra: utf8('+aHR0cHM6Ly95b3V0dS5iZS96OVV6MWljandyTQo='), comment: utf8('Helm') }),
)
add('gzip: extra field of 65535 bytes', () => gzipMember(whole, { extra: Buffer.alloc(65_535, 'e') }))
add('gzip: header checksum', () => gzipMember(whole, { headerCrc: 'right', name: utf8('x') }))
add('gzip: header checksum wrong', () => gzipMember(whole, { headerCrc: 'wrong' }))
add('gzip: checksum wrong', () => gzipMember(whole, { crc: 1 }))
add('gzip: size wrong', () => gzipMember(whole, { size: 1 }))
add('gzip: checksum wrong before the end of the tar', () =>
  Buffer.concat([gzipMember(half()[0], { crc: 1 }), gzipMember(half()[1])]),
)
add('gzip: checksum wrong, no zero blocks', () => gzipMember(body, { crc: 1 }))
add('gzip: checksum wrong, one zero block', () => gzipMember(Buffer.concat([body, END.subarray(0, 512)]), { crc: 1 }))
add('gzip: checksum wrong, last padding cut off', () => gzipMember(body.subarray(0, -100), { crc: 1 }))
add('gzip: two members', () => Buffer.concat(half().map((part) => gzipMember(part))))
add('gzip: a member a byte', () => Buffer.concat([...chartTar()].map((byte) => gzipMember(Buffer.from([byte])))))
add('gzip: an empty member in between', () =>
  Buffer.concat([gzipMember(half()[0]), gzipMember(Buffer.alloc(0)), gzipMember(half()[1])]),
)
add('gzip: two charts one after the other', () =>
  Buffer.concat([gzipMember(whole), gzipMember(chartTar(file('demo/second')))]),
)
add('gzip: a second member without zero blocks before it', () =>
  Buffer.concat([gzipMember(body), gzipMember(Buffer.concat([file('demo/more'), END]))]),
)
add('gzip: garbage after it', () => Buffer.concat([gzipMember(whole), utf8('garbage')]))
add('gzip: zeros after it', () => Buffer.concat([gzipMember(whole), Buffer.alloc(1000)]))
add('gzip: garbage after it, no zero blocks', () => Buffer.concat([gzipMember(body), utf8('garbage')]))
add('gzip: zeros after it, no zero blocks', () => Buffer.concat([gzipMember(body), Buffer.alloc(1000)]))
add('gzip: five bytes after it, no zero blocks', () =>
  Buffer.concat([gzipMember(body), Buffer.from([0x1f, 0x8b, 8, 0, 0])]),
)
add('gzip: trailer missing', () => gzipMember(whole).subarray(0, -8))
add('gzip: trailer cut off', () => gzipMember(whole).subarray(0, -3))
add('gzip: trailer missing, no zero blocks', () => gzipMember(body).subarray(0, -8))
add('gzip: cut in the data', () => gzipMember(whole).subarray(0, -30))
add('gzip: cut in the data of a large file', () => chart(file('demo/big', randomBytes(400_000))).subarray(0, 300_000))
add('gzip: stored blocks', () => gzipMember(whole, { level: 0 }))
add('gzip: a block of the reserved kind', () => gzipMember(whole, { deflated: Buffer.from([0x07, 0, 0, 0]) }))
add('gzip: stored block with a wrong complement', () =>
  gzipMember(whole, { deflated: Buffer.from([1, 5, 0, 5, 0, 1, 2, 3, 4, 5]) }),
)
add('gzip: data broken early', () => {
  const bytes = chart(file('demo/big', randomBytes(2000)), file('demo/text', 'abc '.repeat(5000)))
  bytes.fill(0xff, 40, 60)
  return bytes
})
add('gzip: data broken in a chunk after the end', () => {
  const sync = deflateRawSync(Buffer.concat([whole, Buffer.alloc(200_000)]), { finishFlush: 2 })
  return gzipMember(whole, {
    deflated: Buffer.concat([
      sync,
      deflateRawSync(randomBytes(150_000)).subarray(0, 140_000),
      Buffer.from([7, 7, 7, 7]),
    ]),
  })
})

// --- Chart.yaml -----------------------------------------------------------------------------------------------------
const yaml = (label: string, text: string | Buffer, more: Partial<EvilArchive> = {}): void => {
  add(`Chart.yaml: ${label}`, () => chartWithYaml(text), more)
}
yaml('another name', 'name: other\nversion: 1.0.0\n')
yaml('no name', 'version: 1.0.0\n')
yaml('empty', '')
yaml('name empty', 'name: ""\n')
yaml('name null', 'name: ~\n')
yaml('name .', 'name: .\n')
yaml('name ..', 'name: ..\n')
yaml('name with a slash', 'name: a/b\n')
yaml('name with a slash at the end', 'name: demo/\n')
yaml('name with a backslash', 'name: a\\b\n')
yaml('name that leaves', 'name: ../../x\n')
yaml('name absolute', 'name: /tmp/x\n')
yaml('name with a NUL', 'name: "a\\0b"\n')
yaml('name with a newline', 'name: "a\\nb"\n')
yaml('name with spaces', 'name: " a b "\n')
yaml('name in UTF-8', 'name: größe\n')
yaml('name too long', `name: ${'n'.repeat(256)}\n`)
yaml('name yes', 'name: yes\n')
yaml('name 010', 'name: 010\n')
yaml('name 1.10', 'name: 1.10\n')
yaml('name 1e6', 'name: 1e6\n')
yaml('name a date', 'name: 2020-01-01\n')
yaml('name a list', 'name: [demo]\n')
yaml('Name in capitals', 'NAME: demo\n')
yaml('Name in capitals beside it', 'NAME: first\nname: second\n')
yaml('name twice', 'name: first\nname: second\n')
yaml('name merged', 'x: &x {name: merged}\n<<: *x\n')
yaml('two documents', 'name: demo\n---\nname: other\n')
yaml('second document broken', 'name: demo\n---\n[\n')
yaml('first document empty', '---\n---\nname: demo\n')
yaml('JSON', '{"name":"demo","version":"0.1.0"}')
yaml('a list', '- name: demo\n')
yaml('a string', 'demo\n')
yaml('not YAML', 'name: [\n')
yaml('tabs for indentation', 'maintainers:\n\t- name: x\nname: demo\n')
yaml('a byte order mark', '\ufeffname: demo\n')
yaml('UTF-16', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('name: demo\n', 'utf16le')]))
yaml('not UTF-8', Buffer.from('name: demo\ndescription: \xff\n', 'latin1'))
yaml('a control character', 'name: demo\ndescription: a\x01b\n')
yaml('CRLF', 'name: demo\r\nversion: 1.0.0\r\n')
yaml('CR', 'name: demo\rversion: 1.0.0\r')
yaml('deprecated a string', 'name: demo\ndeprecated: "yes"\n')
yaml('deprecated yes', 'name: demo\ndeprecated: yes\n')
yaml('keywords a string', 'name: demo\nkeywords: a\n')
yaml('keywords numbers', 'name: demo\nkeywords: [1, true, 1.5]\n')
yaml('maintainers strings', 'name: demo\nmaintainers: [a]\n')
yaml('annotations nested', 'name: demo\nannotations: {a: {b: c}}\n')
yaml('annotations numbers', 'name: demo\nannotations: {a: 1, 2: true}\n')
yaml('dependencies a map', 'name: demo\ndependencies: {a: b}\n')
yaml('unknown keys of any kind', 'name: demo\nfoo: {bar: [1, {x: ~}]}\n')
yaml('unknown key not a number', 'name: demo\nfoo: .nan\n')
yaml('null key', 'name: demo\n~: x\n')
yaml('list as key', 'name: demo\n? [a]\n: x\n')
yaml('an alias to nothing', 'name: *x\n')
yaml('an alias to itself', 'name: demo\nx: &x [*x]\n')
yaml(
  'a billion laughs',
  `name: demo\na0: &a0 [x,x,x,x,x,x,x,x,x]\n${Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(',')}]\n`).join('')}`,
)
yaml('nested without end', `name: demo\nx: ${'['.repeat(20_000)}\n`)
yaml('unknown tag', 'name: !foo demo\n')
yaml('a tag that does not fit', 'name: !!int demo\n')
yaml('binary', 'name: !!binary ZGVtbw==\n')
yaml('YAML directive', '%YAML 1.1\n---\nname: demo\n')
yaml('block scalar', 'name: |-\n  demo\ndescription: >\n  a\n  b\n')
yaml('a megabyte of comment', `name: demo\n#${'c'.repeat(MIB)}\n`, {
  stricter: 'reading it would take more memory than a chart',
})

// --- limits ---------------------------------------------------------------------------------------------------------
const zeros = (length: number): Buffer => Buffer.alloc(length)
add('limit: a file of exactly 5 MiB', () => chart(file('demo/big', zeros(5 * MIB))))
add('limit: a file of a byte more', () => chart(file('demo/big', zeros(5 * MIB + 1))))
add('limit: a file of 5 MiB with a byte order mark', () =>
  chart(file('demo/big', Buffer.concat([utf8('\ufeff'), zeros(5 * MIB - 3)]))),
)
const total = (sum: number): Buffer => {
  const parts: Buffer[] = []
  let left = sum - CHART_YAML.length
  for (let i = 0; left > 0; i++) {
    const length = Math.min(left, 5 * MIB)
    parts.push(file(`demo/f${i}`, zeros(length)))
    left -= length
  }
  return chart(...parts)
}
add('limit: a byte less than 100 MiB', () => total(100 * MIB - 1), { large: true })
add('limit: exactly 100 MiB', () => total(100 * MIB), { large: true })
add('limit: a byte more than 100 MiB', () => total(100 * MIB + 1), { large: true })
add(
  'limit: the same names over and over',
  () => {
    const one = file('demo/same', zeros(5 * MIB))
    return chart(...Array.from({ length: 21 }, () => one))
  },
  { large: true },
)
add('limit: a size that is a lie', () => chart(header({ name: 'demo/x', size: 99 * MIB })))
add('limit: a size of 8 GiB', () => chart(header({ name: 'demo/x', size: base256(8n << 30n, 12) })))
add('limit: a skipped directory with a size of 8 GiB', () =>
  chart(header({ name: 'demo/x', mode: 0o40755, size: base256(8n << 30n, 12) })),
)

/** Archives by name, each built when asked for. More than 150; `test/e2e/archives.test.ts` runs them all past helm. */
export const evilArchives: readonly EvilArchive[] = all
