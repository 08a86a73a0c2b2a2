import { dirname, sep } from 'node:path'
import { statePaths, type StatePaths } from '../store/paths.ts'
import { listReceipts } from '../store/prune.ts'
import { isInHelmfileCache, type CoveredPath } from './directories.ts'
import { refusalInCache, refusalOfStranger } from './explain.ts'

/**
 * Refuses a chart in helmfile's cache that no receipt covers: with REQUIRE, since nobody ever verified it; and where a
 * verified one lies in the same folder, or in it, since helmfile did not put it there (it pulls each chart into a folder
 * of its own, and takes the first Chart.yaml that it finds there: pkg/state/state.go findChartDirectory).
 * @throws ShimError
 */
export function refuseStrangers(named: readonly CoveredPath[], require: boolean, env: NodeJS.ProcessEnv): void {
  const paths = statePaths(env)
  for (const { directory, receipts } of named) {
    if (receipts.length > 0 || directory === undefined || !isInHelmfileCache(directory, env)) continue
    if (require) throw refusalInCache(directory)
    const beside = paths && verifiedBeside(paths, directory)
    if (beside !== undefined) throw refusalOfStranger(directory, beside)
  }
}

/** A verified chart that lies in the same folder as a directory, or in the directory itself. */
function verifiedBeside(paths: StatePaths, directory: string): string | undefined {
  return listReceipts(paths, dirname(directory))
    .flatMap(({ receipt }) => (receipt?.verified ? [receipt.directory] : []))
    .find((other) => dirname(other) === dirname(directory) || other.startsWith(`${directory}${sep}`))
}
