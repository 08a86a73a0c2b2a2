import { statSync } from 'node:fs'
import { say, write } from '../../messages/say.ts'
import { escapeName } from '../../messages/text.ts'
import { askHelmfile, type HelmfileRequest } from './ask-helmfile.ts'
import { checkChart, type CheckContext, type Outcome } from './check-chart.ts'
import { asJson } from './report.ts'
import { describeReleases, type CheckedRelease } from './table.ts'
import { targetOf, type Target } from './target.ts'

/**
 * Checks the charts of all releases of a helmfile.yaml, one after the other.
 * @param request `keyring` is for releases that helmfile names none for
 * @returns 0 if every chart that is not local verifies, else 1
 * @throws ShimError where helmfile fails, or helm cannot be run
 */
export async function checkHelmfile(
  request: HelmfileRequest & { readonly keyring: string | undefined },
  context: CheckContext,
  json: boolean,
): Promise<number> {
  const { releases, states } = await askHelmfile(request, context)
  const keyring = request.keyring ?? context.settings.keyring
  const known = new Map<string, Outcome>()
  const checked: CheckedRelease[] = []
  for (const [index, release] of releases.entries()) {
    const { name, namespace, chart, version } = release
    const target = targetOf(release, states, { keyring, env: context.env, isDirectory })
    const what = escapeName([chart, version].filter(Boolean).join(' '))
    say(`${index + 1}/${releases.length} ${escapeName(name)}: ${what}`)
    checked.push({ name, namespace, chart, version, ...(await outcomeOf(target, context, known)) })
  }
  write(1, json ? asJson({ helmfile: request.file, releases: checked }) : describeReleases(checked))
  return checked.every(({ status }) => ['verified', 'local', 'skipped'].includes(status)) ? 0 : 1
}

/** Two releases of the same chart, version and keyring are checked once. */
async function outcomeOf(
  target: Target,
  context: CheckContext,
  known: Map<string, Outcome>,
): Promise<Pick<CheckedRelease, 'status' | 'check' | 'why'>> {
  if (target.kind === 'local') return { status: 'local', check: null, why: 'a local chart: not checked' }
  if (target.kind === 'skipped') return { status: 'skipped', check: null, why: target.why }
  const key = JSON.stringify(target.request)
  const outcome = known.get(key) ?? (await checkChart(target.request, context))
  known.set(key, outcome)
  const { checked, stderr } = outcome
  const why = checked.status === 'not-pulled' ? (checked.error ?? stderr.trimEnd()) : checked.why
  return { status: checked.status, check: checked, why }
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}
