import { write } from '../messages/say.ts'
import { ShimError } from '../messages/shim-error.ts'
import { escapeName } from '../messages/text.ts'
import { statePaths, type StatePaths } from '../store/paths.ts'
import { listReceipts } from '../store/prune.ts'
import { originOf, type Receipt } from '../store/receipt.ts'
import type { Command } from './command.ts'

/** `receipts [--json]`: what was unpacked where, from which reference, verified by whom and when. */
export const receipts: Command = {
  booleans: ['json'],
  run({ options, env }) {
    const all = listReceipts(statePathsOrFail(env))
    const readable = all.flatMap(({ receipt }) => (receipt ? [receipt] : []))
    if (options['json']) {
      write(1, `${JSON.stringify(readable, undefined, 2)}\n`)
      return 0
    }
    write(1, readable.map(describe).join('\n'))
    for (const { file, receipt } of all)
      if (!receipt) write(2, `helm-verify-shim: warning: cannot be read: ${escapeName(file)}\n`)
    if (all.length === 0) write(2, 'helm-verify-shim: no receipts yet: nothing was unpacked through this shim.\n')
    return 0
  },
}

/**
 * The state folder, for a command that cannot do without.
 * @throws ShimError where the environment names none
 */
export function statePathsOrFail(env: NodeJS.ProcessEnv): StatePaths {
  const paths = statePaths(env)
  if (paths) return paths
  throw new ShimError('state', 'no state folder: neither XDG_STATE_HOME nor HOME is set to an absolute path.', [
    'next: set one of them.',
  ])
}

function describe(receipt: Receipt): string {
  const verified = receipt.verified
    ? [`  signed by    ${receipt.signers.join(', ') || '?'}`, `  fingerprint  ${receipt.fingerprint ?? '?'}`]
    : [`  not verified (${receipt.provenance ? 'a provenance file is kept' : 'no provenance file'})`]
  return [
    receipt.directory,
    `  chart        ${receipt.name} ${receipt.version}`,
    `  from         ${originOf(receipt)}`,
    `  hash         ${receipt.digest}`,
    ...verified,
    `  unpacked     ${receipt.unpackedAt}`,
  ]
    .map((text) => `${escapeName(text)}\n`)
    .join('')
}
