import { escapeName, hidePassword, quote } from '../messages/text.ts'
import { diagnose, type Failure } from './diagnose.ts'
import type { Issuer } from './issuer.ts'

/** What is known of a chart that helm did not verify. */
export interface FailureFacts {
  /** The reference, as on the command line. */
  readonly chart: string
  /** The keyring in words: see `keyringInWords`. */
  readonly keyring: string
  /** The key that its signature names; undefined where there is no gpg to read it. */
  readonly issuer?: Issuer | undefined
  /** Whether gpg finds that key in the keyring. */
  readonly isInKeyring?: boolean
  /** Why the keyring stayed one that helm cannot read: see `usableKeyring`. */
  readonly note?: string | undefined
}

/** Why a chart was not verified, and what to do about it: two clauses without a full stop. */
export interface Explanation {
  readonly why: string
  readonly next: string
}

/**
 * Our one line after helm's own error: which chart, which keyring, what to do next. (pure)
 * @param stderr what helm printed
 * @param fetched whether helm had fetched chart and provenance
 * @returns undefined where verification is not what failed, or only helm's own words help. A wrong name has lines of its
 * own, because there the signed name has to be known.
 */
export function adviceFor(stderr: string, fetched: boolean, facts: FailureFacts): string | undefined {
  const failure = diagnose(stderr, fetched)
  if (failure === undefined || failure === 'other-name') return undefined
  const { why, next } = explain(failure, facts)
  const chart = quote(hidePassword(facts.chart))
  return `${chart} was not verified with ${facts.keyring}: ${why}. next: ${next}.`
}

/** What a failure means, in words for somebody who has never seen one. (pure) */
export function explain(
  failure: Failure,
  { issuer, isInKeyring = false, note }: Pick<FailureFacts, 'issuer' | 'isInKeyring' | 'note'>,
): Explanation {
  const key = issuer ? `key ${escapeName(issuer.fingerprint ?? issuer.keyId)}` : undefined
  switch (failure) {
    case 'no-provenance':
      return {
        why: 'helm could not fetch a provenance file for it; most often the chart was published without a signature',
        next: 'ask its publisher to sign it (helm package --sign), or use it without --verify if you trust it all the same',
      }
    case 'broken-provenance':
      return {
        why: 'its provenance file is no whole signed message',
        next: 'pull it again; if it stays so, ask its publisher to upload the .prov file that "helm package --sign" wrote',
      }
    case 'bad-signature':
      return {
        why: 'its provenance file is not what was signed: it was changed afterwards',
        next: 'pull it again; if it stays so, do not use the chart, and tell its publisher',
      }
    case 'unsupported-signature':
      return {
        why: 'its signature is of a kind that this helm does not check',
        next: 'use a newer helm, or ask its publisher for a signature by an RSA or Ed25519 key with SHA-256 or SHA-512',
      }
    case 'unknown-key':
      // helm passes over signatures and keys that it cannot use, and then knows of none.
      if (key && isInKeyring) {
        return {
          why: `it is signed by ${key}, which is in that keyring, but this helm cannot use the key, or this kind of signature`,
          next: 'use a newer helm, or ask its publisher for a signature by an RSA or Ed25519 key with SHA-256 or SHA-512',
        }
      }
      return {
        why: key
          ? `it is signed by ${key}, which is not in that keyring`
          : 'the key that signed it is not in that keyring',
        next: "get the key from the chart's publisher, compare its fingerprint with one from another source, and add it to the keyring",
      }
    case 'key-expired':
      return {
        why: `the ${key ?? 'key'} that signed it has expired, as that keyring has it`,
        next: 'get the key from its publisher again, for they may have extended it; otherwise ask for a chart that is signed anew',
      }
    case 'key-revoked':
      return {
        why: `the ${key ?? 'key'} that signed it was revoked`,
        next: 'do not use the chart until its publisher has signed it with another key',
      }
    case 'signature-expired':
      return { why: 'its signature has expired', next: 'ask its publisher for a chart that is signed anew' }
    case 'altered':
      return {
        why: 'the archive is not the one that was signed: it was changed or replaced afterwards',
        next: 'do not use it, and tell its publisher',
      }
    case 'other-name':
      return {
        why: 'what is signed is a chart of another name or version',
        next: 'ask for the chart by the name and version that were signed',
      }
    case 'keyring-missing':
      return {
        why: 'there is no such file',
        next: 'name your keyring with --keyring or HELM_VERIFY_SHIM_KEYRING; "gpg --export > pubring.gpg" makes one of your GnuPG keys',
      }
    case 'keyring-unreadable':
      return { why: 'that file cannot be read', next: 'look at its path and its permissions' }
    case 'keyring-format': {
      const [why = '', next] = (note ?? '').replace(/^the keyring "(?:[^"\\]|\\.)*" is /, 'it is ').split('; next: ')
      return {
        why: why || 'that file is no keyring that this helm can use',
        next:
          next ?? 'make one with "gpg --export > pubring.gpg", and name it with --keyring or HELM_VERIFY_SHIM_KEYRING',
      }
    }
    case 'not-packed':
      return {
        why: 'helm verifies nothing but packed charts whose name ends in .tgz',
        next: 'name the packed chart',
      }
    case 'other':
      return { why: "helm's own words above say why", next: 'ask its publisher, with those words' }
  }
}
