import { execFileSync } from 'node:child_process'
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { makeAll } from './executables/all.ts'
import { generator } from './executables/make.ts'
import { platformNode } from './executables/platform-node.ts'
import { targets } from './executables/targets.ts'
import { makePackage } from './package/make.ts'
import { pack } from './release/pack.ts'
import { sums } from './release/sums.ts'

/**
 * `npm run release [-- TARGET… --out FOLDER]`, after `npm run build`: leaves in FOLDER (dist/release) the npm package,
 * a tarball of gate and bundle for images with Node, one of gate and executable for each target, and SHA256SUMS. Each
 * tarball unpacks to helm-verify-shim/bin, which is what goes on PATH.
 */
const root = join(import.meta.dirname, '..')
const { values, positionals } = parseArgs({ allowPositionals: true, options: { out: { type: 'string' } } })
const out = values.out ?? join(root, 'dist/release')
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
const name = `helm-verify-shim-${version}`

rmSync(out, { recursive: true, force: true })
mkdirSync(out, { recursive: true })
const scratch = mkdtempSync(join(tmpdir(), 'helm-verify-shim-release-'))
try {
  const published = join(scratch, 'package')
  await makePackage(root, published)
  execFileSync('npm', ['pack', published, '--silent', '--pack-destination', out], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })

  /** The folder that a tarball is made of: all of the npm package but its package.json and its programs. */
  const staged = (target: string): string => {
    const folder = join(scratch, target, 'helm-verify-shim')
    mkdirSync(dirname(folder), { recursive: true })
    cpSync(published, folder, { recursive: true })
    rmSync(join(folder, 'package.json'))
    return folder
  }
  staged('node')
  await pack(join(scratch, 'node'), join(out, `${name}.tar.gz`))

  const wanted = targets.filter((target) => positionals.length === 0 || positionals.includes(target.name))
  for (const { target, file } of await makeAll(root, wanted, join(scratch, 'executables'), scratch)) {
    const folder = staged(target.name)
    rmSync(join(folder, 'bin'), { recursive: true })
    cpSync(dirname(file), join(folder, 'bin'), { recursive: true })
    // Some packages of Node come without its licence: that of the same version is in another.
    const cache = join(root, '.tools/node')
    const licence = (await platformNode(target.node, cache)).licence ?? (await generator(target, cache)).licence
    if (licence === undefined) throw new Error(`the licence of ${target.node.name} is missing`)
    copyFileSync(licence, join(folder, 'NODE-LICENSE'))
    await pack(join(scratch, target.name), join(out, `${name}-${target.name}.tar.gz`))
  }
  writeFileSync(join(out, 'SHA256SUMS'), sums(out))
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
