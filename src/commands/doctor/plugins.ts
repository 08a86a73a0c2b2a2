import { quote } from '../../messages/text.ts'
import { findingsAbout, type Finding, type Patient } from './finding.ts'

const found = findingsAbout('plugins')

/**
 * helm's plugins: helm gives them its own path as HELM_BIN, so what they call does not go through the shim.
 *
 * helm: pkg/plugin/plugin.go SetupPluginEnv (3), internal/plugin (4)
 */
export async function examinePlugins({ helm, run, env }: Pick<Patient, 'helm' | 'run' | 'env'>): Promise<Finding[]> {
  if (helm.path === undefined) return []
  const { code, stdout } = await run(helm.path, ['plugin', 'list'], { stdin: 'ignore', env })
  if (code !== 0)
    return [found('warning', 'helm cannot list its plugins', 'run "helm plugin list" and mend what it says')]
  const names = pluginNames(stdout.toString())
  if (names.length === 0) return [found('ok', 'helm has none')]
  return [
    found(
      'warning',
      `${names.map(quote).join(', ')}: a plugin gets the real helm as HELM_BIN, so what it pulls or deploys by itself is not verified`,
      'nothing, for a plugin that only reads (diff); the directories that its command line names are checked all the same',
    ),
  ]
}

/** The names in the table that `helm plugin list` prints: below a heading, the first column. (pure) */
export function pluginNames(table: string): string[] {
  return table
    .split('\n')
    .slice(1)
    .flatMap((row) => {
      const name = row.split('\t')[0]?.trim()
      return name ? [name] : []
    })
}
