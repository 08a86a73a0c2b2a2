import { readFileSync, renameSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Positional } from '../argv/line.ts'
import { lastValue } from '../argv/read.ts'
import { run } from '../helm/run.ts'
import { say, write } from '../messages/say.ts'
import { hidePassword, quote } from '../messages/text.ts'
import type { PullPlan } from '../plan/pull.ts'
import { readAliases } from '../provenance/aliases.ts'
import { helmNameComplaint } from '../provenance/name-complaint.ts'
import { readProvenance } from '../provenance/read-provenance.ts'
import { signedName, type SignedName } from '../provenance/signed-name.ts'
import type { Settings } from '../settings.ts'
import { digestOf } from '../store/digest.ts'
import type { PullRequest } from './pull-request.ts'
import type { PackedPull } from './pull-packed.ts'

/** A packed pull that helm failed, looked at again. */
export interface LookedAgain {
  /** As it stands now. Where it still fails, `heldError` is helm's last word. */
  readonly pulled: PackedPull
  /** What was found out about the name; undefined where the name was not helm's complaint. */
  readonly name: SignedName | undefined
}

/**
 * Meets helm's complaint that the provenance does not list a chart under the name that it was pulled by, where the name
 * that was signed says the same: helm then verifies the chart under that name. Any other failure of helm's stands. What
 * helm says of it is printed, with our advice.
 * @param pulled a packed pull that helm failed, with the chart left in its folder where only the verification failed
 * @param note what else is known of the keyring
 * @returns the pull as it stands now
 */
export async function verifyUnderSignedName(
  request: PullRequest,
  pulled: PackedPull,
  keyring: string | undefined,
  note?: string,
): Promise<PackedPull> {
  const { pulled: now, name } = await lookAgain(request, pulled, keyring)
  if (now.code === 0) return now
  write(2, now.heldError)
  if (name?.kind === 'refuse') {
    const next =
      name.setting === undefined
        ? 'ask for the chart by the name and version that were signed.'
        : `if that repository is meant to serve this chart, set ${name.setting}`
    say(`${quote(hidePassword(request.reference.value))} is signed under another name: ${name.reason}. next: ${next}`)
  }
  say(...(await advise(request, now, note)))
  return now
}

/** As `verifyUnderSignedName`, but prints nothing. */
export async function lookAgain(
  { helm, plan, reference, settings, interruption }: PullRequest,
  pulled: PackedPull,
  keyring: string | undefined,
): Promise<LookedAgain> {
  const isName = pulled.packed !== undefined && pulled.provenance && helmNameComplaint(pulled.heldError.toString())
  if (!isName) return { pulled, name: undefined }
  const name = await signedNameOf(pulled.packed, plan, reference, settings)
  if (name.kind !== 'rename' && name.kind !== 'alias') return { pulled, name }
  const packed = renamePacked(pulled.packed, name.to)
  const args = ['verify', packed, ...(keyring === undefined ? [] : ['--keyring', keyring])]
  const { code, stdout, stderr } = await run(helm, args, { stdin: 'ignore', interruption })
  return {
    pulled: { ...pulled, code, packed, heldError: stderr, stdout: Buffer.concat([pulled.stdout, stdout]) },
    name,
  }
}

/** What we have to say after helm's error, where it was the verification that failed. */
async function advise(
  { plan, reference, env }: PullRequest,
  pulled: PackedPull,
  note: string | undefined,
): Promise<string[]> {
  const [{ adviceFor }, { diagnose }, { issuerOf }, { keyringInUse }, { keyringInWords }, { ownersOf }] =
    await Promise.all([
      import('../advice/advice.ts'),
      import('../advice/diagnose.ts'),
      import('../advice/issuer.ts'),
      import('../advice/keyring-in-use.ts'),
      import('../advice/keyring-in-words.ts'),
      import('../advice/owners.ts'),
    ])
  const fetched = pulled.packed !== undefined && pulled.provenance
  const words = pulled.heldError.toString()
  const failure = diagnose(words, fetched)
  if (failure === undefined) return []
  const issuer = fetched ? await issuerOf(readFileSync(`${pulled.packed}.prov`), run, env) : undefined
  const owners = failure === 'unknown-key' && (await ownersOf(issuer, keyringInUse(plan.keyring, env), run, env))
  const advice = adviceFor(words, fetched, {
    chart: reference.value,
    keyring: keyringInWords(plan.keyring, env),
    issuer,
    isInKeyring: Boolean(owners),
    note,
  })
  return [failure === 'keyring-format' ? undefined : note, advice].filter((one) => one !== undefined)
}

/**
 * Decides whether a packed chart that was pulled may go by the name that its provenance lists it under. It only reads:
 * who signed, and whether it is whole, is helm's to say.
 * @param packed the packed chart, with its provenance file beside it
 * @throws ShimError where HELM_VERIFY_SHIM_ALIAS is not well-formed
 */
export async function signedNameOf(
  packed: string,
  plan: PullPlan,
  reference: Positional,
  settings: Settings,
): Promise<SignedName> {
  return signedName({
    reference: reference.value,
    repo: lastValue(plan.line, 'repo'),
    version: lastValue(plan.line, 'version'),
    file: basename(packed),
    sha256: (await digestOf(packed)).replace('sha256:', ''),
    provenance: readProvenance(readFileSync(`${packed}.prov`, 'utf8')),
    aliases: readAliases(settings.alias ?? ''),
  })
}

/** Gives a packed chart and its provenance file another name in the same folder, and returns its new path. */
export function renamePacked(packed: string, to: string): string {
  const renamed = join(dirname(packed), to)
  renameSync(packed, renamed)
  renameSync(`${packed}.prov`, `${renamed}.prov`)
  return renamed
}
