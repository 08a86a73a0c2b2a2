import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { quote } from '../../messages/text.ts'
import { findingsAbout, type Finding, type Patient } from './finding.ts'
import { isAnyGate, whichProgram } from './gates.ts'

const found = findingsAbout('helmfile')

/** What helmfile would do: the findings, and whether it is told by name to use the shim. */
export interface HelmfileFindings {
  readonly findings: readonly Finding[]
  readonly isNamed: boolean
}

/**
 * What helmfile would call: `--helm-binary` aside, HELMFILE_HELM_BINARY (which 0.x does not know), else `helmBinary` of
 * the helmfile.yaml in the current directory, else the first helm on PATH.
 *
 * helmfile: pkg/config/global.go HelmBinary, pkg/state/create.go applyDefaultsAndOverrides
 */
export async function examineHelmfile({ gate, env, cwd, run }: Patient): Promise<HelmfileFindings> {
  const helmfile = whichProgram('helmfile', env, cwd)
  if (helmfile === undefined) return { findings: [found('ok', 'there is no helmfile on PATH')], isNamed: false }
  const asked = await run(helmfile, ['--version'], { stdin: 'ignore', cwd, env })
  const version = /\d+\.\d+\.\d+/.exec(asked.stdout.toString())?.[0]
  const what = `${quote(helmfile)}${version === undefined ? '' : `, version ${version}`},`
  const variable = env['HELMFILE_HELM_BINARY'] || undefined
  const readsVariable = !version?.startsWith('0.')
  const ignored =
    variable !== undefined && !readsVariable
      ? [
          found(
            'warning',
            'helmfile 0.x does not read HELMFILE_HELM_BINARY',
            'set helmBinary in helmfile.yaml, or --helm-binary',
          ),
        ]
      : []
  const inFile = helmBinaryIn(cwd)
  const { name, where } =
    variable !== undefined && readsVariable && variable !== 'helm'
      ? { name: variable, where: ' (HELMFILE_HELM_BINARY)' }
      : inFile
        ? { name: inFile.name, where: ` (helmBinary in ${inFile.file})` }
        : { name: 'helm', where: '' }
  const end = (finding: Finding, isNamed = false) => ({ findings: [...ignored, finding], isNamed })
  if (name.includes('{{')) {
    return end(
      found(
        'warning',
        `${what} takes its helm from a template${where}: ${quote(name)}`,
        'see what it comes to with "helmfile build"',
      ),
    )
  }
  const program = whichProgram(name, env, cwd)
  if (program === undefined) {
    return end(
      found('error', `${what} would call ${quote(name)}${where}, which is not there`, `name ${quote(gate)} instead`),
    )
  }
  if (isAnyGate(program, gate)) {
    return end(found('ok', `${what} calls ${quote(name)}${where}, which is this shim`), name !== 'helm')
  }
  const next =
    where === '' ? 'put this shim first on PATH, or name it in helmfile.yaml: helmBinary: ' : 'name this shim there: '
  return end(found('warning', `${what} calls ${quote(program)}${where}, which is not this shim`, next + quote(gate)))
}

/** `helmBinary` of the helmfile.yaml in a directory. It is read as text, since a template need not be YAML yet. */
function helmBinaryIn(cwd: string): { name: string; file: string } | undefined {
  for (const file of ['helmfile.yaml', 'helmfile.yaml.gotmpl']) {
    let text
    try {
      text = readFileSync(join(cwd, file), 'utf8')
    } catch {
      continue
    }
    const value = /^helmBinary:[ \t]*(?:"([^"\n]*)"|'([^'\n]*)'|([^\s#][^\n]*?))[ \t]*(?: #.*)?\r?$/m.exec(text)
    const name = value?.[1] ?? value?.[2] ?? value?.[3]
    return name ? { name, file } : undefined
  }
  return undefined
}
