import { say, write } from '../messages/say.ts'
import { prune } from '../store/prune.ts'
import type { Command } from './command.ts'
import { statePathsOrFail } from './receipts.ts'

/** How long to wait for pulls that are keeping their charts, in milliseconds. */
const patience = 10_000

/** `prune`: removes receipts whose directory is gone, and packed charts that no receipt names. */
export const pruneCommand: Command = {
  run({ env }) {
    const pruned = prune(statePathsOrFail(env), patience)
    if (pruned === undefined) {
      say('charts are being pulled all the time; nothing was removed.', 'next: try again when no pull runs.')
      return 1
    }
    write(1, `removed ${count(pruned.receipts, 'receipt')} and ${count(pruned.archives, 'packed chart')}\n`)
    return 0
  },
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`
}
