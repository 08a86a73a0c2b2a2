// Mutates hostile archives and checks that unpacking keeps its promises. `--seconds N` or `--runs N`, and `--seed S` to
// repeat a run; exits 1 with the seed and the archive at the first promise that is broken.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Random, mutatedArchive } from '../../test/helpers/evil-archives-mutate.ts'
import { brokenPromise } from '../../test/helpers/evil-archives-properties.ts'

const { values } = parseArgs({
  options: { seconds: { type: 'string' }, runs: { type: 'string' }, seed: { type: 'string' } },
})
const seed = Number(values.seed ?? Date.now() % 2 ** 31)
const runs = Number(values.runs ?? (values.seconds === undefined ? 5000 : Infinity))
const until = performance.now() + Number(values.seconds ?? Infinity) * 1000

const scratch = mkdtempSync(join(tmpdir(), 'hvs-fuzz-'))
let done = 0
let unpacked = 0
try {
  for (; done < runs && performance.now() < until; done++) {
    // Each run has its own numbers, so that `--seed` with the failing run's number and `--runs 1` repeats it.
    const archive = mutatedArchive(new Random(seed + done))
    const work = join(scratch, 'work')
    mkdirSync(work)
    const result = await brokenPromise(archive, work)
    rmSync(work, { recursive: true })
    if (result.unpacked) unpacked++
    if (result.broken !== undefined) {
      const kept = join(tmpdir(), `hvs-fuzz-${seed + done}.tgz`)
      writeFileSync(kept, archive)
      console.error(`archives: ${result.broken}\nrepeat with --seed ${seed + done} --runs 1; the archive is ${kept}`)
      process.exitCode = 1
      break
    }
  }
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
console.log(`archives: ${done} runs from seed ${seed}, ${unpacked} unpacked`)
