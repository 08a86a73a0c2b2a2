import { rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { waysTo } from './find.ts'
import { receiptPath, type StatePaths } from './paths.ts'

/**
 * Removes the receipts of what stood at a directory's path before links led it elsewhere, where a chart was just
 * unpacked: a moved cache with a link in its old place would be taken for a chart that was replaced, for good.
 * @param path the directory, by the path that it was unpacked to
 * @param directory the same, with links resolved: its own receipt stays
 */
export function forgetOtherWays(paths: StatePaths, path: string, directory: string): void {
  for (const way of waysTo(resolve(path))) {
    if (way !== directory) rmSync(receiptPath(paths, way), { force: true })
  }
}
