import { globalOptions, type Completed } from './model.ts'

/**
 * The completion script for bash, also for the 3.2 of macOS: no `mapfile`, no `compopt`. Where no word fits, and after
 * an option that takes a value, `-o default` has readline complete file names. (pure)
 */
export function bashCompletion(commands: readonly Completed[]): string {
  const taking = commands.flatMap(({ options }) =>
    options.filter(({ value }) => value).flatMap(({ name, short }) => (short ? [short, name] : [name])),
  )
  const first = [...commands, ...globalOptions].map(({ name }) => name)
  const cases = commands.map(
    ({ name, words, options }) =>
      `      ${name}) words='${[...words, ...options.map((one) => one.name)].join(' ')}' ;;`,
  )
  return `# bash completion for helm-verify-shim
_helm_verify_shim() {
  local word=\${COMP_WORDS[COMP_CWORD]} words=
  COMPREPLY=()
  case \${COMP_WORDS[COMP_CWORD - 1]} in
    ${[...new Set(taking)].join(' | ')}) return ;;
  esac
  if [ "$COMP_CWORD" = 1 ]; then
    words='${first.join(' ')}'
  else
    case \${COMP_WORDS[1]} in
${cases.join('\n')}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _helm_verify_shim helm-verify-shim
`
}
