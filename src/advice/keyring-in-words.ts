import { defaultKeyring } from '../keyring/default-keyring.ts'
import { quote } from '../messages/text.ts'
import { keyringInUse } from './keyring-in-use.ts'

/**
 * The keyring in use, for a sentence.
 * @param given the value of `--keyring`, or HELM_VERIFY_SHIM_KEYRING's
 */
export function keyringInWords(given: string | undefined, env: NodeJS.ProcessEnv): string {
  const used = keyringInUse(given, env)
  if (given !== undefined) return `the keyring ${quote(used)}`
  return used === defaultKeyring(env).legacy
    ? `helm's default keyring ${quote(used)}`
    : `GnuPG's keyring ${quote(used)}`
}
