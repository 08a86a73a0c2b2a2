import { write } from '../messages/say.ts'
import { ShimError } from '../messages/shim-error.ts'
import type { Command } from './command.ts'
import { bashCompletion } from './completion/bash.ts'
import { fishCompletion } from './completion/fish.ts'
import { completed, shells } from './completion/model.ts'
import { zshCompletion } from './completion/zsh.ts'
import { helps } from './help.ts'

const scripts = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion }

/** `completion bash|zsh|fish`: prints the completion script for our own commands; helm's is helm's. */
export const completion: Command = {
  words: 1,
  run({ words }) {
    const shell = shells.find((name) => name === words[0])
    if (!shell)
      throw new ShimError('usage', `completion takes one of ${shells.join(', ')}.`, [
        'next: helm-verify-shim completion --help',
      ])
    write(1, scripts[shell](completed(helps)))
    return 0
  },
}
