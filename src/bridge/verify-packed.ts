import type { Interruption } from '../helm/interrupt.ts'
import { run } from '../helm/run.ts'
import { say, write } from '../messages/say.ts'
import { ShimError } from '../messages/shim-error.ts'
import { quote } from '../messages/text.ts'

/**
 * Has helm verify a packed chart, silently. What helm says is shown only where it refuses.
 * @param directory the unpacked directory that the chart stands for
 * @returns helm's exit code
 * @throws ShimError where helm cannot be started
 */
export async function verifyPacked(
  helm: string,
  archive: string,
  keyring: string | undefined,
  directory: string,
  interruption: Interruption,
): Promise<number> {
  const args = ['verify', archive, ...(keyring === undefined ? [] : ['--keyring', keyring])]
  const ended = await run(helm, args, { stdin: 'ignore', interruption })
  if (ended.failure !== undefined) throw new ShimError('no-helm', `the real helm cannot be run: ${ended.failure}`)
  if (ended.code !== 0) {
    write(2, ended.stderr)
    say(`helm does not verify the packed chart of ${quote(directory)}, so the directory was not used.`)
  }
  return ended.code
}
