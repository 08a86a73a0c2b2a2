import { askGpg, type Run } from '../keyring/gpg.ts'

/** The key that a signature says it is by. Nothing is proved by it: it tells people which key to look for. */
export interface Issuer {
  /** 16 hexadecimal digits. */
  readonly keyId: string
  /** The whole fingerprint, where the signature has it. */
  readonly fingerprint: string | undefined
}

/**
 * Asks gpg which key a provenance file's signature names, since this program reads no OpenPGP itself.
 * @param provenance the file's bytes
 * @returns undefined where there is no gpg, or nothing to be made of it
 */
export async function issuerOf(provenance: Buffer, run: Run, env: NodeJS.ProcessEnv): Promise<Issuer | undefined> {
  const signature = signatureBlock(provenance.toString('latin1'))
  if (signature === undefined) return undefined
  // Only the signature: gpg would also try to read the text as packets.
  const answer = await askGpg(Buffer.from(signature, 'latin1'), (copy) => ['--list-packets', copy], { run, env })
  return answer.kind === 'output' ? readIssuer(answer.stdout.toString('latin1')) : undefined
}

/** Reads the issuer of the first signature out of what `gpg --list-packets` prints. (pure) */
export function readIssuer(listing: string): Issuer | undefined {
  const [, first] = listing.split(/^:signature packet:/m)
  const keyId = /^.* keyid ([0-9A-F]{16})$/m.exec(first ?? '')?.[1]
  // A signature without an issuer has a key id of zeros.
  if (first === undefined || keyId === undefined || /^0+$/.test(keyId)) return undefined
  return { keyId, fingerprint: /\(issuer fpr v\d ([0-9A-F]{40,64})\)/.exec(first)?.[1] }
}

function signatureBlock(text: string): string | undefined {
  return /^-----BEGIN PGP SIGNATURE-----[^]*?^-----END PGP SIGNATURE-----\r?$/m.exec(text)?.[0]
}
