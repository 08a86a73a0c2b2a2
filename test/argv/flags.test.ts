import { describe, expect, it } from 'vitest'
import { COMMANDS, GLOBALS, GROUPS } from '../../src/argv/flag-table.ts'
import { findCommand, flagsOf, isOptional, isRunnable } from '../../src/argv/flags.ts'

describe('findCommand', () => {
  it.each([
    ['', 'pull', 'pull'],
    ['', 'fetch', 'pull'],
    ['', 'inspect', 'show'],
    ['show', 'values', 'show values'],
    ['dependency', 'up', 'dependency update'],
    ['', 'values', undefined],
    ['show', 'pull', undefined],
    ['', 'completion', undefined],
    ['', 'constructor', undefined],
    // Only helm 4 has it.
    ['plugin', 'verify', undefined],
  ])('%j %s: %s', (parent, word, command) => {
    expect(findCommand(parent, word)).toBe(command)
  })
})

describe('flagsOf', () => {
  it('reads the notation', () => {
    const pull = flagsOf('pull')
    expect(pull.get('-d')).toBe(pull.get('--destination'))
    expect(pull.get('--destination')).toEqual({ name: 'destination', kind: 'text', everywhere: true })
    expect(pull.get('--untar')?.kind).toBe('bool')
    expect(pull.get('--qps')).toEqual({ name: 'qps', kind: 'float', everywhere: false })
    expect(flagsOf('upgrade').get('--dry-run')?.kind).toBe('optional')
    expect(flagsOf('template').get('-a')?.kind).toBe('list')
  })

  it('holds only global flags for a group and for helm itself', () => {
    expect(flagsOf('show')).toEqual(flagsOf(''))
    expect(flagsOf('').has('--debug')).toBe(true)
    expect(flagsOf('').has('--untar')).toBe(false)
  })

  it('has helm 4 flags next to those of helm 3.7', () => {
    expect(['--atomic', '--rollback-on-failure'].every((name) => flagsOf('upgrade').has(name))).toBe(true)
  })

  it('never has a help flag, which is for helm to answer', () => {
    for (const command of Object.keys(COMMANDS)) expect(flagsOf(command).has('--help')).toBe(false)
  })
})

it('the table has no flag twice, no empty kind and no command that is a group', () => {
  for (const list of [GLOBALS, ...Object.values(COMMANDS)]) {
    const names = list.split(' ').filter(Boolean)
    expect(new Set(names).size).toBe(names.length)
    for (const name of names) expect(name).toMatch(/^([a-zA-Z]\/)?[a-z][a-z-]*[a-z]?[?=#.~,:!]?\*?$/)
  }
  for (const group of GROUPS.split(',')) expect(isRunnable(group)).toBe(false)
})

it('a flag that takes the next word is not optional, nor is one that is not known', () => {
  expect(isOptional(flagsOf('pull').get('-d'))).toBe(false)
  expect(isOptional(flagsOf('pull').get('--no'))).toBe(false)
  expect(isOptional(flagsOf('install').get('--wait'))).toBe(true)
})
