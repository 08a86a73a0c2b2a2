import { cpSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { MatrixBed } from './matrix-bed.ts'
import { tree, type Outcome } from './sandbox.ts'
import type { Helm } from './tools.ts'

/** What came of a pull: what was printed, how it ended, and what it left. */
export interface Pulled extends Outcome {
  /** What it left in the folder that it ran in. */
  readonly left: Record<string, string>
  /** What it left in TMPDIR. */
  readonly temporary: string[]
  /** The receipts that it left. */
  readonly receipts: string[]
}

let folders = 0

/**
 * Runs a helm command in an empty folder, with a temporary folder, caches and state of its own; in two runs of the same
 * command nothing differs but the folder, which is called the same.
 * @param prepare called with the folder before the command runs
 */
export async function runInEmptyFolder(
  bed: MatrixBed,
  helm: Helm,
  shim: boolean,
  args: readonly string[],
  { prepare, env = {} }: { prepare?: (folder: string) => void; env?: NodeJS.ProcessEnv } = {},
): Promise<Pulled> {
  const place = join(bed.plainFolder, `pull-${++folders}`)
  const [folder, tmp, state, cache, config] = ['folder', 'tmp', 'state', 'cache', 'config'].map((name) =>
    join(place, name),
  )
  if (!folder || !tmp || !state || !cache || !config) throw new Error('no folders')
  for (const path of [folder, tmp, state, cache]) mkdirSync(path, { recursive: true })
  cpSync(bed.sandbox.at('helm/config'), config, { recursive: true })
  if (existsSync(bed.sandbox.at('repositories'))) cpSync(bed.sandbox.at('repositories'), cache, { recursive: true })
  prepare?.(folder)
  const world = { TMPDIR: tmp, XDG_STATE_HOME: state, HELM_CACHE_HOME: cache, HELM_CONFIG_HOME: config, ...env }
  const { code, stdout, stderr } = await bed.sandbox.helm(helm, shim, args, { cwd: folder, env: world })
  const here = (text: string) => text.replaceAll(place, 'PLACE')
  return {
    code,
    stdout: here(stdout),
    stderr: here(stderr),
    left: tree(folder),
    temporary: readdirSync(tmp),
    receipts: existsSync(join(state, 'helm-verify-shim/dirs'))
      ? readdirSync(join(state, 'helm-verify-shim/dirs'), { recursive: true, encoding: 'utf8' })
          .filter((path) => path.endsWith('receipt.json'))
          .map((path) => here(`/${path.slice(0, -'/receipt.json'.length)}`))
      : [],
  }
}
