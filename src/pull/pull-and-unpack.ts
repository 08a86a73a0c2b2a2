import { resolve } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { run } from '../helm/run.ts'
import { helmVersionOf, readsArmorAndKeybox } from '../helm/version.ts'
import { usableKeyring } from '../keyring/usable-keyring.ts'
import { write } from '../messages/say.ts'
import { ShimError } from '../messages/shim-error.ts'
import { escapeName, hidePassword } from '../messages/text.ts'
import { privateFolder } from '../private-folder.ts'
import { pullPacked, type PackedPull } from './pull-packed.ts'
import type { PullRequest } from './pull-request.ts'

/**
 * Pulls one reference packed, unpacks it, keeps the packed chart with a receipt, and prints what helm's own command
 * prints. What fails leaves the destination as it was, and no temporary folder.
 * @returns helm's exit code where helm failed, else 0
 * @throws ShimError where the chart cannot be unpacked
 */
export async function pullAndUnpack(request: PullRequest): Promise<number> {
  const { plan, reference, interruption } = request
  const temporary = privateFolder()
  try {
    const pulling = pull(request, temporary.path)
    const loading = loadWhileHelmIsPulling()
    const pulled = await pulling
    if (pulled.code !== 0 || pulled.packed === undefined) return pulled.code
    const { unpackChart, keep } = await loading
    const chart = await unpackChart({
      archive: pulled.packed,
      target: resolve(plan.target),
      targetAsGiven: plan.target,
      referenceName: reference.value.slice(reference.value.lastIndexOf('/') + 1),
      helmVersion: helmVersionOf(request.helm, run),
      signal: interruption.signal,
    }).catch((error: unknown) => {
      throw refused(request, error)
    })
    await keep(request, { ...pulled, packed: pulled.packed }, chart)
    write(1, pulled.stdout)
    return 0
  } finally {
    temporary.dispose()
  }
}

/** What only unpacking needs. It waits a turn, so that nothing stands between the keyring and the start of helm. */
async function loadWhileHelmIsPulling() {
  await setImmediate()
  const [unpack, keeping, { warmUp }] = await Promise.all([
    import('../unpack/unpack-chart.ts'),
    import('./keep.ts'),
    import('../unpack/warm-up.ts'),
  ])
  await warmUp()
  return { ...unpack, ...keeping }
}

/**
 * The packed pull, with a keyring that this helm can read; where helm only complains of the chart's name, it verifies
 * the chart under the name that was signed. What helm says of a failure is printed.
 */
async function pull(request: PullRequest, folder: string): Promise<PackedPull> {
  const { helm, plan, reference, env, interruption } = request
  const readsAll = readsArmorAndKeybox(helmVersionOf(helm, run))
  const converted = plan.verify
    ? await usableKeyring({ given: plan.keyring, env, readsArmorAndKeybox: readsAll })
    : undefined
  try {
    const keyring = converted?.path ?? plan.keyring
    const pulled = await pullPacked(helm, plan, reference, folder, keyring, interruption)
    write(1, pulled.reports)
    if (pulled.code === 0) return pulled
    const { verifyUnderSignedName } = await import('./under-signed-name.ts')
    return await verifyUnderSignedName(request, pulled, keyring, converted?.note)
  } finally {
    converted?.dispose()
  }
}

function refused({ reference }: PullRequest, error: unknown): unknown {
  if (!(error instanceof Error && error.name === 'UnpackError')) return error
  const chart = escapeName(hidePassword(reference.value))
  return new ShimError('chart-refused', `${chart}: ${error.message}; nothing was unpacked.`, [], error)
}
