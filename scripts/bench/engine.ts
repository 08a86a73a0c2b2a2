import { join } from 'node:path'
import type { Sandbox } from '../../test/helpers/sandbox.ts'
import { shimFolder } from '../../test/helpers/tools.ts'
import { medians, ratio, type Timed } from './measure.ts'
import type { Row } from './table.ts'

/** What starting the engine costs, by the step. */
export async function benchEngine(sandbox: Sandbox): Promise<Row[]> {
  const timed = (...command: [string, ...string[]]): Timed => ({ command, env: sandbox.env, cwd: sandbox.root })
  const engine = join(shimFolder, 'helm-verify-shim')
  const { bare, script, start, back } = await medians(
    {
      bare: timed(process.execPath, '-e', '0'),
      script: timed('/bin/sh', '-c', 'exec "$@"', 'sh', process.execPath, '-e', '0'),
      start: timed(engine, '--version'),
      back: timed(engine, 'as-helm', '/bin/true', 'template', '--verify', 'x'),
    },
    25,
  )
  return [
    ratio('the shell before Node, and Node ÷ node -e 0', script, bare),
    ratio('helm-verify-shim --version ÷ node -e 0', start, bare),
    ratio('a command read and handed back ÷ node -e 0', back, bare, 1.15),
  ]
}
