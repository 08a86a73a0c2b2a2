import { defaultKeyring } from '../keyring/default-keyring.ts'
import { quote } from '../messages/text.ts'

/**
 * A keyring for a sentence: the one that was named, else helm's default. (pure)
 * @param given the value of `--keyring`, or HELM_VERIFY_SHIM_KEYRING's
 */
export function keyringInWords(given: string | undefined, env: NodeJS.ProcessEnv): string {
  return given === undefined
    ? `helm's default keyring ${quote(defaultKeyring(env).legacy)}`
    : `the keyring ${quote(given)}`
}
