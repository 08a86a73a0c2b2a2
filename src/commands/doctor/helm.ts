import { quote } from '../../messages/text.ts'
import { findingsAbout, type Finding, type Patient } from './finding.ts'

const found = findingsAbout('helm')

/** Which helm would run and why, and whether its version is supported. */
export function examineHelm({ helm, version }: Pick<Patient, 'helm' | 'version'>): Finding[] {
  const { path, by, candidates } = helm
  if (path === undefined) {
    return by === 'HELM_VERIFY_SHIM_HELM'
      ? [
          found(
            'error',
            'HELM_VERIFY_SHIM_HELM names no program besides this shim',
            'unset it, or set it to the full path of helm',
          ),
        ]
      : [found('error', 'there is no helm on PATH besides this shim', 'install helm 3.7 or later')]
  }
  const why =
    by === 'HELM_VERIFY_SHIM_HELM'
      ? 'HELM_VERIFY_SHIM_HELM names it'
      : candidates.some(({ isGate }) => isGate)
        ? 'the next on PATH after this shim'
        : 'the first on PATH'
  if (!version) {
    return [
      found('error', `${quote(path)} does not say its version (${why})`, 'run "helm version" and mend what it says'),
    ]
  }
  const text = `${quote(path)}, version ${version.major}.${version.minor}.${version.patch}: ${why}`
  if (version.major < 3 || (version.major === 3 && version.minor < 7)) {
    return [found('error', text, 'this shim supports helm from 3.7: update it')]
  }
  if (version.major > 4) {
    return [found('warning', text, 'this shim was not made for so new a helm: look for an update of the shim')]
  }
  return [found('ok', text)]
}
