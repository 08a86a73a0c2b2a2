import { basename, join, resolve } from 'node:path'
import { findHelm } from '../helm/find.ts'
import { say, write } from '../messages/say.ts'
import { ShimError } from '../messages/shim-error.ts'
import { quote } from '../messages/text.ts'
import type { Command } from './command.ts'
import { advice, shellQuote } from './install/advice.ts'
import { defaultFolder } from './install/default-folder.ts'
import { installInto } from './install/folder.ts'
import { parts, running } from './install/parts.ts'

declare const VERSION: string

/** `install [--dir DIR] [--print-path]`: puts the gate and the engine into a folder for PATH. */
export const install: Command = {
  booleans: ['print-path'],
  strings: ['dir'],
  async run({ options, env }) {
    const folder = folderOption(options['dir'], env)
    const files = parts(running())
    const did = await installInto(folder, files, VERSION)
    if (options['print-path']) {
      write(1, `${folder}\n`)
      return 0
    }
    const names = files.filter(({ plain }) => !plain).map(({ name }) => name)
    const gate = join(folder, names.find((name) => basename(name, '.exe') === 'helm') ?? 'helm')
    const verb = { installed: 'Installed', updated: 'Updated to', unchanged: 'Nothing to do: there is already' }[did]
    write(1, `${verb} helm-verify-shim ${VERSION} in ${folder} (${names.join(', ')}).\n`)
    const { path, candidates } = findHelm(gate, env)
    if (candidates[0]?.isGate) write(1, 'It is found first on PATH.\n')
    else write(1, `\n${advice(folder, gate, process.platform)}`)
    if (path === undefined)
      say('warning: PATH has no real helm yet, to hand the commands to.', 'next: install helm, in any other folder.')
    write(1, `\nThis is undone by: helm-verify-shim uninstall${options['dir'] ? ` --dir ${shellQuote(folder)}` : ''}\n`)
    return 0
  },
}

/**
 * The folder that `--dir` names, or our own.
 * @throws ShimError where the environment names no home
 */
export function folderOption(named: unknown, env: NodeJS.ProcessEnv): string {
  const folder = typeof named === 'string' ? resolve(named) : defaultFolder(env, process.platform)
  if (folder === undefined)
    throw new ShimError('usage', 'the environment names no home folder.', ['next: name a folder with --dir.'])
  // A PATH cannot hold such a name, whatever is done to quote it.
  if (process.platform !== 'win32' && folder.includes(':'))
    throw new ShimError('usage', `${quote(folder)} has a colon, and PATH cannot hold it.`, [
      'next: name another folder.',
    ])
  return folder
}
