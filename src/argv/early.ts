import { flagsOf, isOptional } from './flags.ts'
import type { FlagSet } from './flags.ts'
import { mayFitKind } from './value.ts'

/** A global flag with a value. */
export type GlobalValue = readonly [name: string, value: string]

/** One word read: the global flags in it, and whether it takes the next word with it. */
interface Step {
  readonly found?: GlobalValue
  readonly takesNext: boolean
}

/**
 * What helm takes for global flags before it knows the subcommand: it reads the whole line once with all other flags
 * unknown, and what it finds then stays set. So `upgrade r c -fnginx.yaml` deploys into the namespace `ginx.yaml`.
 * helm: newRootCmd in root.go, `flags.Parse(args)`; pflag's flag.go with UnknownFlags
 * @param argv the words after `helm`
 */
export function earlyGlobals(argv: readonly string[]): readonly GlobalValue[] {
  const globals = flagsOf('')
  const all: GlobalValue[] = []
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? ''
    if (!word.startsWith('-') || word === '-') continue
    if (word === '--') break
    const step = word.startsWith('--') ? long(word, argv[at + 1], globals) : short(word, argv[at + 1], globals)
    // helm ignores what is wrong for now, but reads no further.
    if (step === undefined) break
    if (step.found) all.push(step.found)
    if (step.takesNext) at++
  }
  return all
}

function long(word: string, next: string | undefined, globals: FlagSet): Step | undefined {
  const [name = ''] = word.split('=', 1)
  if (name === '--help' || name === '--' || name.startsWith('---')) return undefined
  const spec = globals.get(name)
  if (!spec) return { takesNext: name === word && swallows(next) }
  const takesNext = name === word && !isOptional(spec)
  const value = takesNext ? next : name === word ? 'true' : word.slice(name.length + 1)
  return value !== undefined && mayFitKind(spec.kind, value) ? { found: [spec.name, value], takesNext } : undefined
}

function short(word: string, next: string | undefined, globals: FlagSet): Step | undefined {
  let takesNext = false
  for (let letters = word.slice(1); letters; letters = letters.slice(1)) {
    if (letters.startsWith('test.')) return { takesNext: false }
    if (letters.startsWith('h')) return undefined
    const assigns = letters.length > 2 && letters[1] === '='
    const spec = globals.get(`-${letters.charAt(0)}`)
    if (spec) {
      // The global flags with a shorthand, -n and -v, all take a value.
      const value = letters.length > 1 ? letters.slice(assigns ? 2 : 1) : next
      if (value === undefined || !mayFitKind(spec.kind, value)) return undefined
      return { found: [spec.name, value], takesNext: letters.length === 1 }
    }
    if (assigns) return { takesNext: false }
    takesNext = swallows(next)
  }
  return { takesNext }
}

/** pflag's stripUnknownFlagValue: what may be an unknown flag's value is skipped. */
function swallows(next: string | undefined): boolean {
  return next !== undefined && !next.startsWith('-')
}
