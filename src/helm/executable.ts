import { ShimError } from '../messages/shim-error.ts'
import { quote } from '../messages/text.ts'
import { runAsHelm } from '../run.ts'
import { findHelm } from './find.ts'

/**
 * Runs a helm command where this program is itself `helm.exe`: Windows has no sh for the gate, so what the gate does
 * is done here.
 * @throws ShimError where there is no real helm
 */
export async function runAsHelmFrom(own: string, argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const { path } = findHelm(own, env)
  if (path === undefined) {
    throw new ShimError('no-helm', `no helm to hand the command to: PATH has none after this shim, ${quote(own)}`, [
      "next: install helm, or put this shim's folder before helm's on PATH, or set HELM_VERIFY_SHIM_HELM to helm's full path.",
    ])
  }
  return await runAsHelm(path, argv, env)
}
