import { write } from '../messages/say.ts'
import { prune } from '../store/prune.ts'
import type { Command } from './command.ts'
import { statePathsOrFail } from './receipts.ts'

/** `prune`: removes receipts whose directory is gone, and packed charts that no receipt names. */
export const pruneCommand: Command = {
  run({ env }) {
    const { receipts, archives } = prune(statePathsOrFail(env))
    write(1, `removed ${count(receipts, 'receipt')} and ${count(archives, 'packed chart')}\n`)
    return 0
  },
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`
}
