import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { advice, shellQuote } from '../../../src/commands/install/advice.ts'

const awkward = `/a b/it's $HOME "x"/\\bin`

describe('advice', () => {
  it.each(['/home/u/bin', awkward])('gives a line for sh that puts %s first on PATH, whatever is in it', (folder) => {
    const line = /export PATH.*/.exec(advice(folder, `${folder}/helm`, 'linux'))?.[0] ?? ''
    const path = execFileSync('/bin/sh', ['-c', `${line}; printf "%s\\n" "$PATH"`], {
      env: { PATH: '/x y' },
      encoding: 'utf8',
    })
    expect(path).toBe(`${folder}:/x y\n`)
  })

  it.each(['/home/u/bin/helm', `${awkward}/helm`, 'C:\\Program Files\\helm.exe'])(
    'gives YAML that names the gate %s',
    (gate) => {
      const platform = gate.startsWith('C:') ? 'win32' : 'linux'
      const yaml = /helmBinary:.*/.exec(advice('/x', gate, platform))?.[0] ?? ''
      expect(parse(yaml)).toEqual({ helmBinary: gate })
    },
  )

  it('speaks of GITHUB_PATH', () => {
    expect(advice('/opt/x', '/opt/x/helm', 'linux')).toContain('echo /opt/x >> "$GITHUB_PATH"')
  })
})

describe('shellQuote', () => {
  it('leaves plain words as they are', () => {
    expect(shellQuote('/opt/a-b_c/1.2')).toBe('/opt/a-b_c/1.2')
  })
})
