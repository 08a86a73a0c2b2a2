import { join } from 'node:path/posix'
import { editLine } from '../argv/edit.ts'
import type { HelmLine, Positional } from '../argv/line.ts'
import { isOn, lastValue } from '../argv/read.ts'
import type { Settings } from '../settings.ts'

/** A `pull --untar`, taken apart. */
export interface PullPlan {
  readonly line: HelmLine
  readonly references: readonly Positional[]
  /** helm's `ud`: the directory that the chart is unpacked into, as given: relative to the current one, or absolute. */
  readonly target: string
  /** Whether helm verifies the packed chart. */
  readonly verify: boolean
  /** The keyring to name; undefined for helm's default. */
  readonly keyring: string | undefined
  /** We add `--prov`, so that a provenance file is kept if there is one; what helm says of it is not to be seen. */
  readonly addsProv: boolean
}

/**
 * The plan of a pull that unpacks; undefined where its command line cannot be edited safely. With REQUIRE the pull is
 * verified whatever the command says.
 *
 * helm: pkg/action/pull.go Run (UNTARDIR if absolute, else DESTINATION/UNTARDIR)
 */
export function planPull(line: HelmLine, settings: Settings): PullPlan | undefined {
  const untarDir = lastValue(line, 'untardir') ?? '.'
  const destination = lastValue(line, 'destination') ?? '.'
  const verify = settings.require || isOn(line, 'verify')
  const plan = {
    line,
    references: line.positionals,
    target: clean(untarDir.startsWith('/') ? untarDir : join(destination, untarDir)),
    verify,
    keyring: lastValue(line, 'keyring') ?? settings.keyring,
    addsProv: !verify && !isOn(line, 'prov'),
  }
  try {
    for (const reference of plan.references) packedArgv(plan, reference, '/any')
    return plan
  } catch {
    return undefined
  }
}

/**
 * The command line of the packed pull of one reference: the original, every other flag as given, into `folder`.
 * @param keyring the keyring to name instead of the plan's own, where that one had to be converted
 */
export function packedArgv(plan: PullPlan, reference: Positional, folder: string, keyring = plan.keyring): string[] {
  const { line } = plan
  return editLine(line, {
    withoutFlags: ['untar', 'untardir', ...(plan.verify ? [] : ['verify'])],
    withoutWords: line.positionals.filter((other) => other !== reference).map(({ index }) => index),
    set: {
      ...(plan.verify && !isOn(line, 'verify') ? { verify: 'true' } : {}),
      ...(plan.addsProv ? { prov: 'true' } : {}),
      ...(keyring === undefined || keyring === lastValue(line, 'keyring') ? {} : { keyring }),
      destination: folder,
    },
  })
}

/** Go's filepath.Clean leaves no slash at the end. */
function clean(path: string): string {
  const joined = join(path)
  return joined.length > 1 && joined.endsWith('/') ? joined.slice(0, -1) : joined
}
