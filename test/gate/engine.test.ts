import { chmodSync, mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Bed } from './bed.ts'
import { shells } from './shells.ts'

describe.each(shells)('the engine, under $name', (shell) => {
  it.each(['../shim/helm', 'ROOT/shim/helm'])('is found beside the file that a link to %s leads to', async (target) => {
    const bed = new Bed(shell)
    mkdirSync(bed.at('links'))
    symlinkSync(target.replace('ROOT', bed.root), bed.at('links/a'))
    expect((await bed.run(['--verify'], { gate: bed.at('links/a') })).engine).toHaveLength(1)
  })

  it('is found through a chain of links, relative and absolute, and links to folders', async () => {
    const bed = new Bed(shell)
    for (const folder of ['a', 'b', 'c']) mkdirSync(bed.at(folder))
    symlinkSync(bed.at('shim'), bed.at('c/shim'))
    symlinkSync('../c/shim/helm', bed.at('b/$(id) link'))
    symlinkSync(bed.at('b/$(id) link'), bed.at('a/second'))
    symlinkSync('second', bed.at('a/helm'))
    expect((await bed.run(['--verify'], { gate: bed.at('a/helm') })).engine).toHaveLength(1)
    expect((await bed.run(['--verify'], { gate: './a/helm' })).engine).toHaveLength(2)
    expect((await bed.run(['--verify'], { gate: 'helm', cwd: bed.at('a') })).engine).toHaveLength(3)
  })

  it.each([
    [
      'is missing',
      (engine: string) => {
        rmSync(engine)
      },
    ],
    [
      'cannot be run',
      (engine: string) => {
        chmodSync(engine, 0o644)
      },
    ],
  ])('is asked for by one clear text where it %s, and helm is not run in its place', async (_, spoil) => {
    const bed = new Bed(shell)
    spoil(bed.engine.path)
    const { code, stdout, stderr, helm } = await bed.run(['pull', 'x', '--untar'])
    expect(stderr).toBe(
      `helm-verify-shim: "${bed.engine.path}" is missing, so this command cannot be checked; nothing was run.\n` +
        'helm-verify-shim: next: keep helm and helm-verify-shim together in one folder (install again).\n',
    )
    expect([code, stdout, helm]).toEqual([1, '', []])
  })

  it('is not needed for what is passed through', async () => {
    const bed = new Bed(shell)
    rmSync(bed.engine.path)
    expect((await bed.run(['version'])).helm).toHaveLength(1)
  })

  it('gets the words as they are, and the helm that was found before them', async () => {
    const bed = new Bed(shell)
    const words = ['upgrade', '', ' ', 'a\nb', '*', '$HOME', "'", '"', '\\', '--verify', '-x', '--', 'end\n']
    const { engine } = await bed.run(words)
    expect(engine).toMatchObject([{ words: ['as-helm', bed.helm.path, ...words] }])
  })

  it('gets stdin, the environment, the exit code and the process as helm would', async () => {
    const bed = new Bed(shell)
    const engine = bed.recorder('shim/helm-verify-shim', 'record_stdin; exit 42')
    const { code, pid } = await bed.run(['--verify'], { input: 'some\0bytes', env: { a: '1' } })
    expect(code).toBe(42)
    expect(engine.runs()).toMatchObject([{ pid, stdin: 'some\0bytes' }])
    expect(engine.runs()[0]?.environment).toContain('a=1')
  })
})
