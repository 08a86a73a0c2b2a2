import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { inject, makeSea } from './pkg.ts'
import { withOwnLibraries } from './own-libraries.ts'
import { seaConfig, writeBlob, type Contents } from './blob.ts'
import { platformNode, type PlatformNode } from './platform-node.ts'
import { removeSignature } from './remove-signature.ts'
import { signMachO } from './sign-mach-o.ts'
import { generators, type Target } from './targets.ts'

/**
 * Makes a single executable. That of this machine's platform is made by pkg. For the others pkg would have to run the
 * platform's Node to learn its version, so its two steps are done here: the blob, written by a Node of the same version
 * for this machine, is injected into the platform's Node.
 * @param out the file to write
 * @param cache the folder to keep downloaded Nodes in
 */
export async function makeExecutable(target: Target, contents: Contents, out: string, cache: string): Promise<void> {
  const { node, libraries } = await platformNode(target.node, cache)
  const folder = mkdtempSync(join(tmpdir(), 'helm-verify-shim-executable-'))
  mkdirSync(dirname(out), { recursive: true })
  rmSync(out, { force: true })
  try {
    const config = seaConfig(contents, folder)
    if (target.name === 'linux-x64' && hostName() === 'linux-x64') await throughPkg(config, node, out)
    else await throughPostject(target, writeBlob((await generator(target, cache)).node, config, folder), node, out)
    chmodSync(out, 0o755)
    for (const library of libraries) copyFileSync(library, join(dirname(out), basename(library)))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** pkg's way, for this platform. A test compares its bytes with those of the other way. */
export async function throughPkg(
  config: ReturnType<typeof seaConfig>,
  nodePath: string,
  output: string,
): Promise<void> {
  const targets = [{ nodeRange: 'node24', platform: 'linux', arch: 'x64', output }]
  await makeSea(config.main, { seaConfig: config, nodePath, signature: false, targets })
}

/** The way that works for every platform. */
export async function throughPostject(target: Target, blob: string, node: string, out: string): Promise<void> {
  copyFileSync(node, out)
  // npm packages come with modes of their own.
  chmodSync(out, 0o755)
  if (target.node.wheel !== undefined) writeFileSync(out, withOwnLibraries(readFileSync(out)))
  await inject(out, 'NODE_SEA_BLOB', readFileSync(blob), {
    // In two parts, so that no other program takes this text for Node's own.
    sentinelFuse: ['NODE_SEA', 'FUSE_fce680ab2cc467b6e072b8b5df1996b2'].join('_'),
    machoSegmentName: target.format === 'Mach-O' ? 'NODE_SEA' : undefined,
    overwrite: true,
  })
  if (target.format === 'Mach-O') writeFileSync(out, signMachO(readFileSync(out), 'helm-verify-shim'))
  if (target.format === 'PE') writeFileSync(out, removeSignature(readFileSync(out)))
}

/**
 * The Node that writes a target's blob: of this platform, in the version of the target's.
 * @throws on a machine that none is pinned for
 */
export async function generator({ node }: Target, cache: string): Promise<PlatformNode> {
  const found = generators.find(({ name, version }) => name === `node-${hostName()}` && version === node.version)
  if (!found) throw new Error(`no Node ${node.version} for ${hostName()} is pinned: make the executables on linux-x64`)
  return await platformNode(found, cache)
}

function hostName(): string {
  return `${process.platform}-${process.arch}`
}
