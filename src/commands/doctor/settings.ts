import { reasonOf } from '../../messages/shim-error.ts'
import { quote } from '../../messages/text.ts'
import { readAliases } from '../../provenance/aliases.ts'
import { readSettings } from '../../settings.ts'
import { findingsAbout, type Finding } from './finding.ts'

const found = findingsAbout('settings')
const known = ['HELM', 'REQUIRE', 'KEYRING', 'MODIFIED', 'ALIAS', 'OFF', 'LOG'].map(
  (name) => `HELM_VERIFY_SHIM_${name}`,
)

/** The settings in effect, and those that are not what they seem. (pure) */
export function examineSettings(env: Readonly<Record<string, string | undefined>>): Finding[] {
  const { require, allowModified, off, debug, alias } = readSettings(env)
  const given = Object.keys(env)
    .filter((name) => name.startsWith('HELM_VERIFY_SHIM_') && env[name] !== undefined && env[name] !== '')
    .sort()
  if (given.length === 0) return [found('ok', 'none: helm verifies what commands ask it to verify')]
  return given.map((name) => {
    const value = env[name] ?? ''
    const text = `${name}=${quote(value)}`
    const unused = (only: string) => found('warning', `${text} has no effect`, `the only value is ${only}`)
    switch (name.replace('HELM_VERIFY_SHIM_', '')) {
      case 'OFF':
        return off
          ? found(
              'warning',
              `${text}: nothing is verified or checked by the shim`,
              'unset it, unless this is what you want',
            )
          : unused('1')
      case 'MODIFIED':
        return allowModified
          ? found(
              'ok',
              `${text}: charts that were changed after their pull are used, once their packed originals verify`,
            )
          : unused('"allow"')
      case 'LOG':
        return debug ? found('ok', text) : unused('"debug"')
      case 'REQUIRE':
        return found('ok', require ? `${text}: every pull that unpacks is verified` : `${text}: off`)
      case 'ALIAS':
        return aliasFinding(alias ?? '', text)
      default:
        return known.includes(name)
          ? found('ok', text)
          : found('warning', `there is no setting ${quote(name)}`, `the settings are ${known.join(', ')}`)
    }
  })
}

function aliasFinding(alias: string, text: string): Finding {
  try {
    const all = [...readAliases(alias)].map(([repository, chart]) => `${repository} may serve ${quote(chart)}`)
    return found('ok', `HELM_VERIFY_SHIM_ALIAS: ${all.join(', ')}`)
  } catch (error) {
    return found('error', `${text}: ${reasonOf(error)}`, 'write it as REPOSITORY=CHART[,REPOSITORY=CHART…]')
  }
}
