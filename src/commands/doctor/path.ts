import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { quote } from '../../messages/text.ts'
import { findingsAbout, type Finding, type Patient } from './finding.ts'
import { helmsOnPath, isAnyGate } from './gates.ts'

const found = findingsAbout('PATH')

/**
 * Where the shim stands on PATH.
 * @param isNamed whether helmfile is told by name to use the shim, so that PATH does not matter to it
 */
export function examinePath({ gate, env }: Pick<Patient, 'gate' | 'env'>, isNamed: boolean): Finding[] {
  const missing = existsSync(gate)
    ? []
    : [found('error', `the gate is missing beside this program: ${quote(gate)}`, 'install the shim again')]
  const all = helmsOnPath(gate, env).map(({ path, isGate }) => ({
    path,
    isGate,
    isAny: isGate || isAnyGate(path, gate),
  }))
  const [first] = all
  const own = all.find(({ isGate }) => isGate) ?? all.find(({ isAny }) => isAny)
  const another = own && !own.isGate ? ', another copy of this shim' : ''
  if (first?.isAny)
    return [...missing, found('ok', `the first helm is ${quote(first.path)}${another || ', this shim'}`)]
  if (first && own) {
    return [
      ...missing,
      found(
        'warning',
        `${quote(first.path)} stands before ${quote(own.path)}${another || ', this shim'}: a plain "helm" does not go through it`,
        `put ${quote(dirname(own.path))} before ${quote(dirname(first.path))} on PATH`,
      ),
    ]
  }
  if (isNamed) return [...missing, found('ok', 'this shim is not on PATH; helmfile is told by name to use it')]
  return [
    ...missing,
    found(
      'warning',
      'this shim is not on PATH, so nothing goes through it unless it is called by its full path',
      `put ${quote(dirname(gate))} first on PATH, or name ${quote(gate)} in helmfile.yaml (helmBinary)`,
    ),
  ]
}
