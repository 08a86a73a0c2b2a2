import { rmSync } from 'node:fs'
import { expect, it } from 'vitest'
import { refuseStrangers } from '../../src/bridge/strangers.ts'
import { findReceipts } from '../../src/store/find.ts'
import { Bed } from './bed.ts'

const cases: readonly (readonly [string, (bed: Bed) => string, usual: boolean, required: boolean])[] = [
  ['an unpacked chart', (bed) => bed.unpacked('cache/r/demo/0.1.0/demo'), true, true],
  ['a chart of the user’s own', (bed) => bed.chart('own'), true, true],
  ['one beside a chart that was unpacked elsewhere', (bed) => beside(bed, 'charts/demo', 'charts/other'), true, true],
  ['one that somebody else put into the cache', (bed) => bed.chart('cache/r/demo/0.1.0/demo'), true, false],
  ['one beside a verified chart', (bed) => beside(bed, 'cache/r/demo/1/demo', 'cache/r/demo/1/other'), false, false],
  ['one above a verified chart', (bed) => beside(bed, 'cache/r/demo/1/demo', 'cache/r/demo/1'), false, false],
  ['another version', (bed) => beside(bed, 'cache/r/demo/1/demo', 'cache/r/demo/2/demo'), true, false],
  [
    'one beside a chart that was not verified',
    (bed) => beside(bed, 'cache/r/demo/1/demo', 'cache/r/demo/1/other', false),
    true,
    false,
  ],
  [
    'one in the place of a verified chart that is gone',
    (bed) => {
      const other = beside(bed, 'cache/r/demo/1/demo', 'cache/r/demo/1/other')
      rmSync(bed.at('cache/r/demo/1/demo'), { recursive: true })
      return other
    },
    false,
    false,
  ],
]

function beside(bed: Bed, path: string, other: string, verified = true): string {
  bed.unpacked(path, { verified })
  return bed.chart(other, 'other')
}

it.each(cases)('%s: used %s, or with REQUIRE', (_, make, usual, required) => {
  const bed = new Bed()
  const directory = make(bed)
  const named = [{ given: directory, directory, index: 2, receipts: findReceipts(bed.paths, directory) }]
  for (const [require, used] of [
    [false, usual],
    [true, required],
  ] as const) {
    const refuse = () => {
      refuseStrangers(named, require, bed.env)
    }
    if (used) expect(refuse).not.toThrow()
    else expect(refuse).toThrow(/lies in helmfile's cache/)
  }
})
