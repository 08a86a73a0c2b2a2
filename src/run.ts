import { readHelmLine } from './argv/read.ts'
import { requireExactBytes } from './helm/exact-bytes.ts'
import { passToHelm } from './helm/pass.ts'
import { ShimError } from './messages/shim-error.ts'
import { say } from './messages/say.ts'
import { planFor } from './plan/plan.ts'
import { readSettings } from './settings.ts'

/**
 * Does what a helm command asks for, as helm would, and returns the exit code. Does not return where the real helm can
 * simply take our place.
 * @param helm the real helm
 * @param argv the command line without its first word
 * @throws ShimError for our refusals
 */
export async function runAsHelm(helm: string, argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  requireExactBytes([helm, ...argv], env)
  const settings = readSettings(env)
  const reading = readHelmLine(argv)
  const plan = planFor(reading, argv, settings)
  if (settings.debug) say(`debug: ${reading.kind === 'read' ? reading.line.command : reading.reason}: ${plan.kind}`)
  switch (plan.kind) {
    case 'pass':
      return await passToHelm(helm, argv)
    case 'refuse':
      throw new ShimError('not-understood', `this pull cannot be checked: ${plan.reason}; nothing was run.`, [
        'next: write it in a form that helm itself accepts, or unset HELM_VERIFY_SHIM_REQUIRE for this command.',
      ])
    case 'pull': {
      const { splitPull } = await import('./pull/split-pull.ts')
      return await splitPull(helm, plan.pull, settings, env)
    }
    case 'use': {
      const { useChart } = await import('./bridge/use-chart.ts')
      return await useChart({ helm, argv, line: plan.line, chart: plan.chart, settings, env })
    }
  }
}
