import { realpathSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { lastValue } from '../argv/read.ts'
import { say } from '../messages/say.ts'
import { reasonOf } from '../messages/shim-error.ts'
import { hidePassword, quote } from '../messages/text.ts'
import { digestOf } from '../store/digest.ts'
import { forgetOtherWays } from '../store/forget.ts'
import { statePaths, type StatePaths } from '../store/paths.ts'
import { prune } from '../store/prune.ts'
import { saveReceipt } from '../store/save.ts'
import type { UnpackedChart } from '../unpack/unpack-chart.ts'
import { readSignature } from './helm-output.ts'
import type { PullRequest } from './pull-request.ts'

/**
 * Keeps the packed chart and the receipt of the directory that was unpacked from it. A state folder that cannot be
 * written does not fail the pull: it costs the later checks, which a warning says.
 */
export async function keep(
  request: PullRequest,
  pulled: { readonly packed: string; readonly provenance: boolean; readonly stdout: Buffer },
  chart: UnpackedChart,
): Promise<void> {
  const { plan, reference, env } = request
  const paths = statePaths(env)
  const repository = lastValue(plan.line, 'repo')
  const directory = realpathSync(chart.directory)
  try {
    if (!paths) throw new Error('neither XDG_STATE_HOME nor HOME names a folder for it')
    const packed = plan.verify || !pulled.provenance ? pulled.packed : await keptName(pulled.packed, request)
    const signature = plan.verify ? readSignature(pulled.stdout.toString()) : undefined
    saveReceipt(
      paths,
      {
        directory,
        reference: hidePassword(reference.value),
        repository: repository === undefined ? undefined : hidePassword(repository),
        name: chart.name,
        version: chart.version,
        digest: signature?.digest ?? (await digestOf(packed)),
        archive: basename(packed),
        provenance: pulled.provenance,
        verified: plan.verify,
        signers: signature?.signers ?? [],
        fingerprint: signature?.fingerprint,
        keyring: plan.keyring === undefined ? undefined : resolve(plan.keyring),
        unpackedAt: new Date().toISOString(),
      },
      packed,
    )
    forgetOtherWays(paths, chart.directory, directory)
    pruneWherePossible(paths)
  } catch (error) {
    say(
      `warning: no receipt could be kept for ${quote(chart.directory)}: ${reasonOf(error)}`,
      'next: without it the directory cannot be verified or checked for changes later; make the state folder writable and pull again.',
    )
  }
}

/** What cannot be removed costs space, and nothing else. */
function pruneWherePossible(paths: StatePaths): void {
  try {
    prune(paths)
  } catch {
    // As said.
  }
}

/** So that helm can verify it later, a chart is kept under the name that its provenance lists it under. */
async function keptName(packed: string, { plan, reference, settings }: PullRequest): Promise<string> {
  const { renamePacked, signedNameOf } = await import('./under-signed-name.ts')
  const name = await signedNameOf(packed, plan, reference, settings)
  return name.kind === 'rename' || name.kind === 'alias' ? renamePacked(packed, name.to) : packed
}
