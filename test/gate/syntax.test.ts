import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { run } from '../fixtures/start.ts'
import { shells, which } from './shells.ts'

const gate = join(import.meta.dirname, '../../src/gate/helm.sh')

describe('the gate as a script', () => {
  it(`is tested under the shells of this machine: ${shells.map(({ name }) => name).join(', ')}`, () => {
    expect(shells.map(({ name }) => name)).toContain('sh')
  })

  it.each(shells)('is read without a complaint by $name', async ({ command: [program, ...options] }) => {
    expect(await run(program, [...options, '-n', gate])).toMatchObject({ code: 0, stdout: '', stderr: '' })
  })

  const shellcheck = which('shellcheck')
  it.runIf(shellcheck)('passes shellcheck as POSIX sh, but for -ef, which no other test can stand in for', async () => {
    const { code, stdout } = await run(shellcheck ?? '', ['--shell=sh', '--exclude=SC3013', gate])
    expect(stdout).toBe('')
    expect(code).toBe(0)
  })

  it('uses no name but its own, so that no variable of the user is assigned to', async () => {
    const { stdout } = await run('sed', ['-n', String.raw`s/^[^#]*[[:space:];(]\([A-Za-z_]\{1,\}\)=.*/\1/p`, gate])
    const names = stdout.trim().split('\n')
    expect(names.length).toBeGreaterThan(5)
    expect(names.filter((name) => !name.startsWith('hvs_'))).toEqual([])
  })
})
