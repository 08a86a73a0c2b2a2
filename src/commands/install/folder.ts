import { createHash, randomBytes } from 'node:crypto'
import {
  copyFileSync,
  chmodSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
  type Stats,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { ShimError, reasonOf } from '../../messages/shim-error.ts'
import { quote } from '../../messages/text.ts'
import { digestOf } from '../../store/digest.ts'
import { formatManifest, manifestName, parseManifest, type Manifest } from './manifest.ts'
import type { Part } from './parts.ts'

/** What `installInto` found and did. */
export type Installed = 'installed' | 'updated' | 'unchanged'

/** What `uninstallFrom` found and did. */
export interface Uninstalled {
  readonly removed: readonly string[]
  /** Files that were changed since, or cannot be removed, with the reason. */
  readonly left: readonly { readonly name: string; readonly why: string }[]
  readonly folders: readonly string[]
}

/**
 * Puts the parts into a folder, which is made if need be, each file whole or not at all. A file of the same name is
 * replaced only if we put it there, as the manifest's digests tell, or if it is already what we want there.
 * @param folder an absolute path
 * @throws ShimError where something else has one of the names, or the folder cannot be written; it is left as it was
 */
export async function installInto(folder: string, parts: readonly Part[], version: string): Promise<Installed> {
  const before = readManifest(folder)
  const wanted = new Map<string, string>()
  const stale: Part[] = []
  for (const part of parts) {
    const digest = 'file' in part.content ? await digestOf(part.content.file) : digestOfBytes(part.content.text)
    const there = await digestThere(join(folder, part.name))
    if (there !== undefined && there !== digest && !before?.files[part.name]?.includes(there))
      throw new ShimError('io', `${quote(join(folder, part.name))} is not ours; nothing was installed.`, [
        'next: name another folder with --dir, or, if you no longer need that file, remove it first.',
      ])
    if (there !== digest) stale.push(part)
    wanted.set(part.name, digest)
  }
  const files = Object.fromEntries([...wanted].map(([name, digest]) => [name, [digest]]))
  const isSame = before && Object.keys(before.files).every((name) => wanted.has(name))
  if (isSame && before.version === version && stale.length === 0) return 'unchanged'

  const folders: string[] = [...(before?.folders ?? [])]
  try {
    folders.push(...makeFolders(folder))
    // Both the old contents and the new count as ours until all files are in place: an installation that is cut short
    // can then be repeated or undone.
    const both = Object.fromEntries(
      [...wanted].map(([name, digest]) => [name, [digest, ...(before?.files[name] ?? [])]]),
    )
    writeManifest(folder, { version, files: { ...before?.files, ...both }, folders })
    for (const part of stale)
      replace(join(folder, part.name), part.plain ? 0o644 : 0o755, (temporary) => {
        if ('file' in part.content) copyFileSync(part.content.file, temporary)
        else writeFileSync(temporary, part.content.text, { flag: 'wx' })
      })
    for (const [name, digests] of Object.entries(before?.files ?? {}))
      if (!wanted.has(name) && digests.includes((await digestThere(join(folder, name))) ?? ''))
        rmSync(join(folder, name))
    writeManifest(folder, { version, files, folders })
  } catch (error) {
    if (!before) {
      for (const name of [...stale.map((part) => part.name), manifestName]) removeIfThere(join(folder, name))
      removeFolders(folders)
    }
    throw new ShimError('io', `cannot install in ${quote(folder)}: ${reasonOf(error)}`, [
      'next: name a folder that you may write to with --dir.',
    ])
  }
  return before ? 'updated' : 'installed'
}

/**
 * Takes away what `installInto` put into a folder, and the folders that it made, if they are empty now.
 * @returns undefined where it has put nothing there
 * @throws ShimError where the manifest cannot be read
 */
export async function uninstallFrom(folder: string): Promise<Uninstalled | undefined> {
  const manifest = readManifest(folder)
  if (!manifest) return undefined
  const removed: string[] = []
  const left: { name: string; why: string }[] = []
  // The gate goes first: without its engine it would stop commands.
  const names = Object.keys(manifest.files).sort()
  for (const name of names) {
    const there = await digestThere(join(folder, name))
    if (there === undefined) continue
    if (!manifest.files[name]?.includes(there)) {
      left.push({ name, why: 'it was changed since' })
      continue
    }
    try {
      removeProgram(join(folder, name))
      removed.push(name)
    } catch (error) {
      left.push({ name, why: reasonOf(error) })
    }
  }
  if (left.length > 0) return { removed, left, folders: [] }
  try {
    rmSync(join(folder, manifestName))
  } catch (error) {
    return { removed, left: [{ name: manifestName, why: reasonOf(error) }], folders: [] }
  }
  // Only the folder itself and those above it: a manifest cannot make us touch others.
  const above = ancestors(folder)
  return { removed, left, folders: removeFolders(manifest.folders.filter((made) => above.includes(made))) }
}

/** Whether `installInto` has put something into a folder. */
export function isInstalledIn(folder: string): boolean {
  return lstat(join(folder, manifestName))?.isFile() ?? false
}

function readManifest(folder: string): Manifest | undefined {
  if (!isInstalledIn(folder)) return undefined
  const file = join(folder, manifestName)
  const manifest = parseManifest(readFileSync(file, 'utf8'))
  if (manifest) return manifest
  throw new ShimError('io', `${quote(file)} is not a list of installed files that this version can read.`, [
    'next: uninstall with the version that installed there, or remove the files yourself.',
  ])
}

function writeManifest(folder: string, manifest: Manifest): void {
  replace(join(folder, manifestName), 0o644, (temporary) => {
    writeFileSync(temporary, formatManifest(manifest), { flag: 'wx' })
  })
}

function replace(file: string, mode: number, write: (temporary: string) => void): void {
  const temporary = join(dirname(file), `.helm-verify-shim-${randomBytes(6).toString('hex')}.tmp`)
  try {
    write(temporary)
    chmodSync(temporary, mode)
    renameSync(temporary, file)
  } catch (error) {
    removeIfThere(temporary)
    throw error
  }
}

/** Windows does not delete a program that runs, such as this one, but lets it be moved out of the way. */
function removeProgram(file: string): void {
  try {
    rmSync(file)
  } catch (error) {
    if (process.platform !== 'win32') throw error
    renameSync(file, join(tmpdir(), `${randomBytes(6).toString('hex')}-${basename(file)}`))
  }
}

/** For cleaning up after a failure, which is what gets reported. */
function removeIfThere(file: string): void {
  try {
    rmSync(file)
  } catch {
    // It was not reached, or it cannot be helped.
  }
}

/** The digest of a regular file; '' for a link or anything else, which is never ours; undefined where there is nothing. */
async function digestThere(file: string): Promise<string | undefined> {
  const stats = lstat(file)
  if (!stats) return undefined
  return stats.isFile() ? await digestOf(file) : ''
}

/** Undefined also where something above is a file: then there is nothing either. */
function lstat(path: string): Stats | undefined {
  try {
    return lstatSync(path)
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined
    throw error
  }
}

function digestOfBytes(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

/** Makes a folder and those above it that are missing; returns the ones made, the outermost first. */
function makeFolders(folder: string): string[] {
  // What mkdir returns of it is spelt in another way on Windows.
  const missing = ancestors(folder).filter((path) => lstat(path) === undefined)
  mkdirSync(folder, { recursive: true })
  return missing.reverse()
}

/** A folder and all above it, the innermost first. */
function ancestors(folder: string): string[] {
  const parent = dirname(folder)
  return parent === folder ? [folder] : [folder, ...ancestors(parent)]
}

/** Removes empty folders, the innermost first, and returns those removed. */
function removeFolders(folders: readonly string[]): string[] {
  return [...folders].reverse().filter((folder) => {
    try {
      rmdirSync(folder)
      return true
    } catch {
      // Something else has come to lie in it.
      return false
    }
  })
}
