import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { MatrixBed } from '../test/helpers/matrix-bed.ts'
import { aFewAtATime, cellsOf, verbsOf } from '../test/helpers/matrix-cells.ts'
import { fronts } from '../test/helpers/matrix-rules.ts'
import { runCell, type Result } from '../test/helpers/matrix-run.ts'
import { matrixTable } from '../test/helpers/matrix-table.ts'
import { buildTools } from './tools.ts'

/**
 * `npm run matrix [-- FILE]`: runs the matrix (helmfile × helm × source × what is wrong × with and without the shim),
 * says what did not come as the rules have it, and writes the table into FILE or to stdout. Takes some minutes; with
 * `--all`, every cell with every verb, about half an hour on two cores.
 */
const extent = process.argv.includes('--all') ? 'all' : 'some'
const file = process.argv.slice(2).find((word) => !word.startsWith('-'))
await buildTools()
execFileSync(process.execPath, [join(import.meta.dirname, 'build.ts')], { stdio: 'inherit' })
const bed = await new MatrixBed().start()
const results: Result[] = []
try {
  for (const front of fronts) {
    const began = Date.now()
    const run = async (cell: Result['cell']) => await runCell(bed, cell, verbsOf(cell, extent))
    const came = (await aFewAtATime(cellsOf(front, extent), run)).flat()
    results.push(...came)
    console.error(`${front}: ${came.length} runs in ${Math.round((Date.now() - began) / 1000)} s`)
  }
} finally {
  await bed.stop()
}
for (const { cell, verb, expected, surprises } of results.filter(({ surprises }) => surprises.length > 0)) {
  console.error(`${Object.values(cell).join(' | ')} | ${verb}: ${expected.why}\n  ${surprises.join('\n  ')}`)
  process.exitCode = 1
}
if (file === undefined) console.log(matrixTable(results))
else writeFileSync(file, matrixTable(results))
