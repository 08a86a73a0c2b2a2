import { chmodSync, linkSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Bed } from './bed.ts'
import { shells } from './shells.ts'

const none = 'helm-verify-shim: no helm to hand the command to: '
const next =
  "helm-verify-shim: next: install helm, or put this shim's folder before helm's on PATH, or set HELM_VERIFY_SHIM_HELM to helm's full path.\n"

describe.each(shells)('the next helm, under $name', (shell) => {
  it('is the first on PATH after the gate, not one before it', async () => {
    const bed = new Bed(shell)
    const before = bed.recorder('before/helm')
    const after = bed.recorder('after/helm')
    const { helm } = await bed.run(['version'], { env: { PATH: bed.path('before', 'shim', 'real', 'after') } })
    expect(helm).toHaveLength(1)
    expect([...before.runs(), ...after.runs()]).toEqual([])
  })

  it('is the first on PATH where the gate is not on PATH', async () => {
    const bed = new Bed(shell)
    const after = bed.recorder('after/helm')
    const { helm } = await bed.run(['version'], { env: { PATH: bed.path('nowhere', 'real', 'after') } })
    expect(helm).toHaveLength(1)
    expect(after.runs()).toEqual([])
  })

  it('is the one after a link to the gate', async () => {
    const bed = new Bed(shell)
    const before = bed.recorder('before/helm')
    mkdirSync(bed.at('links'))
    symlinkSync('../shim/helm', bed.at('links/helm'))
    const env = { PATH: bed.path('before', 'links', 'real') }
    expect((await bed.run(['version'], { env })).helm).toHaveLength(1)
    expect((await bed.run(['version'], { env, gate: bed.at('links/helm') })).helm).toHaveLength(2)
    expect(before.runs()).toEqual([])
  })

  it('is the one after the last place where the gate stands on PATH twice', async () => {
    const bed = new Bed(shell)
    mkdirSync(bed.at('hard'))
    linkSync(bed.gate, bed.at('hard/helm'))
    const { helm } = await bed.run(['version'], { env: { PATH: bed.path('shim', 'hard', 'shim', 'real') } })
    expect(helm).toHaveLength(1)
  })

  it('is found through a second copy of the gate on PATH, which ends where it began', async () => {
    const bed = new Bed(shell)
    chmodSync(bed.installGate('copy'), 0o755)
    chmodSync(bed.gate, 0o755)
    const { pid, helm, engine } = await bed.run(['version'], { env: { PATH: bed.path('shim', 'copy', 'real') } })
    expect(helm).toMatchObject([{ pid, words: ['version'] }])
    expect(engine).toEqual([])
  })

  it('is missing where two copies of the gate are all there is, which do not call each other forever', async () => {
    const bed = new Bed(shell)
    const copy = bed.installGate('copy')
    for (const gate of [bed.gate, copy]) chmodSync(gate, 0o755)
    const env = { PATH: bed.path('shim', 'copy') }
    const { code, stderr } = await bed.run(['version'], { env })
    expect([code, stderr]).toEqual([127, `${none}PATH has none after this shim, "${copy}"\n${next}`])
    expect((await bed.run(['version'], { env, gate: copy })).code).toBe(127)
  })

  it.each([
    ['spaces', ' a  b '],
    ['a newline', 'a\nb'],
    ['a newline at the end', 'a\n'],
    ['globs', '*?[a]'],
    ['a dollar', '$HOME ${x} $(id) `id`'],
    ['quotes', `'a' "b" \\c\\`],
    ['a dash in front', '-n'],
    ['an equals sign', 'a=b'],
    ['letters of other languages', 'grüße-日本'],
  ])('may lie, and the gate, too, in a folder whose name has %s', async (_, name) => {
    const bed = new Bed(shell)
    mkdirSync(bed.at(name))
    renameSync(bed.at('shim'), bed.at(name, 'shim'))
    renameSync(bed.at('real'), bed.at(name, 'real'))
    const env = { PATH: `${bed.at(name, 'shim')}:${bed.at(name, 'real')}` }
    const gate = bed.at(name, 'shim/helm')
    const passed = await bed.run(['version'], { env, gate })
    expect([passed.stderr, passed.helm.length, passed.engine.length]).toEqual(['', 1, 0])
    const handed = await bed.run(['--verify'], { env, gate })
    const found = Buffer.from(bed.at(name, 'real/helm')).toString('latin1')
    expect(handed.engine).toMatchObject([{ words: ['as-helm', found, '--verify'] }])
  })

  it('may lie in a folder that PATH names from the current one', async () => {
    const bed = new Bed(shell)
    const { helm } = await bed.run(['version'], { env: { PATH: 'shim:real:/usr/bin:/bin' }, gate: 'shim/helm' })
    expect(helm).toHaveLength(1)
  })

  it.each([
    ['in front', ':SHIM'],
    ['in the middle', 'SHIM::/bin'],
    ['at the end', 'SHIM:'],
    ['as all there is', ''],
  ])('may lie in the current folder, where PATH has an empty entry %s', async (_, path) => {
    const bed = new Bed(shell)
    const gate = path.startsWith(':') || path === '' ? bed.installGate('elsewhere') : bed.gate
    const env = { PATH: path.replace('SHIM', dirname(path.startsWith(':') ? bed.at('nowhere/x') : gate)) }
    const { helm } = await bed.run(['version'], { env, gate, cwd: bed.at('real') })
    expect(helm).toHaveLength(1)
  })

  it('is not the gate in the current folder, where PATH has an empty entry', async () => {
    const bed = new Bed(shell)
    const env = { PATH: `:${bed.at('real')}` }
    const { helm } = await bed.run(['version'], { env, gate: './helm', cwd: bed.at('shim') })
    expect(helm).toHaveLength(1)
  })

  it('is no folder, no file that cannot be run, and no dangling link', async () => {
    const bed = new Bed(shell)
    mkdirSync(bed.at('a/helm'), { recursive: true })
    mkdirSync(bed.at('b'))
    writeFileSync(bed.at('b/helm'), '#!/bin/sh\nexit 9\n', { mode: 0o644 })
    mkdirSync(bed.at('c'))
    symlinkSync('nowhere', bed.at('c/helm'))
    const { code, helm } = await bed.run(['version'], { env: { PATH: bed.path('shim', 'a', 'b', 'c', 'real') } })
    expect([code, helm.length]).toEqual([0, 1])
  })

  it('is what a link on PATH leads to, run by the name of the link', async () => {
    const bed = new Bed(shell)
    mkdirSync(bed.at('links'))
    symlinkSync('../real/helm', bed.at('links/helm'))
    expect((await bed.run(['--verify'], { env: { PATH: bed.path('shim', 'links') } })).engine).toMatchObject([
      { words: ['as-helm', bed.at('links/helm'), '--verify'] },
    ])
  })

  describe('with a tool manager, whose own programs stand in for helm and look for the gate again', () => {
    /** Like the shims of mise and asdf: runs the tool that it manages by its full path. */
    const manager = (bed: Bed) => {
      mkdirSync(bed.at('manager'))
      writeFileSync(bed.at('manager/helm'), `#!/bin/sh\nexec '${bed.helm.path}' "$@"\n`, { mode: 0o755 })
    }

    it('is reached through it where it stands behind', async () => {
      const bed = new Bed(shell)
      manager(bed)
      const { helm, pid } = await bed.run(['version'], { env: { PATH: bed.path('shim', 'manager') } })
      expect(helm).toMatchObject([{ pid, words: ['version'] }])
    })

    it('is the one behind the gate where it stands ahead', async () => {
      const bed = new Bed(shell)
      manager(bed)
      const after = bed.recorder('after/helm')
      const { helm } = await bed.run(['version'], { env: { PATH: bed.path('manager', 'shim', 'after') } })
      expect(helm).toEqual([])
      expect(after.runs()).toHaveLength(1)
    })
  })

  it('is missing where PATH has none, and the text says so', async () => {
    const bed = new Bed(shell)
    const { code, stdout, stderr, engine } = await bed.run(['--verify'], { env: { PATH: bed.path('shim', 'nowhere') } })
    expect([code, stdout, stderr]).toEqual([127, '', `${none}PATH has none after this shim, "${bed.gate}"\n${next}`])
    expect(engine).toEqual([])
  })

  describe('with HELM_VERIFY_SHIM_HELM', () => {
    const naming = async (bed: Bed, name: string, more: { path?: string } = {}) =>
      await bed.run(['version'], {
        env: { PATH: more.path ?? bed.path('shim', 'real'), HELM_VERIFY_SHIM_HELM: name },
      })

    it('is the file that it names, wherever that lies', async () => {
      const bed = new Bed(shell)
      const named = bed.recorder('other place/my helm')
      expect((await naming(bed, named.path)).helm).toEqual([])
      expect(named.runs()).toHaveLength(1)
    })

    it('is the file that it names from the current folder', async () => {
      const bed = new Bed(shell)
      const named = bed.recorder('other/my-helm')
      await naming(bed, './other/my-helm')
      await naming(bed, 'other/my-helm')
      expect(named.runs()).toHaveLength(2)
    })

    it('is a program of that name on PATH, where it has no slash', async () => {
      const bed = new Bed(shell)
      const named = bed.recorder('real/helm3')
      expect((await naming(bed, 'helm3')).helm).toEqual([])
      expect(named.runs()).toHaveLength(1)
    })

    it('is found on PATH ahead of the gate, too, if it goes by another name', async () => {
      const bed = new Bed(shell)
      const named = bed.recorder('before/helm3')
      await naming(bed, 'helm3', { path: bed.path('before', 'shim') })
      expect(named.runs()).toHaveLength(1)
    })

    it('is as if it were not set, where it is empty', async () => {
      expect((await naming(new Bed(shell), '')).helm).toHaveLength(1)
    })

    it.each([
      ['the gate itself', (bed: Bed) => bed.gate],
      ['a link to the gate', (bed: Bed) => bed.at('link')],
      ['a missing file', (bed: Bed) => bed.at('nowhere/helm')],
      ['a folder', (bed: Bed) => bed.at('real')],
      ['a file that cannot be run', (bed: Bed) => bed.at('text')],
      ['a program that is not on PATH', () => 'helm-of-nowhere'],
    ])('is missing where it names %s, and no other helm is run in its place', async (_, of) => {
      const bed = new Bed(shell)
      symlinkSync(bed.gate, bed.at('link'))
      writeFileSync(bed.at('text'), '', { mode: 0o644 })
      chmodSync(bed.gate, 0o755)
      const name = of(bed)
      const { code, stderr, helm } = await naming(bed, name)
      const why = `HELM_VERIFY_SHIM_HELM names "${name}", and there is no such program besides this shim\n`
      expect([code, stderr]).toEqual([127, none + why + next])
      expect(helm).toEqual([])
    })
  })
})

describe('the gate by its first line', () => {
  it('is what the kernel runs, through a link and from PATH', async () => {
    const bed = new Bed()
    chmodSync(bed.gate, 0o755)
    mkdirSync(bed.at('links'))
    symlinkSync('../shim/helm', bed.at('links/helm'))
    expect((await bed.run(['version'])).helm).toHaveLength(1)
    expect((await bed.run(['version'], { gate: bed.at('links/helm') })).helm).toHaveLength(2)
    const env = { PATH: bed.path('shim', 'real') }
    expect((await bed.run(['helm', 'version'], { gate: '/usr/bin/env', env })).helm).toHaveLength(3)
    expect((await bed.run(['helm', '--verify'], { gate: '/usr/bin/env', env })).engine).toHaveLength(1)
  })
})
