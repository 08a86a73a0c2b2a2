import { globalOptions, type Completed } from './model.ts'
import type { Option } from './options.ts'

/** The completion script for fish. (pure) */
export function fishCompletion(commands: readonly Completed[]): string {
  const first = '__fish_use_subcommand'
  const lines = [
    '# fish completion for helm-verify-shim',
    'complete -c helm-verify-shim -f',
    ...commands.map(({ name, summary }) => `${when(first)} -a ${name} -d ${quote(summary)}`),
    ...globalOptions.map((option) => `${when(first)} ${optionWords(option)}`),
    ...commands.flatMap(({ name, options, words }) => {
      const within = when(`__fish_seen_subcommand_from ${name}`)
      return [
        ...options.map((option) => `${within} ${optionWords(option)}`),
        ...(words.length > 0 ? [`${within} -a ${quote(words.join(' '))}`] : []),
      ]
    }),
  ]
  return `${lines.join('\n')}\n`
}

function when(condition: string): string {
  return `complete -c helm-verify-shim -n ${quote(condition)}`
}

function optionWords({ name, short, value, summary }: Option): string {
  const shortWords = short ? `-s ${short.slice(1)} ` : ''
  const valueWords =
    value === undefined
      ? ''
      : value === 'DIR'
        ? `-xa '(__fish_complete_directories)' `
        : value === 'FILE'
          ? '-rF '
          : '-x '
  return `${shortWords}-l ${name.slice(2)} ${valueWords}-d ${quote(summary)}`
}

function quote(text: string): string {
  return `'${text.replace(/['\\]/g, '\\$&')}'`
}
