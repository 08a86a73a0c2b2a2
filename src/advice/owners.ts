import type { Run } from '../keyring/gpg.ts'
import { listKeys } from '../keyring/list-keys.ts'
import type { Issuer } from './issuer.ts'

/**
 * The user ids of the key that a signature names, as gpg finds it in a keyring: for people to read, never for a verdict.
 * @returns undefined where the key is not in it, or gpg cannot say
 */
export async function ownersOf(
  issuer: Issuer | undefined,
  keyring: string,
  run: Run,
  env: NodeJS.ProcessEnv,
): Promise<readonly string[] | undefined> {
  if (!issuer) return undefined
  const keys = (await listKeys(keyring, run, env)) ?? []
  return keys.find((key) => [key, ...key.subkeys].some(({ keyId }) => keyId === issuer.keyId))?.userIds
}
