import { isSea } from 'node:sea'
import { findHelm } from '../helm/find.ts'
import { run } from '../helm/run.ts'
import { helmVersionOf } from '../helm/version.ts'
import { write } from '../messages/say.ts'
import { ownGate } from './check/real-helm.ts'
import { asJson } from './check/report.ts'
import type { Command } from './command.ts'
import type { Patient } from './doctor/finding.ts'
import { examineHelm } from './doctor/helm.ts'
import { examineHelmfile } from './doctor/helmfile.ts'
import { examineKeyring } from './doctor/keyring.ts'
import { examinePath } from './doctor/path.ts'
import { examinePlugins } from './doctor/plugins.ts'
import { describeFindings, isHealthy } from './doctor/report.ts'
import { examineRuntime } from './doctor/runtime.ts'
import { examineSettings } from './doctor/settings.ts'
import { examineState } from './doctor/state.ts'

/** `doctor [--json]`: looks at everything that the shim depends on, and says what is wrong and what to do about it. */
export const doctor: Command = {
  booleans: ['json'],
  async run({ options, env }) {
    const gate = ownGate()
    const helm = findHelm(gate, env)
    const version = helm.path === undefined ? undefined : await helmVersionOf(helm.path, run)().catch(() => undefined)
    const patient: Patient = { gate, helm, version, env, cwd: process.cwd(), run }
    const [helmfile, keyring, plugins] = await Promise.all([
      examineHelmfile(patient),
      examineKeyring(patient),
      examinePlugins(patient),
    ])
    const findings = [
      ...examineHelm(patient),
      ...examinePath(patient, helmfile.isNamed),
      ...helmfile.findings,
      ...keyring,
      ...examineState(patient),
      ...plugins,
      ...examineSettings(env),
      ...examineRuntime({ version: process.version, execPath: process.execPath, isExecutable: isSea() }),
    ]
    const ok = isHealthy(findings)
    write(1, options['json'] ? asJson({ ok, findings }) : describeFindings(findings))
    return ok ? 0 : 1
  },
}
