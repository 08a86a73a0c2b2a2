import { accessSync, constants, statSync, type Stats } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Where the real helm is, and how it was found. */
export interface FoundHelm {
  readonly path: string | undefined
  readonly by: 'HELM_VERIFY_SHIM_HELM' | 'PATH'
  /** All places on PATH with a program of that name, and which of them are this gate. */
  readonly candidates: readonly { readonly path: string; readonly isGate: boolean }[]
}

/**
 * Finds the real helm by the gate's rule: the one that HELM_VERIFY_SHIM_HELM names, or the next on PATH after the
 * gate's own place (links to it count), or, where the gate is not on PATH, the first that is not the gate.
 */
export function findHelm(
  gate: string,
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
): FoundHelm {
  const named = env['HELM_VERIFY_SHIM_HELM']
  const own = identity(gate)
  const isGate = (path: string) => own !== undefined && identity(path) === own
  const by = named ? 'HELM_VERIFY_SHIM_HELM' : 'PATH'
  if (named && /[/\\]/.test(named)) {
    return { path: isProgram(named) && !isGate(named) ? named : undefined, by, candidates: [] }
  }
  const names = platform === 'win32' ? windowsNames(named ?? 'helm', env) : [named ?? 'helm']
  const candidates = (env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder || '.', name)))
    .filter(isProgram)
    .map((path) => ({ path, isGate: isGate(path) }))
  const here = candidates.findIndex((candidate) => candidate.isGate)
  return { path: candidates.slice(here + 1).find((candidate) => !candidate.isGate)?.path, by, candidates }
}

/** Two paths are the same file if device and inode are: what the gate's `-ef` compares. */
function identity(path: string): string | undefined {
  const stats = stat(path)
  return stats && `${stats.dev}:${stats.ino}`
}

function isProgram(path: string): boolean {
  if (!stat(path)?.isFile()) return false
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function stat(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false })
}

function windowsNames(name: string, env: Readonly<Record<string, string | undefined>>): string[] {
  const endings = (env['PATHEXT'] ?? '.COM;.EXE;.BAT;.CMD').split(';').map((ending) => name + ending.toLowerCase())
  return /\.[a-z]+$/i.test(name) ? [name] : endings
}
