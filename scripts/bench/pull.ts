import { rmSync } from 'node:fs'
import { makeChart, type ChartOptions } from '../../test/helpers/charts.ts'
import type { Registry } from '../../test/helpers/registry.ts'
import type { Sandbox } from '../../test/helpers/sandbox.ts'
import type { Signers } from '../../test/helpers/signers.ts'
import { helms } from '../../test/helpers/tools.ts'
import { medians, ratio } from './measure.ts'
import type { Row } from './table.ts'

interface Case {
  readonly name: string
  readonly options: ChartOptions
  readonly rounds: number
  readonly most: number
}

const cases: readonly Case[] = [
  { name: 'small', options: {}, rounds: 20, most: 1.6 },
  { name: 'large', options: { mebibytes: 40 }, rounds: 8, most: 1.05 },
]

/** A split pull against helm's own `pull --untar --verify`, from a registry on loopback. */
export async function benchPull(sandbox: Sandbox, registry: Registry, signers: Signers): Promise<Row[]> {
  const rows: Row[] = []
  for (const { name, options, rounds, most } of cases) {
    await registry.push(await makeChart(sandbox.at('charts'), name, 'signed', signers, options))
    for (const helm of helms) {
      const timed = (shim: boolean) => ({
        command: ['helm', ...pullLine(registry, signers, name, sandbox.at('pulled'))] as const,
        env: sandbox.withHelm(helm, shim),
        cwd: sandbox.root,
        before: () => {
          rmSync(sandbox.at('pulled'), { recursive: true, force: true })
        },
      })
      const { split, own } = await medians({ split: timed(true), own: timed(false) }, rounds)
      const size = options.mebibytes === undefined ? 'small chart' : `${options.mebibytes} MiB`
      rows.push(ratio(`${helm}, ${size}: split pull ÷ helm's own`, split, own, most))
    }
  }
  return rows
}

/** The words of a pull that unpacks. */
export function pullLine(registry: Registry, signers: Signers, chart: string, to: string): string[] {
  const reference = `oci://${registry.host}/charts/${chart}`
  return [
    'pull',
    reference,
    '--untar',
    '-d',
    to,
    '--verify',
    '--keyring',
    signers.keyring,
    '--ca-file',
    registry.caFile,
  ]
}
