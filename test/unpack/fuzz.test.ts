import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { Random, mutatedArchive } from '../helpers/evil-archives-mutate.ts'
import { brokenPromise } from '../helpers/evil-archives-properties.ts'

const RUNS = 3000
const seed = Number(process.env['FUZZ_SEED'] ?? 20_000_000)
const scratch = mkdtempSync(join(tmpdir(), 'hvs-fuzz-test-'))

afterAll(() => {
  rmSync(scratch, { recursive: true, force: true })
})

it('no mutated archive writes outside its target, leaves anything when refused, breaks a limit or crashes', async () => {
  let unpacked = 0
  for (let run = 0; run < RUNS; run++) {
    const result = await brokenPromise(mutatedArchive(new Random(seed + run)), scratch)
    expect(result.broken, `repeat with: node scripts/fuzz/archives.ts --runs 1 --seed ${seed + run}`).toBeUndefined()
    if (result.unpacked) unpacked++
  }
  // A fuzzer whose archives are all refused, or all unpacked, tests little.
  expect(unpacked).toBeGreaterThan(RUNS / 20)
  expect(unpacked).toBeLessThan(RUNS / 2)
}, 300_000)
