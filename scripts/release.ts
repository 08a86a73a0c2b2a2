import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { targets } from './executables/targets.ts'
import { makeRelease } from './release/make.ts'

/** `npm run release [-- TARGET… --out FOLDER]`, after `npm run build`: the files of a release, in dist/release. */
const root = join(import.meta.dirname, '..')
const { values, positionals } = parseArgs({ allowPositionals: true, options: { out: { type: 'string' } } })
const out = values.out ?? join(root, 'dist/release')
await makeRelease(
  root,
  targets.filter(({ name }) => positionals.length === 0 || positionals.includes(name)),
  out,
)
process.stdout.write(readFileSync(join(out, 'SHA256SUMS')))
