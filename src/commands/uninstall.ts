import { realpathSync } from 'node:fs'
import { dirname } from 'node:path'
import { say, write } from '../messages/say.ts'
import { quote } from '../messages/text.ts'
import type { Command } from './command.ts'
import { folderOption } from './install.ts'
import { isInstalledIn, uninstallFrom } from './install/folder.ts'
import { running } from './install/parts.ts'

/** `uninstall [--dir DIR] [--print-path]`: undoes `install`, and nothing else. */
export const uninstall: Command = {
  booleans: ['print-path'],
  strings: ['dir'],
  async run({ options, env }) {
    const folder =
      options['dir'] === undefined ? (ownFolder() ?? folderOption(undefined, env)) : folderOption(options['dir'], env)
    const did = await uninstallFrom(folder)
    for (const { name, why } of did?.left ?? []) say(`${quote(name)} was left in ${quote(folder)}: ${why}`)
    if (options['print-path']) write(1, `${folder}\n`)
    else if (!did) write(1, `Nothing to do: nothing is installed in ${folder}.\n`)
    else {
      write(1, `Removed from ${folder}: ${did.removed.join(', ') || 'nothing'}.\n`)
      if (did.folders.length > 0) write(1, `Folders removed: ${did.folders.join(', ')}\n`)
      write(1, 'Take that folder out of PATH, and out of helmBinary in helmfile.yaml.\n')
    }
    return did && did.left.length > 0 ? 1 : 0
  },
}

/** The folder of the running program, if `install` put it there. */
function ownFolder(): string | undefined {
  const { executable, script } = running()
  const program = executable ?? script
  const folder = program === undefined ? undefined : dirname(realpathSync(program))
  return folder !== undefined && isInstalledIn(folder) ? folder : undefined
}
