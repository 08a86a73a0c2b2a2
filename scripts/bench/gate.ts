import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Sandbox } from '../../test/helpers/sandbox.ts'
import { nodeFolder, shimFolder, tool } from '../../test/helpers/tools.ts'
import { medians, ratio } from './measure.ts'
import type { Row } from './table.ts'

const upgrade = [
  ...['upgrade', '--install', 'demo', './chart', '--version', '0.1.0', '--namespace', 'default', '--values', 'a.yaml'],
  ...['--values', 'b.yaml', '--set', 'a=b', '--set-string=c=d', '--history-max', '10', '--timeout', '5m', '--wait'],
  '--dry-run=client',
]
const lines = { version: ['version', '--short'], '20-word upgrade': upgrade }

/**
 * What a command costs that is passed through: by the gate, by a script of one line that does nothing but `exec`, and
 * with no script at all.
 * @param receipts how many receipts lie in the state folder
 */
export async function benchGate(sandbox: Sandbox, receipts: number): Promise<Row[]> {
  const root = sandbox.at(`gate with ${receipts} receipts`)
  const state = join(root, 'state')
  mkdirSync(join(root, 'chart'), { recursive: true })
  for (const file of ['a.yaml', 'b.yaml']) writeFileSync(join(root, file), '')
  for (let index = 0; index < receipts; index++) {
    const kept = join(state, 'helm-verify-shim/dirs', root, `chart ${index % 100}`, `deep ${index}`)
    mkdirSync(kept, { recursive: true })
    writeFileSync(join(kept, 'receipt.json'), '{}')
  }
  const rows: Row[] = []
  const behind = [
    ['a helm that does nothing', '/bin/true', 20, 60],
    ['helm 3', tool('helm3'), 1, 15],
  ] as const
  for (const [name, helm, batch, rounds] of receipts === 0 ? behind : behind.slice(0, 1)) {
    const bin = join(root, `bin ${batch}`)
    mkdirSync(bin, { recursive: true })
    symlinkSync(helm, join(bin, 'helm'))
    const wrapper = join(bin, 'wrapper')
    writeFileSync(wrapper, `#!/bin/sh\nexec '${join(bin, 'helm')}' "$@"\n`, { mode: 0o755 })
    const path = [shimFolder, bin, nodeFolder, '/usr/bin', '/bin'].join(':')
    const env = { ...sandbox.env, PATH: path, PWD: root, XDG_STATE_HOME: state, KUBECONFIG: '/dev/null' }
    for (const [line, words] of Object.entries(lines)) {
      const timed = (program: string) => ({ command: [program, ...words] as const, env, cwd: root, mayFail: true })
      const { gate, script, direct } = await medians(
        { gate: timed(join(shimFolder, 'helm')), script: timed(wrapper), direct: timed(join(bin, 'helm')) },
        rounds,
        batch,
      )
      const most = receipts === 0 ? 1.15 : 1.2
      rows.push(ratio(`${line}, ${name}: gate ÷ one-line exec wrapper`, gate, script, most))
      rows.push(ratio(`${line}, ${name}: gate ÷ no script at all`, gate, direct))
    }
  }
  return rows
}
