import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import type { HelmFlags } from '../../flags/collect.ts'

/** What tools/pflag-oracle prints for a line; `error` alone if helm's parser refuses it or gives help. */
export interface OracleReading {
  readonly error?: string
  readonly command?: string
  readonly flags?: readonly (readonly [name: string, value: string])[]
  /** The global flags that helm finds before it knows the command. */
  readonly early?: readonly (readonly [name: string, value: string])[]
  readonly positionals?: readonly string[]
  /** How many positionals stand before `--`; -1 without one. */
  readonly dash: number
}

/**
 * Has the real cobra and pflag read command lines with one helm's commands and flags.
 * @param oracle the program built from tools/pflag-oracle, or tools/pflag-oracle-3.7
 * @throws Error when it fails
 */
export async function askOracle(
  oracle: string,
  helm: HelmFlags,
  lines: readonly (readonly string[])[],
): Promise<OracleReading[]> {
  const child = spawn(oracle, { stdio: 'pipe' })
  const ended = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve))
  child.stdin.end([helm, ...lines].map((line) => JSON.stringify(line)).join('\n'))
  const [output, errors, code] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  const readings = output
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as OracleReading)
  if (code !== 0 || readings.length !== lines.length)
    throw new Error(`pflag-oracle ended with ${code}, after ${readings.length} of ${lines.length} lines: ${errors}`)
  return readings
}
