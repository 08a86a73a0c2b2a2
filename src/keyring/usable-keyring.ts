import { resolve } from 'node:path'
import { reasonOf } from '../messages/shim-error.ts'
import { quote } from '../messages/text.ts'
import { ArmorError, dearmor, isOneBlock } from './dearmor.ts'
import { defaultKeyring, keyboxInstead } from './default-keyring.ts'
import { keyringFormat } from './format.ts'
import { exportKeybox, type Run } from './gpg.ts'
import { openKeyring } from './keyring-file.ts'
import { privateFolder } from '../private-folder.ts'

export interface KeyringRequest {
  /** The value of `--keyring` that helm would get; undefined where there is none, so that helm takes its default. */
  readonly given: string | undefined
  readonly env: NodeJS.ProcessEnv
  /** Where a relative path begins; the current directory if left out. */
  readonly cwd?: string
  /** Whether helm reads keyboxes and armor (of one block) by itself: from 4.3. Asked only where it matters. */
  readonly readsArmorAndKeybox: () => Promise<boolean>
  /** Starts gpg; src/helm/run.ts if left out. */
  readonly run?: Run
}

/** The keyring for helm's command line. */
export interface UsableKeyring {
  /** To be given as `--keyring`; undefined: helm's command stays as it is. */
  readonly path: string | undefined
  /** What to tell the user if helm fails: why the keyring stays one that helm may not read. */
  readonly note?: string
  /** Removes the converted keyring. helm has to run as a child: nothing is removed once it has replaced us. */
  readonly dispose: () => void
}

/**
 * Finds the keyring that helm would use, and makes one that it can read of an armored one or a keybox: helm before 4.3
 * refuses both with "tag byte does not have MSB set", and helm 4.3 loses keys where there are several blocks. The new one holds exactly the keys of the original, in a private
 * temporary file. Where anything is in doubt, helm gets the original and says what it says.
 *
 * helm: pkg/provenance/sign.go loadKeyRing; defaultKeyring in pkg/cmd/dependency_build.go (4.3)
 * @throws only where no temporary file can be written
 */
export async function usableKeyring(request: KeyringRequest): Promise<UsableKeyring> {
  const absolute = (path: string) => resolve(request.cwd ?? '.', path)
  if (request.given !== undefined) return await readable(request, absolute, request.given)
  const standard = defaultKeyring(request.env)
  const keybox = keyboxInstead(standard, absolute)
  if (keybox === undefined) return await readable(request, absolute, standard.legacy)
  if (await request.readsArmorAndKeybox()) return unchanged()
  const found = await readable(request, absolute, keybox)
  // Old GnuPG's packets under the new name: helm 4.3 would read them, so only the path has to be said.
  return found.path === undefined && found.note === undefined ? { ...found, path: absolute(keybox) } : found
}

/** What helm can read in place of one keyring. */
async function readable(
  request: KeyringRequest,
  absolute: (path: string) => string,
  path: string,
): Promise<UsableKeyring> {
  const file = path === '' ? undefined : openKeyring(absolute(path))
  if (!file) return unchanged()
  try {
    const format = keyringFormat(file.head)
    if (format === 'binary') return unchanged()
    const helmReads = await request.readsArmorAndKeybox()
    if (format === 'keybox') return helmReads ? unchanged() : await fromKeybox(file.read(), path, request)
    const text = file.read().toString('latin1')
    return helmReads && isOneBlock(text) ? unchanged() : fromArmor(text, path)
  } finally {
    file.close()
  }
}

function fromArmor(text: string, path: string): UsableKeyring {
  try {
    // Without a byte order mark.
    return converted(dearmor(text.replace(/^\u00ef\u00bb\u00bf/, '')))
  } catch (error) {
    if (!(error instanceof ArmorError)) throw error
    return unchanged(`the keyring ${quote(path)} is neither packets nor whole ASCII armor: ${reasonOf(error)}`)
  }
}

async function fromKeybox(bytes: Buffer, path: string, { env, ...request }: KeyringRequest): Promise<UsableKeyring> {
  const run = request.run ?? (await import('../helm/run.ts')).run
  const answer = await exportKeybox(bytes, { run, env })
  const what = `the keyring ${quote(path)} is a GnuPG keybox, which helm reads only from 4.3`
  switch (answer.kind) {
    case 'no-gpg':
      return unchanged(
        `${what}, and there is no gpg to convert it; next: where there is one, run ` +
          `gpg --no-default-keyring --keyring ${shellWord(absoluteFor(path, request.cwd))} --export > pubring.gpg ` +
          'and name the new file with --keyring',
      )
    case 'failed':
      return unchanged(`${what}, and gpg could not convert it: ${answer.reason}`)
    case 'output':
      if (answer.stdout.length === 0) return unchanged(`${what}, and there is no public key in it`)
      return converted(answer.stdout)
  }
}

/** gpg takes a name without a slash for one in its own folder. */
function absoluteFor(path: string, cwd: string | undefined): string {
  return resolve(cwd ?? '.', path)
}

function converted(packets: Uint8Array): UsableKeyring {
  const folder = privateFolder()
  try {
    return { path: folder.write('pubring.gpg', packets), dispose: folder.dispose }
  } catch (error) {
    folder.dispose()
    throw error
  }
}

function unchanged(note?: string): UsableKeyring {
  return { path: undefined, ...(note === undefined ? {} : { note }), dispose: () => undefined }
}

/** A word that a shell reads as it is. */
function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
