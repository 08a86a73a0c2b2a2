import { dirname } from 'node:path'
import { ShimError } from '../messages/shim-error.ts'
import { listed, quote } from '../messages/text.ts'
import { originOf } from '../store/receipt.ts'
import type { Difference } from '../unpack/compare-chart.ts'
import type { LookedUp } from './look-up.ts'

/** The chart of a receipt, for a sentence: `demo 0.1.0 from oci://…`. */
function chartOf({ found: { receipt } }: LookedUp): string {
  return receipt ? `${receipt.name} ${receipt.version} from ${originOf(receipt)}` : 'unknown chart'
}

function changes(differences: readonly Difference[]): string[] {
  return listed(differences.map(({ change, path }) => `${change}: ${path}`))
}

/** Our refusal of an unpacked directory: helm is not run. */
export function refusal(unpacked: LookedUp): ShimError {
  const { state, directory } = unpacked
  if (state.kind === 'changed') {
    return new ShimError(
      'directory-changed',
      `${quote(directory)} is not what was pulled any more (${chartOf(unpacked)}); helm was not run.`,
      [
        ...changes(state.differences),
        'next: delete that directory and pull the chart again; or, if the changes are wanted (chartify patches a chart in place), set HELM_VERIFY_SHIM_MODIFIED=allow.',
      ],
    )
  }
  const why = state.kind === 'unknown' ? state.why : ''
  return new ShimError('no-receipt', `${quote(directory)} was unpacked by this shim, but ${why}; helm was not run.`, [
    'next: delete that directory and pull the chart again.',
  ])
}

/** Why helm is going to refuse an unpacked directory that we cannot give it the packed chart for. */
export function leftToHelm(unpacked: LookedUp): string[] {
  const { state, directory } = unpacked
  if (state.kind === 'changed') {
    return [
      `${quote(directory)} differs from its packed chart (${chartOf(unpacked)}), so helm cannot verify the packed chart in its place:`,
      ...changes(state.differences),
      'next: delete that directory and pull the chart again; or, if the changes are wanted (chartify patches a chart in place), set HELM_VERIFY_SHIM_MODIFIED=allow.',
    ]
  }
  const why = state.kind === 'unknown' ? state.why : ''
  return [
    `${quote(directory)} was unpacked by this shim, but ${why}. next: delete that directory and pull the chart again.`,
  ]
}

/** Why helm is going to refuse a directory that we know nothing of. */
export function noReceipt(given: string): string[] {
  return [
    `${quote(given)} was not unpacked by this shim, so there is no packed chart that helm could verify. next: pull it through the shim (helm pull --untar), or name the packed chart (.tgz) itself.`,
  ]
}

/** The refusal of a chart in helmfile's cache that nobody verified. */
export function refusalInCache(physical: string): ShimError {
  return new ShimError(
    'not-verified',
    `${quote(physical)} lies in helmfile's cache, but was not unpacked by this shim, and HELM_VERIFY_SHIM_REQUIRE asks for every unpacked chart to be verified; helm was not run.`,
    ['next: delete that directory, so that helmfile pulls the chart again, through the shim.'],
  )
}

/** The refusal of a chart in helmfile's cache that lies where only a verified one should be. */
export function refusalOfStranger(physical: string, beside: string): ShimError {
  return new ShimError(
    'not-verified',
    `${quote(physical)} lies in helmfile's cache, in a folder that was made for ${quote(beside)}, a verified chart, but was not unpacked by this shim; helm was not run.`,
    [`next: delete ${quote(dirname(beside))}, so that helmfile pulls the chart again, through the shim.`],
  )
}

/** The warning where a changed directory is used because the user allowed it. */
export function modifiedAllowed(unpacked: LookedUp, differences: readonly Difference[]): string[] {
  return [
    `warning: ${quote(unpacked.directory)} differs from its packed chart (${chartOf(unpacked)}), which helm verified just now; HELM_VERIFY_SHIM_MODIFIED=allow lets it be used as it is:`,
    ...changes(differences),
  ]
}
