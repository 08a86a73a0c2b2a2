import { escapeName } from '../../messages/text.ts'
import type { CheckedChart } from './check-chart.ts'

/** The version of what `--json` prints; a new field does not change it. */
export const jsonFormat = 1

/** What `check --json` prints for one chart. (pure) */
export function asJson(value: object): string {
  return `${JSON.stringify({ format: jsonFormat, ...value }, undefined, 2)}\n`
}

/** What `check` prints of one chart. (pure) */
export function describeChart(chart: CheckedChart): string {
  const { reference, repository, version, archive, digest, provenance, signers, key, signedAs, error } = chart
  const words = { true: 'there is one', false: 'there is none', null: '?' }[String(provenance) as 'true']
  const rows: (readonly [string, string | null])[] = [
    ['version', version],
    ['repository', repository],
    ['archive', archive],
    ['hash', digest],
    ['provenance', words],
    ['signed by', signers.length > 0 ? signers.join(', ') : null],
    ['key', key],
    ['signed as', signedAs],
    ['keyring', chart.keyring],
    ['verified', chart.status === 'verified' ? 'yes' : `no: ${chart.why ?? '?'}`],
    ['helm says', error],
    ['next', chart.next],
  ]
  return [
    escapeName(reference),
    ...rows.flatMap(([name, value]) => (value === null ? [] : [`  ${name.padEnd(12)}${escapeName(value)}`])),
    '',
  ].join('\n')
}
