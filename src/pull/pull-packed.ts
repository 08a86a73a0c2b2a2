import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Positional } from '../argv/line.ts'
import type { Interruption } from '../helm/interrupt.ts'
import { run } from '../helm/run.ts'
import { say, write } from '../messages/say.ts'
import { ShimError } from '../messages/shim-error.ts'
import { hidePassword, quote } from '../messages/text.ts'
import { packedArgv, type PullPlan } from '../plan/pull.ts'
import { HeldError, splitReports, withoutProvWarning, withoutSecondReport } from './helm-output.ts'

/** What came of a packed pull by helm. */
export interface PackedPull {
  readonly code: number
  /** What helm 4 says to stdout while it pulls: it is shown even where the pull fails then. */
  readonly reports: Buffer
  /** What else helm's own command would have printed to stdout. It is printed once the chart is unpacked, as helm does. */
  readonly stdout: Buffer
  /** helm's closing `Error: …`, where it was held back. */
  readonly heldError: Buffer
  /** The packed chart. Where helm refused to verify it, it is there too: pulled, but not verified. */
  readonly packed: string | undefined
  /** Whether a provenance file lies beside it. */
  readonly provenance: boolean
}

/**
 * Has helm pull one reference, packed, into `folder` (private and empty), and verify it if the plan says so. helm's
 * stderr is passed on as it comes, less what only our `--prov` makes it say, and less its closing error when it
 * verifies, which the caller has to print.
 * @param show where helm's stderr goes
 * @throws ShimError where helm cannot be started, was killed, or left no chart
 */
export async function pullPacked(
  helm: string,
  plan: PullPlan,
  reference: Positional,
  folder: string,
  keyring: string | undefined,
  interruption: Interruption,
  show: (bytes: Buffer) => void = (bytes) => void write(2, bytes),
): Promise<PackedPull> {
  const held = new HeldError()
  const ended = await run(helm, packedArgv(plan, reference, folder, keyring), {
    stderr: plan.verify || plan.addsProv ? 'pipe' : 'inherit',
    interruption,
    ...(plan.verify
      ? {
          onStderr: (chunk: Buffer) => {
            show(held.take(chunk))
          },
        }
      : {}),
  })
  if (plan.addsProv) show(withoutSecondReport(ended.stderr))
  // A last line without an end is no error of helm's, where helm did not fail.
  if (ended.code === 0) show(held.rest)
  const chart = quote(hidePassword(reference.value))
  if (ended.failure !== undefined) throw new ShimError('no-helm', `the real helm cannot be run: ${ended.failure}`)
  if (ended.signal) {
    // Said here, since we are about to die by the same signal. Where it came to us first, nobody has to be told.
    if (!interruption.received) {
      say(`helm was ended by ${ended.signal} while it pulled ${chart}; nothing was unpacked.`)
    }
    interruption.received ??= ended.signal
    throw new ShimError('helm-failed', `helm was ended by ${ended.signal}`)
  }
  const files = readdirSync(folder)
  const packed = files.find((file) => !file.endsWith('.prov') && !file.endsWith('.lock'))
  if (ended.code === 0 && packed === undefined) {
    throw new ShimError(
      'helm-failed',
      `helm pulled ${chart} without an error, but left no chart; nothing was unpacked.`,
    )
  }
  const said = splitReports(plan.addsProv ? withoutSecondReport(withoutProvWarning(ended.stdout)) : ended.stdout)
  return {
    code: ended.code,
    reports: said.reports,
    stdout: said.rest,
    heldError: held.rest,
    packed: packed === undefined ? undefined : join(folder, packed),
    provenance: packed !== undefined && files.includes(`${packed}.prov`),
  }
}
