import { rmSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { sourcesOfCopies } from '../../src/bridge/chartify-copy.ts'
import { Bed } from './bed.ts'

const nothing = { require: false, verify: false }
const sources = (bed: Bed, copy: string, asked = nothing) => {
  const { origins, others } = sourcesOfCopies(bed.paths, [copy], asked, bed.env)
  const directories = (found: typeof origins) => found.map(({ directory }) => directory.replace(`${bed.root}/`, ''))
  return { origins: directories(origins), others: directories(others) }
}

describe('where nothing is verified, a copy may have been made of', () => {
  it('the charts of its name and version in helmfile’s cache', () => {
    const bed = new Bed()
    bed.unpacked('cache/r/demo/0.1.0/demo')
    bed.unpacked('cache/other/demo/0.1.0/demo', { verified: false })
    bed.unpacked('cache/r/demo/0.2.0/demo', { version: '0.2.0' })
    bed.unpacked('elsewhere/demo')
    expect(sources(bed, bed.chart('copy'))).toEqual({
      origins: [],
      others: ['cache/other/demo/0.1.0/demo', 'cache/r/demo/0.1.0/demo'],
    })
  })

  it('one that goes by that name only now', () => {
    const bed = new Bed()
    bed.unpacked('cache/r/demo/0.1.0/demo')
    bed.chart('cache/r/demo/0.1.0/demo', 'spoofed')
    expect(sources(bed, bed.chart('copy', 'spoofed')).others).toEqual(['cache/r/demo/0.1.0/demo'])
  })

  it('one elsewhere, only if none is in the cache', () => {
    const bed = new Bed()
    bed.unpacked('elsewhere/demo')
    expect(sources(bed, bed.chart('copy')).others).toEqual(['elsewhere/demo'])
  })

  it('none that is gone, and none where it is the user’s own', () => {
    const bed = new Bed()
    rmSync(bed.unpacked('cache/r/demo/0.1.0/demo'), { recursive: true })
    bed.unpacked('cache/r/other/0.1.0/other', { name: 'other' })
    expect(sources(bed, bed.chart('copy')).others).toEqual([])
    expect(sources(bed, bed.at('no chart')).others).toEqual([])
  })
})

describe('where something is verified, a copy stands for', () => {
  const verify = { require: false, verify: true }
  const require = { require: true, verify: false }

  it('the newest chart of its name and version', () => {
    const bed = new Bed()
    const copy = bed.chart('copy')
    bed.unpacked('cache/old/demo', { at: '2026-01-01T00:00:00.000Z' })
    bed.unpacked('cache/new/demo', { at: '2026-01-02T00:00:00.000Z' })
    for (const asked of [verify, require]) {
      const { origins, others } = sourcesOfCopies(bed.paths, [copy], asked, bed.env)
      expect(origins).toMatchObject([
        { directory: copy, physical: copy, receipt: { directory: bed.at('cache/new/demo') } },
      ])
      expect(others).toEqual([])
    }
  })

  it('nothing, if it is the user’s own; but then all in helmfile’s cache has to be as it was pulled', () => {
    const bed = new Bed()
    const copy = bed.chart('copy', 'own')
    bed.unpacked('cache/r/demo/0.1.0/demo', { verified: false })
    expect(sources(bed, copy, verify)).toEqual({ origins: [], others: [] })
    const { origins, others } = sourcesOfCopies(bed.paths, [copy], require, bed.env)
    expect([origins, others]).toMatchObject([[], [{ receipt: { verified: true } }]])
  })

  it('nothing that could be used, where helmfile’s cache has a chart without a receipt', () => {
    const bed = new Bed()
    const copy = bed.chart('copy', 'own')
    bed.chart('cache/r/demo/0.1.0/demo')
    expect(() => sources(bed, copy, require)).toThrow(/lies in helmfile's cache/)
    expect(sources(bed, copy, verify)).toEqual({ origins: [], others: [] })
  })
})
