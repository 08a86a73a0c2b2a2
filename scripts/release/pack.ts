import { execFileSync } from 'node:child_process'
import { create } from 'tar'

/**
 * Packs the one folder in a folder into a tarball that depends on nothing but its content: no owners, sorted names, the
 * time of the commit (or of SOURCE_DATE_EPOCH).
 */
export async function pack(folder: string, file: string): Promise<void> {
  const seconds =
    process.env['SOURCE_DATE_EPOCH'] ?? execFileSync('git', ['log', '-1', '--format=%ct'], { encoding: 'utf8' })
  await create({ file, cwd: folder, gzip: true, portable: true, mtime: new Date(Number(seconds) * 1000) }, [
    'helm-verify-shim',
  ])
}
