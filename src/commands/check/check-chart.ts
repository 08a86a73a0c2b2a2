import { readFileSync } from 'node:fs'
import { resolve, basename } from 'node:path'
import { explain, type Explanation } from '../../advice/advice.ts'
import { diagnose, helmError, type Failure } from '../../advice/diagnose.ts'
import { issuerOf } from '../../advice/issuer.ts'
import { keyringInUse } from '../../advice/keyring-in-use.ts'
import { ownersOf } from '../../advice/owners.ts'
import { readHelmLine } from '../../argv/read.ts'
import type { Interruption } from '../../helm/interrupt.ts'
import { run } from '../../helm/run.ts'
import { helmVersionOf, readsArmorAndKeybox } from '../../helm/version.ts'
import { usableKeyring } from '../../keyring/usable-keyring.ts'
import { ShimError } from '../../messages/shim-error.ts'
import { hidePassword, quote } from '../../messages/text.ts'
import { privateFolder } from '../../private-folder.ts'
import { packedArgv, planPull, type PullPlan } from '../../plan/pull.ts'
import type { SignedName } from '../../provenance/signed-name.ts'
import { readSignature } from '../../pull/helm-output.ts'
import type { PullRequest } from '../../pull/pull-request.ts'
import { pullPacked, type PackedPull } from '../../pull/pull-packed.ts'
import { lookAgain } from '../../pull/under-signed-name.ts'
import type { Settings } from '../../settings.ts'
import { digestOf } from '../../store/digest.ts'
import { provWarning, saysThereIsNone } from './missing-provenance.ts'

/** A chart to check, in the words of `helm pull`. */
export interface ChartRequest {
  readonly reference: string
  /** Values of flags of `helm pull`, by their long names: `version`, `repo`, `ca-file`, … */
  readonly flags: Readonly<Record<string, string | true>>
  readonly keyring: string | undefined
}

/** What came of a check. This is what `--json` prints: fields are only ever added to it. */
export interface CheckedChart {
  readonly reference: string
  /** `--repo`, and the version that was asked for. */
  readonly repository: string | null
  readonly version: string | null
  readonly status: 'verified' | 'not-verified' | 'not-pulled'
  readonly reason: Failure | 'provenance-not-fetched' | null
  readonly why: string | null
  readonly next: string | null
  /** The packed chart's file name and hash. */
  readonly archive: string | null
  readonly digest: string | null
  /** Whether there is a provenance file; null where that is not known. */
  readonly provenance: boolean | null
  /** Whose signature is good, even if the chart was not verified for another reason. */
  readonly signers: readonly string[]
  /** The fingerprint or id of the key that signed, or that the signature names. */
  readonly key: string | null
  readonly keyring: string
  /** The name that helm verified it under, where that is not the one it was pulled by. */
  readonly signedAs: string | null
  /** helm's own error. */
  readonly error: string | null
}

export interface CheckContext {
  readonly helm: string
  readonly settings: Settings
  readonly env: NodeJS.ProcessEnv
  readonly interruption: Interruption
}

/** A check's outcome, with what the command needs besides. */
export interface Outcome {
  readonly checked: CheckedChart
  /** helm's exit code, and all that it said on stderr. */
  readonly code: number
  readonly stderr: string
}

/** Failures that helm reports after it has found the signature itself good. helm: pkg/provenance/sign.go Verify */
const goodSignature: readonly Failure[] = ['key-expired', 'key-revoked', 'signature-expired', 'altered', 'other-name']

/**
 * Has helm pull a chart, packed, into a private folder, and verify it, by the rules of the split pull; nothing is kept.
 * @throws ShimError where helm cannot be run, or its command line is none that helm would take
 */
export async function checkChart(request: ChartRequest, context: CheckContext): Promise<Outcome> {
  const { helm, settings, env, interruption } = context
  const plan = planOf(request, settings)
  const [reference] = plan.references
  if (!reference) throw new ShimError('usage', 'there is no chart to check.')
  const temporary = privateFolder()
  const usable = await usableKeyring({
    given: plan.keyring,
    env,
    readsArmorAndKeybox: readsArmorAndKeybox(helmVersionOf(helm, run)),
  })
  try {
    const keyring = usable.path ?? plan.keyring
    const said: Buffer[] = []
    const first = await pullPacked(helm, plan, reference, temporary.path, keyring, interruption, (bytes) => {
      said.push(bytes)
    })
    const whole: PullRequest = { ...context, plan, reference }
    const { pulled, name } =
      first.code === 0 ? { pulled: first, name: undefined } : await lookAgain(whole, first, keyring)
    const facts = {
      request,
      plan,
      whole,
      pulled,
      name,
      note: usable.note,
      keyring: resolve(keyringInUse(plan.keyring, env)),
    }
    return {
      checked: await describe(facts),
      code: pulled.code,
      stderr: Buffer.concat([...said, pulled.heldError]).toString(),
    }
  } finally {
    usable.dispose()
    temporary.dispose()
  }
}

