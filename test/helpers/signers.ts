import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  armor,
  createCleartextMessage,
  enums,
  generateKey,
  revokeKey,
  sign,
  type PrivateKey,
  type PublicKey,
} from 'openpgp'

/** Whose keys there are: one that the user trusts, one nobody does, one that has expired, one that was revoked. */
export const signerNames = ['trusted', 'stranger', 'expired', 'revoked'] as const
export type SignerName = (typeof signerNames)[number]

/** What their keys are called: for `helm package --key`. */
export const userOf: Readonly<Record<SignerName, string>> = {
  trusted: 'Trusted',
  stranger: 'Stranger',
  expired: 'Expired',
  revoked: 'Revoked',
}

/** Keys really made, with their keyrings as files. */
export interface Signers {
  /** What a user has: all keys but the stranger's. */
  readonly keyring: string
  /** A keyring with only the stranger's key. */
  readonly strangersKeyring: string
  /** What a user has, as ASCII armor, which helm 3 does not read. */
  readonly armoredKeyring: string
  /** The trusted signer's secret keyring, for `helm package --sign`. */
  readonly secretKeyring: string
  /** Everybody's. */
  readonly secretKeyrings: Readonly<Record<SignerName, string>>
  /** Signs text as helm does: a clear-signed message. */
  sign(text: string, by: SignerName): Promise<string>
}

const rsa = { type: 'rsa', rsaBits: 2048, format: 'object' } as const

/** A moment at which the expired key was good. */
const longAgo = new Date('2020-05-05T12:00:00Z')

/** Makes the keys, and writes the keyrings into a folder. */
export async function makeSigners(folder: string): Promise<Signers> {
  const make = async (signer: SignerName, options = {}) =>
    (await generateKey({ ...rsa, userIDs: [{ name: userOf[signer], email: `${signer}@example.com` }], ...options }))
      .privateKey
  const keys: Record<SignerName, PrivateKey> = {
    trusted: await make('trusted'),
    stranger: await make('stranger'),
    expired: await make('expired', { date: new Date('2020-05-05T00:00:00Z'), keyExpirationTime: 24 * 60 * 60 }),
    revoked: await make('revoked'),
  }
  const { publicKey: revoked } = await revokeKey({ key: keys.revoked, format: 'object' })
  const file = (name: string, ring: readonly (PublicKey | PrivateKey)[]) => {
    const path = join(folder, name)
    writeFileSync(path, Buffer.concat(ring.map((key) => key.write())), { mode: 0o600 })
    return path
  }
  const secretKeyrings = {
    trusted: file('secring.gpg', [keys.trusted]),
    stranger: file('stranger-secring.gpg', [keys.stranger]),
    expired: file('expired-secring.gpg', [keys.expired]),
    revoked: file('revoked-secring.gpg', [keys.revoked]),
  }
  const ring = [keys.trusted.toPublic(), keys.expired.toPublic(), revoked]
  const armoredKeyring = join(folder, 'pubring.asc')
  writeFileSync(armoredKeyring, armor(enums.armor.publicKey, Buffer.concat(ring.map((key) => key.write()))))
  return {
    keyring: file('pubring.gpg', ring),
    armoredKeyring,
    strangersKeyring: file('stranger.gpg', [keys.stranger.toPublic()]),
    secretKeyring: secretKeyrings.trusted,
    secretKeyrings,
    sign: async (text, by) =>
      await sign({
        message: await createCleartextMessage({ text }),
        signingKeys: keys[by],
        ...(by === 'expired' ? { date: longAgo } : {}),
      }),
  }
}
