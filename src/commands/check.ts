import { Interruption } from '../helm/interrupt.ts'
import { write } from '../messages/say.ts'
import { ShimError } from '../messages/shim-error.ts'
import { readSettings } from '../settings.ts'
import { checkChart, type CheckContext, type ChartRequest } from './check/check-chart.ts'
import { realHelm } from './check/real-helm.ts'
import { asJson, describeChart } from './check/report.ts'
import type { Command, CommandInput } from './command.ts'

const pullStrings = ['version', 'repo', 'ca-file', 'cert-file', 'key-file', 'username', 'password']
const pullBooleans = ['devel', 'insecure-skip-tls-verify', 'pass-credentials', 'plain-http']

/** `check REF`, `check --helmfile FILE`: does it verify here and now, who signed it, and if not, why. */
export const check: Command = {
  booleans: ['json', ...pullBooleans],
  strings: ['keyring', ...pullStrings, 'helmfile', 'environment'],
  aliases: { e: 'environment' },
  words: 1,
  async run(input) {
    const { options, words, env } = input
    const request = requestOf(input)
    const helmfile = text(options['helmfile'])
    if (request && helmfile !== undefined) throw misuse('check takes a chart or --helmfile, not both')
    if (helmfile === undefined && options['environment'] !== undefined)
      throw misuse('check takes --environment only with --helmfile')
    if (helmfile === undefined && !request) throw misuse('check takes a chart, or --helmfile')
    if (helmfile !== undefined && Object.keys(pullFlags(options)).length > 0)
      throw misuse('check --helmfile takes versions, repositories and credentials from helmfile')
    const interruption = new Interruption()
    try {
      const context = { helm: realHelm(env), settings: readSettings(env), env, interruption }
      if (request) return await checkOne(request, context, options['json'] === true)
      const { checkHelmfile } = await import('./check/check-helmfile.ts')
      const asked = { file: helmfile ?? words[0] ?? '', environment: text(options['environment']) }
      return await checkHelmfile({ ...asked, keyring: text(options['keyring']) }, context, options['json'] === true)
    } finally {
      interruption.settle()
    }
  },
}

async function checkOne(request: ChartRequest, context: CheckContext, json: boolean): Promise<number> {
  const { checked, code, stderr } = await checkChart(request, context)
  if (json) write(1, asJson(checked))
  if (checked.status === 'not-pulled') {
    write(2, stderr)
    return code
  }
  if (!json) write(1, describeChart(checked))
  return checked.status === 'verified' ? 0 : 1
}

function requestOf({ words, options }: CommandInput): ChartRequest | undefined {
  const [reference] = words
  return reference === undefined
    ? undefined
    : { reference, flags: pullFlags(options), keyring: text(options['keyring']) }
}

function pullFlags(options: CommandInput['options']): Record<string, string | true> {
  const strings = pullStrings.flatMap((name) => {
    const value = text(options[name])
    return value === undefined ? [] : [[name, value] as const]
  })
  const booleans = pullBooleans.flatMap((name) => (options[name] === true ? [[name, true] as const] : []))
  return Object.fromEntries<string | true>([...strings, ...booleans])
}

function text(option: unknown): string | undefined {
  return typeof option === 'string' ? option : undefined
}

function misuse(what: string): ShimError {
  return new ShimError('usage', `${what}.`, ['next: helm-verify-shim check --help'])
}
