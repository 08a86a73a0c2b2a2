import { execFileSync } from 'node:child_process'
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { makeAll } from '../executables/all.ts'
import { generator } from '../executables/make.ts'
import { platformNode } from '../executables/platform-node.ts'
import type { Target } from '../executables/targets.ts'
import { makePackage } from '../package/make.ts'
import { pack } from './pack.ts'
import { sums } from './sums.ts'

/**
 * Makes the files of a release: the npm package, a tarball of gate and bundle for images with Node, one of gate and
 * executable for each target, and SHA256SUMS. Each tarball unpacks to helm-verify-shim/bin, which is what goes on PATH.
 * @param out the folder for them; what was in it goes away
 * @throws where dist/bin is missing, or a Node cannot be had
 */
export async function makeRelease(root: string, wanted: readonly Target[], out: string): Promise<void> {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  const name = `helm-verify-shim-${version}`
  rmSync(out, { recursive: true, force: true })
  mkdirSync(out, { recursive: true })
  const scratch = mkdtempSync(join(tmpdir(), 'helm-verify-shim-release-'))
  try {
    const published = join(scratch, 'package')
    await makePackage(root, published)
    execFileSync('npm', ['pack', published, '--silent', '--pack-destination', out], { stdio: 'ignore' })
    stage(published, scratch, 'node')
    await pack(join(scratch, 'node'), join(out, `${name}.tar.gz`))
    for (const { target, file } of await makeAll(root, wanted, join(scratch, 'executables'), scratch)) {
      const folder = stage(published, scratch, target.name)
      rmSync(join(folder, 'bin'), { recursive: true })
      cpSync(dirname(file), join(folder, 'bin'), { recursive: true })
      copyFileSync(await licenceOf(target, join(root, '.tools/node')), join(folder, 'NODE-LICENSE'))
      await pack(join(scratch, target.name), join(out, `${name}-${target.name}.tar.gz`))
    }
    writeFileSync(join(out, 'SHA256SUMS'), sums(out))
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

/** The folder that a tarball is made of: all of the npm package but its package.json. */
function stage(published: string, scratch: string, name: string): string {
  const folder = join(scratch, name, 'helm-verify-shim')
  cpSync(published, folder, { recursive: true })
  rmSync(join(folder, 'package.json'))
  return folder
}

/** Some packages of Node come without its licence: that of the same version is in another. */
async function licenceOf(target: Target, cache: string): Promise<string> {
  const licence = (await platformNode(target.node, cache)).licence ?? (await generator(target, cache)).licence
  if (licence === undefined) throw new Error(`the licence of ${target.node.name} is missing`)
  return licence
}
