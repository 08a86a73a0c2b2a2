import type { FlagKind } from './flags.ts'

const truths = ['1', 't', 'T', 'TRUE', 'true', 'True']
const falsehoods = ['0', 'f', 'F', 'FALSE', 'false', 'False']

/** A boolean as Go's strconv.ParseBool reads it, undefined where that fails. */
export function parseBool(value: string): boolean | undefined {
  if (truths.includes(value)) return true
  return falsehoods.includes(value) ? false : undefined
}

/**
 * True if pflag surely accepts the value for such a flag. Numbers, lists and pairs in odd spellings are turned down
 * here although pflag has rules for them. What text means, helm judges by itself.
 */
export function fitsKind(kind: FlagKind, value: string): boolean {
  switch (kind) {
    case 'bool':
      return parseBool(value) !== undefined
    case 'int':
      return /^(0|[1-9]\d{0,8})$/.test(value)
    case 'float':
      return /^\d{1,6}(\.\d{1,6})?$/.test(value)
    case 'duration':
      return value === '0' || /^(\d{1,6}(\.\d{1,6})?(ns|us|ms|s|m|h)){1,6}$/.test(value)
    case 'list':
      // pflag reads it as CSV, where quotes and line ends can be wrong.
      return !/["\r\n]/.test(value)
    case 'map':
      return !/["\r\n]/.test(value) && value.split(',').every((pair) => pair.includes('='))
    case 'text':
    case 'optional':
      return true
    case 'ambiguous':
      return false
  }
}

/**
 * False if pflag surely turns the value down; between this and `fitsKind` lie the odd spellings.
 * helm: strconv.ParseInt with base 0, strconv.ParseFloat
 */
export function mayFitKind(kind: FlagKind, value: string): boolean {
  if (kind === 'int') return /^[-+0-9a-fxob_]+$/i.test(value)
  if (kind === 'float') return /^[-+0-9a-z_.]+$/i.test(value)
  return kind !== 'bool' || fitsKind(kind, value)
}
