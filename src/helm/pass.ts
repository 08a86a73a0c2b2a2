import { accessSync, constants } from 'node:fs'
import { ShimError, reasonOf } from '../messages/shim-error.ts'
import { inheritedDescriptors } from './descriptors.ts'
import type { Interruption } from './interrupt.ts'

/**
 * Becomes the real helm: same process, argv as given. Does not return where the platform can replace a process;
 * elsewhere (Windows), and where helm has to have further file descriptors, it is run as a child, and its exit code is
 * returned.
 * @throws ShimError where helm cannot be run
 */
export async function passToHelm(helm: string, argv: readonly string[]): Promise<number> {
  // What we inherited beyond stderr can only be given to a child.
  if (process.platform === 'win32' || inheritedDescriptors(argv).length > 0) return await runHelm(helm, argv)
  try {
    accessSync(helm, constants.X_OK)
  } catch (error) {
    // execve would abort the whole process instead of failing.
    throw new ShimError('no-helm', `the real helm cannot be run: ${reasonOf(error)}`, [], error)
  }
  unignore()
  process.execve?.(helm, [helm, ...argv], process.env)
  return await runHelm(helm, argv)
}

/** Node ignores these signals, and what is ignored stays so in the program that takes our place. */
function unignore(): void {
  for (const signal of ['SIGPIPE', 'SIGXFSZ'] as const) {
    const nothing = () => undefined
    process.on(signal, nothing).off(signal, nothing)
  }
}

/**
 * Runs helm as a child with our own stdin, stdout and stderr, and returns its exit code: for when something has to be
 * done after it. A signal that ends helm ends us too.
 * @throws ShimError where helm cannot be started
 */
export async function runHelm(helm: string, argv: readonly string[], given?: Interruption): Promise<number> {
  const [{ run }, { Interruption }] = await Promise.all([import('./run.ts'), import('./interrupt.ts')])
  const interruption = given ?? new Interruption()
  try {
    const ended = await run(helm, argv, { stdout: 'inherit', stderr: 'inherit', interruption })
    if (ended.failure) throw new ShimError('no-helm', `the real helm cannot be run: ${ended.failure}`)
    if (ended.signal) interruption.received ??= ended.signal
    return ended.code
  } finally {
    if (!given) interruption.settle()
  }
}