function planOf({ reference, flags, keyring }: ChartRequest, settings: Settings): PullPlan {
  const words = Object.entries(flags).map(([name, value]) => (value === true ? `--${name}` : `--${name}=${value}`))
  const named = keyring === undefined ? [] : [`--keyring=${keyring}`]
  const reading = readHelmLine(['pull', ...words, ...named, '--untar', '--verify', '--', reference])
  const plan = reading.kind === 'read' ? planPull(reading.line, settings) : undefined
  if (plan) return plan
  const why = reading.kind === 'unread' ? `: ${reading.reason}` : ''
  throw new ShimError('usage', `helm would not pull ${quote(hidePassword(reference))} in these words${why}.`)
}

interface Facts {
  readonly request: ChartRequest
  readonly plan: PullPlan
  readonly whole: PullRequest
  readonly pulled: PackedPull
  readonly name: SignedName | undefined
  readonly note: string | undefined
  readonly keyring: string
}

async function describe(facts: Facts): Promise<CheckedChart> {
  const { request, pulled, name, keyring, whole } = facts
  const { packed, code } = pulled
  const base = {
    reference: hidePassword(request.reference),
    repository: typeof request.flags['repo'] === 'string' ? hidePassword(request.flags['repo']) : null,
    version: typeof request.flags['version'] === 'string' ? request.flags['version'] : null,
    archive: packed === undefined ? null : basename(packed),
    keyring,
    signedAs: code === 0 && (name?.kind === 'rename' || name?.kind === 'alias') ? name.to : null,
  }
  if (code === 0 && packed !== undefined) {
    const { signers, fingerprint, digest } = readSignature(pulled.stdout.toString())
    return {
      ...base,
      status: 'verified',
      reason: null,
      why: null,
      next: null,
      digest: digest ?? (await digestOf(packed)),
      provenance: true,
      signers,
      key: fingerprint ?? null,
      error: null,
    }
  }
  const words = pulled.heldError.toString()
  const error = helmError(words) ?? null
  const unsigned = { signers: [], key: null, error }
  const failure = packed === undefined ? undefined : diagnose(words, pulled.provenance)
  if (packed === undefined || failure === undefined) {
    const nothing = { reason: null, why: null, next: null, digest: null, provenance: null }
    return { ...base, ...nothing, ...unsigned, status: 'not-pulled' }
  }
  const digest = await digestOf(packed)
  if (failure === 'no-provenance') {
    return { ...base, ...unsigned, ...(await whyNoProvenance(facts)), status: 'not-verified', digest }
  }
  const issuer = await issuerOf(readFileSync(`${packed}.prov`), run, whole.env)
  const key = issuer?.fingerprint ?? issuer?.keyId ?? null
  const owners = await ownersOf(issuer, keyring, run, whole.env)
  const signers = goodSignature.includes(failure) ? (owners ?? []) : []
  const { why, next } = explainWith(
    facts,
    failure,
    explain(failure, { issuer, isInKeyring: owners !== undefined, note: facts.note }),
  )
  return {
    ...base,
    status: 'not-verified',
    reason: failure,
    why: failure === 'unknown-key' && !issuer ? `${why} (gpg is needed to say which key it is)` : why,
    next,
    digest,
    provenance: true,
    signers,
    key,
    error,
  }
}

/** What is known here, and not from helm's words: the rule on names. */
function explainWith({ name }: Facts, failure: Failure, general: Explanation): Explanation {
  if (failure === 'other-name' && name?.kind === 'refuse') {
    const { reason, setting } = name
    return setting === undefined
      ? { ...general, why: reason }
      : { why: reason, next: `if that repository is meant to serve this chart, set ${setting}` }
  }
  return general
}

/** helm says the same whether there is no provenance file or it could not be fetched: `--prov` makes it say more. */
async function whyNoProvenance({ plan, whole }: Facts) {
  const { helm, reference, interruption } = whole
  const temporary = privateFolder()
  try {
    const unverified = { ...plan, verify: false, addsProv: true, keyring: undefined }
    const { stdout } = await run(helm, packedArgv(unverified, reference, temporary.path), {
      stdin: 'ignore',
      interruption,
    })
    const warning = provWarning(stdout.toString())
    const general = explain('no-provenance', {})
    if (warning === undefined || !saysThereIsNone(warning)) {
      const why = `its provenance file could not be fetched${warning === undefined ? '' : `: ${hidePassword(warning)}`}`
      return { reason: 'provenance-not-fetched' as const, why, next: 'try again later', provenance: null }
    }
    return {
      reason: 'no-provenance' as const,
      why: 'there is no provenance file for it: it was published without a signature',
      next: general.next,
      provenance: false,
    }
  } finally {
    temporary.dispose()
  }
}
