import { execFileSync, spawnSync } from 'node:child_process'
import { describe, expect, it, vi } from 'vitest'
import { runCommand } from '../../src/commands/command.ts'
import { bashCompletion } from '../../src/commands/completion/bash.ts'
import { fishCompletion } from '../../src/commands/completion/fish.ts'
import { completed } from '../../src/commands/completion/model.ts'
import { optionsOf } from '../../src/commands/completion/options.ts'
import { zshCompletion } from '../../src/commands/completion/zsh.ts'
import { helps } from '../../src/commands/help.ts'
import { write } from '../../src/messages/say.ts'
import { folder } from '../helpers/folder.ts'

vi.mock('../../src/messages/say.ts', () => ({ write: vi.fn(), say: vi.fn() }))

const all = completed(helps)
const has = (shell: string) => spawnSync(shell, ['-c', ':']).status === 0

describe('the options of a command', () => {
  const page = `Usage: helm-verify-shim x [--dir DIR]

Not --this one.

  -e, --env NAME   the environment; or another
                   --not-this
  --json           the same as JSON
`
  it('are read from its help', () => {
    expect(optionsOf({ summary: '', page })).toEqual([
      { name: '--env', short: '-e', value: 'NAME', summary: 'the environment' },
      { name: '--json', short: undefined, value: undefined, summary: 'the same as JSON' },
    ])
  })
})

/** What bash offers for a line, whose last word is the one that is being typed. */
function bash(...line: string[]): string[] {
  const script = `${bashCompletion(all)}
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
    _helm_verify_shim
    printf '%s\\n' "\${COMPREPLY[@]}"`
  const output = execFileSync('bash', ['-c', script, 'bash', 'helm-verify-shim', ...line], { encoding: 'utf8' })
  return output.split('\n').filter(Boolean)
}

describe('completion in bash', () => {
  it.each<[string[], string[]]>([
    [['inst'], ['install']],
    [['--v'], ['--version']],
    [['install', '--p'], ['--print-path']],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish', '--help'],
    ],
    [['help', 'rec'], ['receipts']],
    [['nonsense', ''], []],
    // File names are readline's.
    [['install', '--dir', ''], []],
  ])('%j gives %j', (line, offered) => {
    expect(bash(...line)).toEqual(offered)
  })

  it('offers every command first', () => {
    expect(bash('')).toEqual(expect.arrayContaining(Object.keys(helps)))
  })
})

describe('completion in zsh', () => {
  it.runIf(has('zsh'))('is registered by a script that zsh can read', () => {
    const script = `autoload -U compinit && compinit -D -u && source ./script && print -r -- $_comps[helm-verify-shim]`
    const output = execFileSync('zsh', ['-fc', script], {
      cwd: folder({ script: zshCompletion(all) }),
      encoding: 'utf8',
    })
    expect(output).toBe('_helm-verify-shim\n')
  })

  it('has each command with its summary', () => {
    for (const [name, { summary }] of Object.entries(helps)) {
      expect(zshCompletion(all)).toContain(`'${name}:${summary}'`)
    }
  })
})

describe('completion in fish', () => {
  it.runIf(has('fish')).each([
    ['inst', 'install'],
    ['install --pr', '--print-path'],
    ['completion z', 'zsh'],
    ['help unin', 'uninstall'],
  ])('%j gives %j', (line, word) => {
    const script = `source ./script; complete -C'helm-verify-shim ${line}'`
    const output = execFileSync('fish', ['--no-config', '-c', script], {
      cwd: folder({ script: fishCompletion(all) }),
      encoding: 'utf8',
    })
    expect(output.trim().split('\t')[0]).toBe(word)
  })

  it('has each command with its summary', () => {
    for (const name of Object.keys(helps)) expect(fishCompletion(all)).toContain(` -a ${name} -d '`)
  })
})

describe('helm-verify-shim completion', () => {
  it('prints the script for the shell that is named', async () => {
    expect(await runCommand(['completion', 'fish'], {})).toBe(0)
    expect(write).toHaveBeenCalledWith(1, fishCompletion(all))
  })

  it.each([[[]], [['ksh']]])('refuses %j', async (words) => {
    await expect(runCommand(['completion', ...words], {})).rejects.toMatchObject({ code: 'usage' })
  })
})
