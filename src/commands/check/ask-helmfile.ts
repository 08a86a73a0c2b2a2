import { mkdir } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { run } from '../../helm/run.ts'
import { ShimError } from '../../messages/shim-error.ts'
import { quote } from '../../messages/text.ts'
import { privateFolder } from '../../private-folder.ts'
import type { CheckContext } from './check-chart.ts'
import { readBuild, readList, type HelmfileState, type ListedRelease } from './helmfile-output.ts'
import { writeStandIns } from './stand-in.ts'

/** A helmfile.yaml, and the environment to look at. */
export interface HelmfileRequest {
  readonly file: string
  readonly environment: string | undefined
}

/** What helmfile says of a helmfile.yaml. */
export interface HelmfileAnswer {
  readonly releases: readonly ListedRelease[]
  readonly states: readonly HelmfileState[]
}

/**
 * Asks the helmfile on PATH for its releases (`list`) and for their keyrings and repositories (`build`), without pulling
 * a chart and without touching its cache.
 * @throws ShimError where there is no helmfile, or it fails
 */
export async function askHelmfile(
  { file, environment }: HelmfileRequest,
  { helm, env, interruption }: CheckContext,
): Promise<HelmfileAnswer> {
  if (process.platform === 'win32')
    throw new ShimError('usage', 'check --helmfile needs a POSIX sh, which Windows does not have.', [
      'next: run it in WSL, or check the charts one by one.',
    ])
  const temporary = privateFolder()
  try {
    const cache = join(temporary.path, 'cache')
    await mkdir(cache)
    const common = [
      '--file',
      file,
      ...(environment === undefined ? [] : ['--environment', environment]),
      ...(await writeStandIns(temporary.path, helm)),
    ]
    const ask = async (...args: string[]) => {
      const ended = await run('helmfile', [...common, ...args], {
        stdin: 'ignore',
        interruption,
        // helmfile and chartify leave things among the temporary files.
        env: {
          ...env,
          TMPDIR: cache,
          PATH: [temporary.path, env['PATH'] ?? ''].join(delimiter),
          HELMFILE_CACHE_HOME: cache,
          HELMFILE_UPGRADE_NOTICE_DISABLED: 'true',
          NO_COLOR: '1',
        },
      })
      if (ended.failure !== undefined)
        throw new ShimError('io', `helmfile cannot be run: ${ended.failure}`, ['next: put helmfile on PATH.'])
      if (ended.code === 0) return ended.stdout.toString()
      const words = ended.stderr.toString().trimEnd().split('\n')
      throw new ShimError('io', `helmfile ${args[0] ?? ''} failed for ${quote(file)}:`, [
        ...words.map((text) => `  ${text}`),
        'next: mend what helmfile complains of.',
      ])
    }
    const list = await ask('list', '--skip-charts', '--output', 'json')
    return { releases: readList(list), states: readBuild(await ask('build')) }
  } finally {
    temporary.dispose()
  }
}
