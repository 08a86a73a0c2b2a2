import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import type { Outcome, Sandbox } from './sandbox.ts'
import { shimFolder, tool, type Helm, type Helmfile } from './tools.ts'

/** One release of a helmfile.yaml, in helmfile's own words. */
export interface Release {
  readonly name: string
  readonly chart: string
  readonly version?: string
  readonly namespace?: string
  readonly verify?: boolean
  readonly keyring?: string
  readonly forceNamespace?: string
  readonly strategicMergePatches?: readonly object[]
  readonly jsonPatches?: readonly object[]
  readonly dependencies?: readonly object[]
}

/** A repository of a helmfile.yaml, in helmfile's own words. */
export interface Repository {
  readonly name: string
  readonly url: string
  readonly oci?: boolean
  readonly caFile?: string
}

/** Writes a helmfile.yaml into a folder of its own in the sandbox, and returns the folder. */
export function writeHelmfile(
  sandbox: Sandbox,
  folder: string,
  repositories: readonly Repository[],
  releases: readonly Release[],
): string {
  const path = sandbox.at(folder)
  mkdirSync(path, { recursive: true })
  writeFileSync(join(path, 'helmfile.yaml'), stringify({ repositories, releases }))
  return path
}

/** How helmfile gets its helm. */
export interface HelmfileRun {
  readonly helmfile: Helmfile
  readonly helm: Helm
  /** Whether the shim stands before helm. */
  readonly shim: boolean
  /** Whether it is named by `--helm-binary`, and PATH only has the real one. */
  readonly byBinary?: boolean
}

/** Runs helmfile in such a folder, with helm from PATH if not said otherwise. */
export async function runHelmfile(
  sandbox: Sandbox,
  folder: string,
  { helmfile, helm, shim, byBinary = false }: HelmfileRun,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Outcome> {
  const quiet = { HELMFILE_UPGRADE_NOTICE_DISABLED: 'true', NO_COLOR: '1' }
  const binary = byBinary ? ['--helm-binary', shim ? join(shimFolder, 'helm') : tool(helm)] : []
  return await sandbox.run(tool(helmfile), [...binary, ...args], {
    cwd: folder,
    env: { ...sandbox.withHelm(helm, shim && !byBinary), ...quiet, ...env },
  })
}
