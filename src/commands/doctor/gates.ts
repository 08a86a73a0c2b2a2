import { closeSync, openSync, readSync, realpathSync } from 'node:fs'
import { isAbsolute, join, resolve } from 'node:path'
import { findHelm, type FoundHelm } from '../../helm/find.ts'

/** The programs called helm on PATH, in order, whatever HELM_VERIFY_SHIM_HELM says. */
export function helmsOnPath(gate: string, env: NodeJS.ProcessEnv): FoundHelm['candidates'] {
  return findHelm(gate, { ...env, HELM_VERIFY_SHIM_HELM: undefined }).candidates
}

/** The first program of this name on PATH, or the one at this path; undefined where there is none. */
export function whichProgram(name: string, env: NodeJS.ProcessEnv, cwd: string): string | undefined {
  if (/[/\\]/.test(name)) return findHelm('', { HELM_VERIFY_SHIM_HELM: resolve(cwd, name) }).path
  const found = findHelm('', { PATH: env['PATH'], HELM_VERIFY_SHIM_HELM: name }).path
  return found === undefined || isAbsolute(found) ? found : join(cwd, found)
}

/** Whether a file is a gate of this shim: ours, or another copy's. */
export function isAnyGate(file: string, own: string): boolean {
  try {
    if (realpathSync(file) === realpathSync(own)) return true
  } catch {
    // The own gate may be missing.
  }
  return head(file).includes('# The gate of helm-verify-shim')
}

function head(file: string): string {
  try {
    const descriptor = openSync(file, 'r')
    try {
      const bytes = Buffer.alloc(200)
      return bytes.toString('latin1', 0, readSync(descriptor, bytes, 0, bytes.length, 0))
    } finally {
      closeSync(descriptor)
    }
  } catch {
    return ''
  }
}
