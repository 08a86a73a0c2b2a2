// node scripts/fuzz/command-lines.ts [--runs N] [--seconds N] [--seed S] [--bin FOLDER]
// Compares how command lines are read with the real cobra and pflag. Exits with 1 if they ever differ.
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { compareLines, subjects } from './command-lines/run.ts'

const { values } = parseArgs({
  options: { runs: { type: 'string' }, seconds: { type: 'string' }, seed: { type: 'string' }, bin: { type: 'string' } },
})
const seconds = Number(values.seconds ?? 0)
const runs = Number(values.runs ?? (seconds ? Infinity : 10_000))
const firstSeed = Number(values.seed ?? Date.now() % 1_000_000)
const bin = values.bin ?? join(import.meta.dirname, '../../.tools/bin')
const batch = 5_000

const all = await subjects(bin)
const until = seconds ? Date.now() + seconds * 1000 : Infinity
for (let done = 0, seed = firstSeed; done < runs && Date.now() < until; done += batch, seed++) {
  for (const subject of all) {
    const { lines, kinds, left, edits, wrong } = await compareLines(subject, all, Math.min(batch, runs - done), seed)
    const share = Object.entries({ ...kinds, edited: edits.done, 'edits refused': edits.refused }).map(
      ([kind, count]) => `${kind} ${count}`,
    )
    const reasons = Object.entries(left).map(([why, count]) => `${why} ${count}`)
    console.log(
      `${subject.name} seed ${seed}: ${lines} lines: ${share.join(', ')}${reasons.length ? `; left: ${reasons.join(', ')}` : ''}`,
    )
    for (const line of wrong.slice(0, 20)) console.log(`  wrong: ${line}`)
    if (wrong.length > 0) process.exitCode = 1
  }
}
