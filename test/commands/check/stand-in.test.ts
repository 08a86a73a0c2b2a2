import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { writeStandIns } from '../../../src/commands/check/stand-in.ts'
import { folder } from '../../helpers/folder.ts'

/** A folder with the stand-ins, and a helm that says what it was asked. */
async function standIns() {
  const at = folder({ 'real helm': '#!/bin/sh\necho "real: $*"\n' })
  chmodSync(join(at, 'real helm'), 0o755)
  const flags = await writeStandIns(at, join(at, 'real helm'))
  const call = (name: string, ...args: string[]) =>
    execFileSync(join(at, name), args, { cwd: at, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
  return { at, flags, call }
}

describe('the stand-ins', () => {
  it('are named to helmfile without a folder, and are for nobody else', async () => {
    const { at, flags } = await standIns()
    expect(flags).toEqual(['--helm-binary', 'hvs-helm', '--kustomize-binary', 'hvs-kustomize'])
    expect(statSync(join(at, 'hvs-helm')).mode & 0o777).toBe(0o700)
  })

  it.each([['version', '--short'], ['env'], ['plugin', 'list']])('leave to the real helm: %s %s', async (...args) => {
    const { call } = await standIns()
    expect(call('hvs-helm', ...args)).toBe(`real: ${args.join(' ')}\n`)
  })

  it.each([
    ['pull', 'oci://h:5000/c/demo:0.1.0', '--destination', 'out', '--untar'],
    ['pull', 'oci://h:5000/c/demo@sha256:ab', '--untar', '--destination=out'],
    ['fetch', 'cls/demo', '--untar', '-d', 'out'],
  ])('make a chart instead of pulling one: %s %s %s %s %s', async (...args) => {
    const { at, call } = await standIns()
    expect(call('hvs-helm', ...args)).toBe('')
    expect(readFileSync(join(at, 'out/demo/Chart.yaml'), 'utf8')).toContain('\nname: demo\n')
  })

  it('render one file instead of a chart', async () => {
    const { at, call } = await standIns()
    const [, file = ''] = /^wrote (.*)\n$/.exec(call('hvs-helm', 'template', '--output-dir=out x', 'a', '.')) ?? []
    expect(existsSync(join(at, file))).toBe(true)
  })

  it('neither log in nor add a repository', async () => {
    const { call } = await standIns()
    expect(call('hvs-helm', 'registry', 'login', 'h', '--password-stdin')).toBe('')
    expect(call('hvs-helm', 'repo', 'add', 'a', 'https://h')).toBe('')
  })

  it('stand in for kustomize, too', async () => {
    const { at, call } = await standIns()
    expect(call('hvs-kustomize', 'version')).toMatch(/^v\d/)
    expect(call('hvs-kustomize', 'build', '.', '--output', 'all.yaml')).toBe('')
    expect(existsSync(join(at, 'all.yaml'))).toBe(true)
  })
})
