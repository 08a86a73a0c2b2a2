import { describe, expect, it } from 'vitest'
import { commands } from '../../src/commands/command.ts'
import { optionsOf } from '../../src/commands/completion/options.ts'
import { help, helps } from '../../src/commands/help.ts'

describe('help', () => {
  it.each(['overview', ...Object.keys(helps)])('has no line of more than 80 columns: %s', (name) => {
    const long = help(name)
      .split('\n')
      .filter((line) => line.length > 80)
    expect(long).toEqual([])
  })

  it.each(['overview', ...Object.keys(helps)])('has no trailing space, and ends with one newline: %s', (name) => {
    expect(help(name)).toMatch(/[^\s]\n$/)
    expect(help(name)).not.toMatch(/[ \t]\n/)
  })

  it('has an entry for each command, and for no other', () => {
    expect(Object.keys(helps).sort()).toEqual(Object.keys(commands).sort())
  })

  it.each(Object.entries(commands))('describes the options that %s has, and no others', async (name, load) => {
    const { booleans = [], strings = [], aliases = {} } = await load()
    const described = optionsOf(helps[name] ?? { summary: '', page: '' })
    expect(described.map((option) => option.name).sort()).toEqual(
      [...booleans, ...strings].map((word) => `--${word}`).sort(),
    )
    expect(
      described
        .filter(({ value }) => value)
        .map((option) => option.name)
        .sort(),
    ).toEqual(strings.map((word) => `--${word}`).sort())
    expect(described.flatMap(({ short }) => short ?? []).sort()).toEqual(
      Object.keys(aliases)
        .map((word) => `-${word}`)
        .sort(),
    )
  })

  it('is the overview for a word that is no command', () => {
    expect(help('nonsense')).toBe(help())
    expect(help('constructor')).toBe(help())
  })
})
