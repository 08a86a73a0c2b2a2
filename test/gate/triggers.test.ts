import { describe, expect, it } from 'vitest'
import { Bed } from './bed.ts'
import { shells } from './shells.ts'

const handed = [
  ['pull', 'x', '--untar'],
  ['pull', 'x', '--untar=true'],
  ['pull', 'x', '--untar=false'],
  ['pull', 'x', '--untar='],
  ['--untar=true', 'pull', 'x'],
  ['fetch', '--untar', 'x'],
  ['upgrade', 'r', 'c', '--verify'],
  ['upgrade', 'r', 'c', '--verify=1'],
  ['upgrade', 'r', 'c', '--verify=false'],
  ['verify', 'x-1.0.0.tgz'],
  ['--debug', 'verify', 'x-1.0.0.tgz'],
  // Whether these count is the engine's to say: it knows which flags take values.
  ['pull', '--version', '--untar', 'x'],
  ['pull', 'x', '--', '--untar'],
]

const passed = [
  [],
  ['version'],
  ['version', '--short', '--client'],
  ['pull', 'x'],
  ['pull', 'x', '--prov', '-d', 'out'],
  ['pull', 'x', '--untardir', 'out'],
  ['pull', 'x', '--untardir=out'],
  ['pull', 'x', '--Untar'],
  ['pull', 'x', '-untar'],
  ['pull', 'x', 'untar'],
  ['upgrade', 'r', 'c', '--verify-all'],
  ['upgrade', 'r', 'c', '--set', 'a=--verify'],
  ['upgrade', 'r', 'c', '--set=--verify=1'],
  ['upgrade', 'r', 'c', '--description', 'we verify it'],
  ['upgrade', '--install', 'r', 'c', '-f', 'a.yaml', '-n', 'ns', '--set', 'a=b,c=d', '--wait', '--timeout', '5m'],
  ['-'],
  ['--'],
  [''],
  ['', ' ', '\n', '\t\n'],
  [' --verify ', '--verify ', ' verify'],
  ['--=', '-=', '='],
  ['*', '?', '[a-z]*', '~', '$HOME', '`id`', '$(id)', '\\', '\\n', '%s', '"', "'"],
]

describe.each(shells)('the gate under $name', (shell) => {
  it.each(handed.map((words) => ({ line: words.join(' '), words })))(
    'hands to the engine: $line',
    async ({ words }) => {
      const bed = new Bed(shell)
      const { code, helm, engine, pid } = await bed.run(words)
      expect(code).toBe(0)
      expect(helm).toEqual([])
      expect(engine).toMatchObject([{ words: ['as-helm', bed.helm.path, ...words], pid, childFaults: 0 }])
    },
  )

  it.each(passed.map((words) => ({ line: words.join(' '), words })))('passes to helm: $line', async ({ words }) => {
    const { code, helm, engine, pid, stderr } = await new Bed(shell).run(words)
    expect([code, stderr]).toEqual([0, ''])
    expect(engine).toEqual([])
    expect(helm).toMatchObject([{ words, pid, childFaults: 0 }])
  })
})
