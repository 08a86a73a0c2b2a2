import { mkdirSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { tree } from '../helpers/sandbox.ts'
import { Bed, until } from './bed.ts'

const ending = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const
const pull = ['pull', 'r/demo', '--untar', '-d', 'out', '--verify']

const whom = ['the shim alone', 'the process group'] as const
const cases = ending.flatMap((signal) => whom.map((to) => ({ signal, to })))

/** Sends a signal to the shim, which leads its group, or to that group, as a terminal does. */
function send(pid: number, signal: NodeJS.Signals, to: (typeof whom)[number]): void {
  process.kill(to === 'the shim alone' ? pid : -pid, signal)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

describe('a signal', () => {
  it.each(cases)(
    '$signal to $to while helm pulls ends helm and us by it, and leaves nothing',
    async ({ signal, to }) => {
      const bed = new Bed()
      const helm = await bed.pulling({}, 'ulimit -c 0; wait_for_a_signal')
      mkdirSync(bed.at('out/mine'))
      writeFileSync(bed.at('out/mine/file'), 'mine')
      const before = tree(bed.at('out'))
      const { child, ended } = bed.start(pull, { detached: true })
      await until(() => helm.isWaiting())
      expect(bed.names('tmp')).not.toEqual([])
      send(child.pid ?? 0, signal, to)
      expect(await ended).toMatchObject({ code: null, signal, stdout: '' })
      expect(tree(bed.at('out'))).toEqual(before)
      expect(bed.names('tmp')).toEqual([])
      expect(bed.names('home')).toEqual([])
      expect(isAlive(helm.runs()[0]?.pid ?? 0)).toBe(false)
    },
  )

  it.each(cases)('$signal to $to while we unpack leaves the chart whole or not at all', async ({ signal, to }) => {
    const bed = new Bed()
    await bed.pulling({ files: 3000 }, 'ulimit -c 0')
    const { child, ended } = bed.start(pull, { detached: true })
    // The staging folder stands in the destination.
    await until(() => bed.names('out').length > 0, 1)
    send(child.pid ?? 0, signal, to)
    const { code, signal: died } = await ended
    const files = bed.names('out').filter((name) => name.endsWith('.txt')).length
    expect([0, 3000]).toContain(files)
    if (files === 0) expect(bed.names('out')).toEqual([])
    else expect(bed.names('out').every((name) => /^demo(\/|$)/.test(name))).toBe(true)
    expect([code, died]).toEqual([null, signal])
    expect(bed.names('tmp')).toEqual([])
  })

  it.each(['SIGKILL', 'SIGTERM', 'SIGSEGV'] as const)(
    '%s that ends helm half-way ends us, too, with a word',
    async (signal) => {
      const bed = new Bed()
      await bed.pulling({}, `ulimit -c 0; kill -${signal.slice(3)} $$`)
      const stderr = `helm-verify-shim: helm was ended by ${signal} while it pulled "r/demo"; nothing was unpacked.\n`
      expect(await bed.run(pull)).toMatchObject({ code: null, signal, stderr })
      expect([bed.names('out'), bed.names('tmp'), bed.names('home')]).toEqual([[], [], []])
    },
  )

  it('reaches a helm that took our place, which may do with it what it likes', async () => {
    const bed = new Bed()
    const helm = bed.helm(`trap 'exit 9' TERM; true >"$run/ready"; while :; do sleep 0.05; done`)
    const { child, ended } = bed.start(['template', '--verify', 'x'])
    await until(() => helm.isWaiting())
    child.kill('SIGTERM')
    expect(await ended).toMatchObject({ code: 9, signal: null })
  })

  it('that stops us and lets us go on changes nothing', async () => {
    const bed = new Bed()
    const helm = await bed.pulling({}, 'true >"$run/ready"; read -r go')
    const { child, ended } = bed.start(pull, { detached: true, keepStdin: true })
    await until(() => helm.isWaiting())
    send(child.pid ?? 0, 'SIGTSTP', 'the process group')
    send(child.pid ?? 0, 'SIGCONT', 'the process group')
    child.stdin?.end('go\n')
    expect(await ended).toMatchObject({ code: 0, signal: null })
    expect(bed.names('out', 'demo')).toContain('Chart.yaml')
  })
})
