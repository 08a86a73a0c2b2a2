/** What `install` writes beside the files that it puts somewhere, so that `uninstall` undoes exactly that. */
export interface Manifest {
  /** The version that was installed last. */
  readonly version: string
  /** Each file that we put there, and the SHA-256 of all contents that we gave it. */
  readonly files: Readonly<Record<string, readonly string[]>>
  /** The folders that had to be made, the outermost first. */
  readonly folders: readonly string[]
}

/** Its file name. Not a program, so that it may lie in a folder on PATH. */
export const manifestName = '.helm-verify-shim.json'

/** The code cache of an engine, which goes by that engine's hash. */
export const cacheName = /^helm-verify-shim\.[0-9a-f]{12}\.cache$/

/** A library that the executable for musl brings along; its name has its hash. */
export const libraryName = /^lib(?:stdc\+\+|gcc_s)-[0-9a-f]+\.so[.0-9]*$/

/** Whether `install` ever gives a file this name: a manifest that names others cannot make `uninstall` touch them. */
export function isOurName(name: string): boolean {
  return /^helm(-verify-shim)?(\.exe)?$/.test(name) || cacheName.test(name) || libraryName.test(name)
}

/** A manifest as text. */
export function formatManifest(manifest: Manifest): string {
  return `${JSON.stringify({ format: 1, ...manifest }, undefined, 2)}\n`
}

/** Reads a manifest. Returns undefined for what is none, or is of a later format. */
export function parseManifest(text: string): Manifest | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (!isRecord(value) || value['format'] !== 1) return undefined
    const { version, files, folders } = value
    if (typeof version !== 'string' || !isRecord(files) || !isStrings(folders)) return undefined
    for (const [name, digests] of Object.entries(files)) if (!isOurName(name) || !isStrings(digests)) return undefined
    return { version, files: files as Manifest['files'], folders }
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}
