import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { ListedKey } from '../../keyring/colon-listing.ts'
import { defaultKeyring, keyboxInstead } from '../../keyring/default-keyring.ts'
import { keyringFormat } from '../../keyring/format.ts'
import { openKeyring } from '../../keyring/keyring-file.ts'
import { listKeys } from '../../keyring/list-keys.ts'
import { quote } from '../../messages/text.ts'
import { readSettings } from '../../settings.ts'
import { findingsAbout, type Finding, type Level, type Patient } from './finding.ts'

const found = findingsAbout('keyring')
const formats = { binary: 'packets', armored: 'ASCII armor', keybox: 'a GnuPG keybox' }

/** The keyring of commands that name none, and the keys in it. */
export async function examineKeyring(patient: Pick<Patient, 'env' | 'run' | 'version'>): Promise<Finding[]> {
  const { env, run } = patient
  const given = readSettings(env).keyring
  const standard = defaultKeyring(env)
  const file = resolve(given ?? keyboxInstead(standard, (path) => resolve(path)) ?? standard.legacy)
  const export_ = `gpg --export > ${quote(resolve(standard.legacy))}`
  const daemon = given === undefined ? keyboxDaemon(standard.legacy, export_) : []
  const keyring = openKeyring(file)
  if (!keyring) {
    if (given !== undefined) {
      return [
        found('error', `HELM_VERIFY_SHIM_KEYRING names ${quote(given)}, which cannot be read`, 'name a keyring there'),
      ]
    }
    const text = existsSync(file) ? 'cannot be read' : 'does not exist'
    return daemon.length > 0
      ? daemon
      : [
          found(
            'warning',
            `helm's default keyring ${quote(file)} ${text}: commands that name no keyring cannot verify`,
            `name one with --keyring or HELM_VERIFY_SHIM_KEYRING, or make it of your GnuPG keys: ${export_}`,
          ),
        ]
  }
  const format = keyringFormat(keyring.head)
  keyring.close()
  const what = `${given === undefined ? "helm's default, " : 'HELM_VERIFY_SHIM_KEYRING: '}${quote(file)}, ${formats[format]}`
  const gpg = await run('gpg', ['--version'], { stdin: 'ignore', env })
  if (gpg.failure !== undefined) return [...daemon, withoutGpg(patient, what, format === 'keybox')]
  const keys = await listKeys(file, run, env)
  if (keys === undefined || keys.length === 0) {
    return [
      ...daemon,
      found('warning', `${what}: gpg finds no key in it`, 'add the public keys of those who sign your charts'),
    ]
  }
  return [
    ...daemon,
    found('ok', `${what}, ${keys.length} ${keys.length === 1 ? 'key' : 'keys'}`),
    ...keys.map(describeKey),
  ]
}

function withoutGpg({ version }: Pick<Patient, 'version'>, what: string, isKeybox: boolean): Finding {
  const helmReads = version && (version.major > 4 || (version.major === 4 && version.minor >= 3))
  return isKeybox && !helmReads
    ? found(
        'error',
        `${what}: helm reads that only from 4.3, and there is no gpg to convert it`,
        'install gpg, or make a keyring with "gpg --export > pubring.gpg" where there is one',
      )
    : found('ok', `${what} (there is no gpg to list its keys)`)
}

/** GnuPG from 2.4 may keep public keys in a database that only its own daemon reads. */
function keyboxDaemon(legacy: string, export_: string): Finding[] {
  const database = join(dirname(resolve(legacy)), 'public-keys.d', 'pubring.db')
  if (!existsSync(database) || existsSync(legacy)) return []
  return [
    found(
      'warning',
      `GnuPG's keyboxd keeps its public keys in ${quote(database)}, which neither helm nor this shim reads`,
      `write them to helm's default keyring: ${export_}`,
    ),
  ]
}

function describeKey({ fingerprint, keyId, userIds, expires, expired, revoked }: ListedKey): Finding {
  const level: Level = expired || revoked ? 'warning' : 'ok'
  const date = expires?.toISOString().slice(0, 10)
  const until = revoked ? 'revoked' : date === undefined ? 'no expiry' : expired ? `expired ${date}` : `until ${date}`
  const text = `${userIds.map(quote).join(', ') || '(no user id)'}, ${fingerprint || keyId}, ${until}`
  return level === 'ok'
    ? found(level, text)
    : found(
        level,
        text,
        `what it signed does not verify; ${revoked ? 'its owner has taken it back' : 'get it anew from its owner, who may have extended it'}`,
      )
}
