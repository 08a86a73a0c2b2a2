import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MatrixBed } from '../helpers/matrix-bed.ts'
import { aFewAtATime, cellsOf, verbsOf } from '../helpers/matrix-cells.ts'
import { fronts } from '../helpers/matrix-rules.ts'
import { runCell, type Result } from '../helpers/matrix-run.ts'
import { matrixTable } from '../helpers/matrix-table.ts'

// {helmfile 0.167.1, 1.8.0} × {helm 3, helm 4} × {OCI, classic, both through chartify} × what can be wrong, each really
// run against a registry and an API server. What has to come of a cell is computed in matrix-rules.ts.
let bed: MatrixBed
const results: Result[] = []

beforeAll(async () => {
  bed = await new MatrixBed().start()
})

afterAll(async () => {
  await bed.stop()
})

describe.each(fronts)('%s', (front) => {
  it('deploys what the rules say, and leaves nothing of what is refused', { timeout: 900_000 }, async () => {
    const run = async (cell: Result['cell']) => await runCell(bed, cell, verbsOf(cell, 'some'))
    const came = (await aFewAtATime(cellsOf(front, 'some'), run)).flat()
    results.push(...came)
    const surprises = came.filter(({ surprises }) => surprises.length > 0)
    expect(surprises).toEqual([])
    // Neither all nor nothing.
    expect(came.some(({ good }) => good)).toBe(true)
    expect(came.some(({ good }) => !good)).toBe(true)
  })
})

it('differs from helm alone only where helm could not verify, or nobody looked', () => {
  const verdicts = matrixTable(results)
  console.log(verdicts)
  expect(verdicts).toContain('cannot verify → **deployed**')
  expect(verdicts).toContain('deployed → **refused**')
  expect(verdicts).not.toContain('refused → **deployed**')
})
