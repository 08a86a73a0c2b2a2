import { generateKey, readKeys, revokeKey, type PrivateKey, type PublicKey } from 'openpgp'

/** Keys as people have them, made anew for each run. */
export interface TestKeys {
  readonly rsa: PrivateKey
  readonly ed25519: PrivateKey
  /** Signs with a subkey. */
  readonly withSubkey: PrivateKey
  /** Was good for a day, years ago. */
  readonly expired: PrivateKey
  /** Revoked: `revoked` signs as if it were not, `publicKey` says that it is. */
  readonly revoked: { readonly signer: PrivateKey; readonly publicKey: PublicKey }
}

/** A moment at which the expired key was good. */
export const longAgo = new Date('2020-05-05T12:00:00Z')

// What every OpenPGP program since GnuPG 2.1 reads: v4 keys, EdDSA in its first encoding.
const rsa = { type: 'rsa', rsaBits: 2048, format: 'object' } as const
const ed25519 = { type: 'ecc', curve: 'ed25519Legacy', format: 'object' } as const

/** Makes one of each kind. */
export async function makeKeys(): Promise<TestKeys> {
  const made = await generateKey({ ...rsa, userIDs: [{ name: 'Revoked', email: 'revoked@example.com' }] })
  return {
    rsa: (await generateKey({ ...rsa, userIDs: [{ name: 'RSA' }] })).privateKey,
    ed25519: (await generateKey({ ...ed25519, userIDs: [{ name: 'Zoë: 25519' }, { name: 'Second' }] })).privateKey,
    withSubkey: (
      await generateKey({
        ...rsa,
        userIDs: [{ name: 'Subkey' }],
        subkeys: [{ type: 'rsa', sign: true }],
      })
    ).privateKey,
    expired: (
      await generateKey({
        ...rsa,
        userIDs: [{ name: 'Expired' }],
        date: new Date('2020-05-05T00:00:00Z'),
        keyExpirationTime: 24 * 60 * 60,
      })
    ).privateKey,
    revoked: {
      signer: made.privateKey,
      publicKey: (await revokeKey({ key: made.privateKey, format: 'object' })).publicKey,
    },
  }
}

/** The public halves, in an order of their own. */
export function publicKeys({ rsa, ed25519, withSubkey, expired, revoked }: TestKeys): PublicKey[] {
  return [ed25519, rsa, expired, withSubkey].map((key) => key.toPublic()).concat(revoked.publicKey)
}

/** A binary keyring. */
export function packets(keys: readonly (PublicKey | PrivateKey)[]): Buffer {
  return Buffer.concat(keys.map((key) => key.write()))
}

/** The fingerprints of all keys and subkeys in a binary keyring, sorted. */
export async function fingerprints(keyring: Uint8Array): Promise<string[]> {
  const keys = await readKeys({ binaryKeys: keyring })
  return keys.flatMap((key) => key.getKeys().map((part) => part.getFingerprint())).sort()
}
