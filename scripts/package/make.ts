import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundledPackages, notices } from './bundled.ts'

/** The documents that go with every form of the program. */
export const documents = ['LICENSE', 'README.md', 'CHANGELOG.md', 'SECURITY.md']

/** The fields of our own package.json that the published one has too. */
const kept = ['name', 'version', 'description', 'keywords', 'license', 'engines', 'os'] as const

/**
 * Makes the npm package in a folder of its own, from what `npm run build` left in dist/bin. It has a package.json of
 * its own, because ours names the tools that it is built with, which nobody who installs it needs. Its one program is
 * helm-verify-shim: a `helm` gets on PATH only when its user says `install`.
 * @throws where a part of it is missing
 */
export async function makePackage(root: string, out: string): Promise<void> {
  if (!existsSync(join(root, 'dist/bin/helm-verify-shim'))) throw new Error('dist/bin is missing: npm run build')
  rmSync(out, { recursive: true, force: true })
  mkdirSync(out, { recursive: true })
  cpSync(join(root, 'dist/bin'), join(out, 'bin'), { recursive: true })
  for (const name of documents) copyFileSync(join(root, name), join(out, name))
  writeFileSync(join(out, 'THIRD-PARTY-LICENSES'), notices(await bundledPackages(root)))
  const ours = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, unknown>
  const repository = process.env['GITHUB_REPOSITORY']
  const published = {
    ...Object.fromEntries(kept.flatMap((field) => (field in ours ? [[field, ours[field]]] : []))),
    // npm's provenance wants the repository that it was built in; a copy of this one is as good.
    ...(repository ? { repository: { type: 'git', url: `git+https://github.com/${repository}.git` } } : {}),
    type: 'commonjs',
    bin: { 'helm-verify-shim': 'bin/helm-verify-shim' },
    files: ['bin/', 'CHANGELOG.md', 'SECURITY.md', 'THIRD-PARTY-LICENSES'],
  }
  writeFileSync(join(out, 'package.json'), `${JSON.stringify(published, undefined, 2)}\n`)
}
