import { ShimError } from '../messages/shim-error.ts'
import { quote } from '../messages/text.ts'
import { isChartName } from './chart-file.ts'

/** The chart that each repository may serve under another name. */
export type Aliases = ReadonlyMap<string, string>

/**
 * Reads HELM_VERIFY_SHIM_ALIAS: `REPOSITORY=CHART[,…]`, where REPOSITORY is as in the reference, without tag or digest:
 * `ghcr.io/org/alias`, with or without `oci://`, or `repo/chart` of a classic repository.
 * @throws ShimError (usage) for anything else: what loosens a check is never guessed
 */
export function readAliases(text: string): Aliases {
  const aliases = new Map<string, string>()
  if (text === '') return aliases
  for (const entry of text.split(',')) {
    const [repository, chart] = readEntry(entry)
    const other = aliases.get(repository)
    if (other !== undefined) throw wrong(entry, `${quote(repository)} is already an alias of ${quote(other)}`)
    aliases.set(repository, chart)
  }
  return aliases
}

/** The key under which a repository is looked up, and has to be written. */
export function aliasKey(repository: string): string {
  return repository.replace(/^oci:\/\//, '')
}

/** The setting that would let a repository serve a chart; undefined where none can say so. */
export function aliasSetting(repository: string, chart: string): string | undefined {
  const entry = `${aliasKey(repository)}=${chart}`
  try {
    return readAliases(entry).get(aliasKey(repository)) === chart ? `HELM_VERIFY_SHIM_ALIAS=${entry}` : undefined
  } catch {
    return undefined
  }
}

function readEntry(entry: string): [repository: string, chart: string] {
  const at = entry.lastIndexOf('=')
  if (at < 0) throw wrong(entry, 'there is no = in it')
  const repository = aliasKey(entry.slice(0, at))
  const chart = entry.slice(at + 1)
  if (/\s/.test(entry)) throw wrong(entry, 'there is white space in it')
  if (repository === '') throw wrong(entry, 'the repository is missing')
  if (/[*?=]/.test(repository)) throw wrong(entry, 'a repository is one repository, with no wildcards')
  if (!/[^/]\/[^/]+$/.test(repository)) {
    throw wrong(entry, 'the repository has to be whole, as in ghcr.io/org/alias or repo/chart')
  }
  if (/[:@][^/]*$/.test(repository)) throw wrong(entry, 'the repository has a tag or a digest')
  if (!isChartName(chart)) throw wrong(entry, `${quote(chart)} cannot be a chart's name`)
  return [repository, chart]
}

function wrong(entry: string, why: string): ShimError {
  return new ShimError('usage', `HELM_VERIFY_SHIM_ALIAS: ${quote(entry)}: ${why}`, [
    'next: write it as REPOSITORY=CHART[,REPOSITORY=CHART…], for example ghcr.io/org/alias=realname.',
  ])
}
