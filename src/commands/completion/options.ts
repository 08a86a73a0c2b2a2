import type { Help } from '../help.ts'

/** One option, as its command's help describes it. */
export interface Option {
  /** With its dashes. */
  readonly name: string
  /** Its short form, with its dash. */
  readonly short: string | undefined
  /** What its value is called in the help (`DIR`, `FILE`, …), if it takes one. */
  readonly value: string | undefined
  readonly summary: string
}

const optionLine = /^ {2}(?:(-\w), )?(--[a-z][a-z-]*)(?: ([A-Z]+))? {2,}(\S.*)$/

/** Reads the options out of a page of help, so that there is one list of them. (pure) */
export function optionsOf({ page }: Help): Option[] {
  return page.split('\n').flatMap((text) => {
    const [, short, name, value, summary] = optionLine.exec(text) ?? []
    // Only the first clause: the rest may go on in the next line.
    return name !== undefined && summary !== undefined
      ? [{ name, short, value, summary: summary.split(/[;:(,]/)[0]?.trim() ?? '' }]
      : []
  })
}
