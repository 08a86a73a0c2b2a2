import { isUtf8 } from 'node:buffer'
import { readFileSync } from 'node:fs'
import { ShimError } from '../messages/shim-error.ts'
import { quote } from '../messages/text.ts'

/** What Node puts in the place of bytes that are not UTF-8. */
const replacement = '\ufffd'

/**
 * Refuses a command whose words or environment are not UTF-8: Node has already replaced such bytes, so helm would get
 * others than those that were given.
 * @throws ShimError that names the words or the variables
 */
export function requireExactBytes(words: readonly string[], env: NodeJS.ProcessEnv): void {
  const changed = words.filter((word) => word.includes(replacement))
  if (changed.length > 0 && !isExact('/proc/self/cmdline')) {
    throw refusal(`${changed.map(quote).join(', ')} on the command line`, 'name it in UTF-8')
  }
  const names = Object.keys(env).filter((name) => `${name}${env[name]}`.includes(replacement))
  if (names.length > 0 && !isExact('/proc/self/environ')) {
    throw refusal(`${names.map(quote).join(', ')} in the environment`, 'set it in UTF-8, or unset it')
  }
}

/** Whether what we were started with is UTF-8 as it is, and the replacement character was really given. */
function isExact(file: string): boolean {
  try {
    return isUtf8(readFileSync(file))
  } catch {
    // Where there is no /proc, nobody can tell.
    return false
  }
}

function refusal(what: string, next: string): ShimError {
  const message = `${what} is not UTF-8, so it cannot be handed on as it is; nothing was run.`
  return new ShimError('not-understood', message, [`next: ${next}, for this command.`])
}
