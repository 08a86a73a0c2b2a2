// node scripts/flags.ts [HELM…]          writes src/argv/flag-table.ts from these helms, or those in .tools/bin
// node scripts/flags.ts --json HELM      prints one helm's commands and flags, as tools/pflag-oracle reads them
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execFileSync } from 'node:child_process'
import { format, resolveConfig } from 'prettier'
import { collectFlags, helmEnv } from './flags/collect.ts'
import { mergeFlags, renderTable } from './flags/table.ts'

const words = process.argv.slice(2)
const named = words.filter((word) => word !== '--json')
const bin = join(import.meta.dirname, '../.tools/bin')
const helms = named.length > 0 ? named : ['helm3.7', 'helm3', 'helm4'].map((name) => join(bin, name))
const home = mkdtempSync(join(tmpdir(), 'helm-flags-'))
try {
  const collected = []
  for (const helm of helms) collected.push(await collectFlags(helm, home))
  if (words.includes('--json')) process.stdout.write(JSON.stringify(collected[0]) + '\n')
  else {
    const ask = { env: helmEnv(home), stdio: 'pipe' } as const
    const versions = helms.map((helm) => execFileSync(helm, ['version', '--template', '{{.Version}}'], ask).toString())
    const file = join(import.meta.dirname, '../src/argv/flag-table.ts')
    const style = await resolveConfig(file)
    writeFileSync(file, await format(renderTable(mergeFlags(collected), versions), { ...style, parser: 'typescript' }))
  }
} finally {
  rmSync(home, { recursive: true })
}
