import { escapeName } from '../../messages/text.ts'
import type { Finding } from './finding.ts'

/** What `doctor` prints: a line for each finding, and one for what to do. (pure) */
export function describeFindings(findings: readonly Finding[]): string {
  const lines = findings.flatMap(({ about, level, text, next }) => [
    `${level.padEnd(9)}${about.padEnd(10)}${escapeName(text)}`,
    ...(next === undefined ? [] : [`${' '.repeat(19)}next: ${escapeName(next)}`]),
  ])
  return `${[...lines, '', summary(findings)].join('\n')}\n`
}

/** Whether anything stands in the way. (pure) */
export function isHealthy(findings: readonly Finding[]): boolean {
  return findings.every(({ level }) => level !== 'error')
}

function summary(findings: readonly Finding[]): string {
  const count = (level: Finding['level'], word: string) => {
    const number = findings.filter((finding) => finding.level === level).length
    return number === 0 ? [] : [`${number} ${word}${number === 1 ? '' : 's'}`]
  }
  const counts = [...count('error', 'error'), ...count('warning', 'warning')]
  return counts.length === 0 ? 'All is well.' : `${counts.join(', ')}.`
}
