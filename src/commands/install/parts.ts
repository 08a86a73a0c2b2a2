import { existsSync, readFileSync, readdirSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { getRawAsset, isSea } from 'node:sea'
import { ShimError } from '../../messages/shim-error.ts'
import { quote } from '../../messages/text.ts'
import { cacheName, libraryName } from './manifest.ts'

/** One file to install: its name, and where its content is. */
export interface Part {
  readonly name: string
  /** A file to copy, or the content itself. */
  readonly content: { readonly file: string } | { readonly text: Uint8Array }
  /** Not a program. */
  readonly plain?: boolean
}

/** What runs: the single executable, or the bundle in a file. */
export interface Running {
  readonly executable: string | undefined
  readonly script: string | undefined
  readonly platform: NodeJS.Platform
}

/** This process, as `parts` wants it. */
export function running(): Running {
  return isSea()
    ? { executable: process.execPath, script: undefined, platform: process.platform }
    : { executable: undefined, script: process.argv[1], platform: process.platform }
}

/**
 * The files that make up an installed shim, the engine before the gate: a gate alone would stop commands.
 * @param asset reads a file that was built into the executable
 * @throws ShimError where this program is not whole, or cannot serve this platform
 */
export function parts({ executable, script, platform }: Running, asset = readAsset): readonly Part[] {
  if (executable !== undefined) {
    // Windows has no sh for the gate: there the executable itself is helm.exe.
    if (platform === 'win32')
      return ['helm-verify-shim.exe', 'helm.exe'].map((name) => ({ name, content: { file: executable } }))
    return [
      ...plainFiles(dirname(executable), libraryName),
      { name: 'helm-verify-shim', content: { file: executable } },
      { name: 'helm', content: { text: asset('helm') } },
    ]
  }
  if (platform === 'win32')
    throw new ShimError('usage', 'on Windows only the executable can stand in for helm.exe; nothing was installed.', [
      'next: take helm-verify-shim-win-x64.exe from the release, and run its "install".',
    ])
  const engine = script !== undefined && existsSync(script) ? realpathSync(script) : undefined
  const gate = engine !== undefined ? join(dirname(engine), 'helm') : undefined
  if (engine === undefined || gate === undefined || !isOurGate(gate))
    throw new ShimError('io', `the gate is missing beside ${quote(engine ?? 'this program')}; nothing was installed.`, [
      'next: install the package again, or unpack the release again.',
    ])
  return [
    ...plainFiles(dirname(engine), cacheName),
    { name: 'helm-verify-shim', content: { file: engine } },
    { name: 'helm', content: { file: gate } },
  ]
}

function plainFiles(folder: string, wanted: RegExp): Part[] {
  const names = readdirSync(folder).filter((name) => wanted.test(name))
  return names.map((name) => ({ name, content: { file: join(folder, name) }, plain: true }))
}

/** A real helm may lie beside this program: it must never be installed as the gate. */
function isOurGate(file: string): boolean {
  return existsSync(file) && readFileSync(file).subarray(0, 200).includes('# The gate of helm-verify-shim')
}

function readAsset(name: string): Uint8Array {
  return new Uint8Array(getRawAsset(name))
}
