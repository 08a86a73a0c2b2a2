import { readColonListing, type ListedKey } from './colon-listing.ts'
import { keyringFormat } from './format.ts'
import { askGpg, type Run } from './gpg.ts'
import { openKeyring } from './keyring-file.ts'

/**
 * The keys in a keyring file of any format, for a person to read: never for a verdict. gpg says what they are, since
 * this program reads no OpenPGP itself.
 * @returns undefined where there is no gpg, or it makes nothing of the file
 */
export async function listKeys(
  file: string,
  run: Run,
  env: NodeJS.ProcessEnv = process.env,
): Promise<readonly ListedKey[] | undefined> {
  const keyring = openKeyring(file)
  if (!keyring) return undefined
  try {
    const isKeybox = keyringFormat(keyring.head) === 'keybox'
    const answer = await askGpg(
      keyring.read(),
      (copy) => [
        '--with-colons',
        '--fixed-list-mode',
        '--with-fingerprint',
        '--with-fingerprint',
        // --show-keys reads packets and armor, but no keybox.
        ...(isKeybox ? ['--no-default-keyring', '--keyring', copy, '--list-keys'] : ['--show-keys', copy]),
      ],
      { run, env },
    )
    return answer.kind === 'output' ? readColonListing(answer.stdout.toString()) : undefined
  } finally {
    keyring.close()
  }
}
