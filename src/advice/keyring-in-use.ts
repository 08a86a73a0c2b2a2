import { resolve } from 'node:path'
import { defaultKeyring, keyboxInstead } from '../keyring/default-keyring.ts'

/**
 * The keyring that verification comes down to: the one that was named, else helm's default, or GnuPG's keybox where that
 * takes its place.
 * @param given the value of `--keyring`, or HELM_VERIFY_SHIM_KEYRING's
 */
export function keyringInUse(given: string | undefined, env: NodeJS.ProcessEnv): string {
  if (given !== undefined) return given
  const standard = defaultKeyring(env)
  return keyboxInstead(standard, (path) => resolve(path)) ?? standard.legacy
}
