import { describe, expect, it } from 'vitest'
import { shellWord } from '../fixtures/recording-helm.ts'
import { start } from '../fixtures/start.ts'
import { which } from '../gate/shells.ts'
import { Bed, until } from './bed.ts'

const script = which('script')

/** Starts the shim on a terminal of its own. What is written to stdin is typed there. */
function onTerminal(bed: Bed, words: readonly string[]) {
  if (script === undefined) throw new Error('these tests need a terminal: install `script` (util-linux, bsdutils)')
  const line = [bed.shim, ...words].map(shellWord).join(' ')
  const options = { cwd: bed.root, env: { ...bed.env, TERM: 'xterm', SHELL: '/bin/sh' }, keepStdin: true }
  return start(script, ['--quiet', '--return', '--command', `exec ${line}`, '/dev/null'], options)
}

const what = '[ -t 0 ] && [ -t 1 ] && [ -t 2 ] && echo "all three, $(tty)"'

describe('on a terminal', () => {
  it.each([
    ['the gate', ['version']],
    ['the engine', ['template', '--verify', 'x']],
  ])('helm has stdin, stdout and stderr on it, when reached through %s', async (_, words) => {
    const bed = new Bed()
    bed.helm(`${what}; stty -a | grep -ow 'isig'`)
    const { child, ended } = onTerminal(bed, words)
    expect((await ended).stdout).toMatch(/^all three, \/dev\/\S+\r\nisig\r\n$/)
    child.stdin?.end()
  })

  it('helm can ask for a password, and the terminal is as before afterwards', async () => {
    const bed = new Bed()
    const helm = bed.helm(
      'stty -echo; true >"$run/ready"; printf "Password: "; read -r word; stty echo; echo "got $word"',
    )
    const { child, ended } = onTerminal(bed, ['template', '--verify', 'x'])
    await until(() => helm.isWaiting())
    child.stdin?.write('secret\n')
    expect((await ended).stdout).toBe('Password: got secret\r\n')
    child.stdin?.end()
  })

  it('helm reads what is typed during a split pull', async () => {
    const bed = new Bed()
    const helm = await bed.pulling({}, 'true >"$run/ready"; read -r word; echo "got $word"; [ -t 0 ] && echo terminal')
    const { child, ended } = onTerminal(bed, ['pull', 'r/demo', '--untar', '-d', 'out', '--verify'])
    await until(() => helm.isWaiting())
    child.stdin?.write('something\n')
    expect((await ended).stdout).toBe('something\r\ngot something\r\nterminal\r\n')
    child.stdin?.end()
    expect(bed.names('out', 'demo')).toContain('Chart.yaml')
  })

  it('Ctrl-C during a split pull ends it, and leaves nothing', async () => {
    const bed = new Bed()
    const helm = await bed.pulling({}, 'wait_for_a_signal')
    const { child, ended } = onTerminal(bed, ['pull', 'r/demo', '--untar', '-d', 'out', '--verify'])
    await until(() => helm.isWaiting())
    child.stdin?.write('\x03')
    // `script` gives a death by signal back as a shell does.
    expect(await ended).toMatchObject({ code: 130 })
    child.stdin?.end()
    expect([bed.names('out'), bed.names('tmp')]).toEqual([[], []])
  })
})
