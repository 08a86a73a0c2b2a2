import type { Ended, RunOptions } from '../helm/run.ts'
import { privateFolder } from '../private-folder.ts'

/** src/helm/run.ts, or what a test puts in its place. */
export type Run = (command: string, args: readonly string[], options?: RunOptions) => Promise<Ended>

/** What gpg gave, or why it gave nothing: there is none on PATH, or it failed. */
export type GpgAnswer =
  | { readonly kind: 'output'; readonly stdout: Buffer }
  | { readonly kind: 'no-gpg' }
  | { readonly kind: 'failed'; readonly reason: string }

/**
 * Asks gpg about a keyring, given as bytes. It works on a copy of its own, because gpg may tidy up a keybox that it
 * opens, and in an empty GNUPGHOME of its own: neither the user's keys, options and trust nor an agent have a part in
 * the answer, and nothing of the user's is changed.
 * @param args the words for gpg, given the path of the copy
 */
export async function askGpg(
  keyring: Uint8Array,
  args: (copy: string) => readonly string[],
  { run, env }: { readonly run: Run; readonly env: NodeJS.ProcessEnv },
): Promise<GpgAnswer> {
  const folder = privateFolder()
  try {
    const copy = folder.write('keyring', keyring)
    const alone = ['--homedir', folder.path, '--no-options', '--no-autostart', '--no-permission-warning']
    const quiet = ['--batch', '--no-tty', '--quiet', '--no-auto-check-trustdb', '--lock-never']
    const ended = await run('gpg', [...alone, ...quiet, ...args(copy)], {
      stdin: 'ignore',
      env: { ...env, GNUPGHOME: folder.path, LC_ALL: 'C' },
    })
    if (ended.failure !== undefined) return { kind: 'no-gpg' }
    if (ended.code !== 0) return { kind: 'failed', reason: lastLine(ended.stderr) ?? `gpg ended with ${ended.code}` }
    return { kind: 'output', stdout: ended.stdout }
  } finally {
    folder.dispose()
  }
}

/**
 * The public keys of a keybox as packets: all of them, expired and revoked ones with what they carry, and no others.
 * Local signatures are exported too, for nothing may be lost.
 */
export function exportKeybox(keybox: Uint8Array, gpg: { run: Run; env: NodeJS.ProcessEnv }): Promise<GpgAnswer> {
  const options = 'export-local-sigs,export-attributes,no-export-clean,no-export-minimal'
  return askGpg(
    keybox,
    (copy) => ['--no-default-keyring', '--keyring', copy, '--export-options', options, '--export'],
    gpg,
  )
}

function lastLine(stderr: Buffer): string | undefined {
  return stderr.toString().trimEnd().split('\n').at(-1) || undefined
}
