import { globalOptions, type Completed } from './model.ts'
import type { Option } from './options.ts'

/** The completion script for zsh, to be sourced or to be found in fpath by its name, `_helm-verify-shim`. (pure) */
export function zshCompletion(commands: readonly Completed[]): string {
  const described = commands.map(({ name, summary }) => `      '${name}:${escape(summary)}'`)
  const cases = commands.map(({ name, options, words }) => {
    const specs = [...options.map(spec), ...(words.length > 0 ? [`'1:word:(${words.join(' ')})'`] : [])]
    return `    ${name}) ${specs.length > 0 ? `_arguments ${specs.join(' ')} ` : ''};;`
  })
  return `#compdef helm-verify-shim
# zsh completion for helm-verify-shim
_helm-verify-shim() {
  if (( CURRENT == 2 )); then
    local -a commands=(
${described.join('\n')}
    )
    _describe command commands
    _arguments ${globalOptions.map(spec).join(' ')}
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${cases.join('\n')}
  esac
}
if [[ $funcstack[1] == _helm-verify-shim ]]; then
  _helm-verify-shim "$@"
else
  compdef _helm-verify-shim helm-verify-shim
fi
`
}

function spec({ name, short, value, summary }: Option): string {
  const action = value === 'DIR' ? '_files -/' : value === 'FILE' ? '_files' : ' '
  const tail = `[${escape(summary)}]${value ? `:${value}:${action}` : ''}`
  return short ? `'(${short} ${name})'{${short},${name}}'${tail}'` : `'${name}${tail}'`
}

function escape(text: string): string {
  return text.replace(/[[\]:\\]/g, '\\$&').replaceAll("'", `'\\''`)
}
