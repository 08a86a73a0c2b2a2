import { existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { findHelm, type FoundHelm } from '../../helm/find.ts'
import { ShimError } from '../../messages/shim-error.ts'
import { running } from '../install/parts.ts'

/** The gate that belongs to this program: it lies in the same folder, whether it is there or not. */
export function ownGate(): string {
  const { executable, script, platform } = running()
  const program = executable ?? script ?? ''
  const physical = existsSync(program) ? realpathSync(program) : program
  return join(dirname(physical), platform === 'win32' ? 'helm.exe' : 'helm')
}

/**
 * The real helm, as the gate would find it.
 * @throws ShimError where there is none
 */
export function realHelm(env: NodeJS.ProcessEnv): string {
  const { path, by }: FoundHelm = findHelm(ownGate(), env)
  if (path !== undefined) return path
  const where = by === 'PATH' ? 'PATH has none besides this shim' : 'HELM_VERIFY_SHIM_HELM names no program'
  throw new ShimError('no-helm', `there is no helm to check with: ${where}.`, [
    'next: install helm, or set HELM_VERIFY_SHIM_HELM to its full path.',
  ])
}
