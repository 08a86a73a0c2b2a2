import { statSync } from 'node:fs'
import { join } from 'node:path'

/** The keyrings that helm looks at when the command names none. */
export interface DefaultKeyring {
  /** The one that helm before 4.3 opens, whether it exists or not. */
  readonly legacy: string
  /** GnuPG's keybox beside it: what helm 4.3 opens where the legacy one does not exist. */
  readonly keybox: string
}

/**
 * Where helm's default keyring is. As in helm, a GNUPGHOME that is set but empty is the current directory.
 *
 * helm: cmd/helm/dependency_build.go defaultKeyring (3), pkg/cmd/dependency_build.go (4.3); client-go's homedir.HomeDir
 */
export function defaultKeyring(env: NodeJS.ProcessEnv): DefaultKeyring {
  const home = env['GNUPGHOME'] ?? join(env['HOME'] || env['USERPROFILE'] || '', '.gnupg')
  return { legacy: join(home, 'pubring.gpg'), keybox: join(home, 'pubring.kbx') }
}

/**
 * The keybox, where helm 4.3 would take it: the legacy keyring does not exist, which nothing but "no such file" proves,
 * and the keybox does.
 */
export function keyboxInstead({ legacy, keybox }: DefaultKeyring, cwd: (path: string) => string) {
  if (!isMissing(cwd(legacy)) || isMissing(cwd(keybox))) return undefined
  return keybox
}

function isMissing(path: string): boolean {
  try {
    statSync(path)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT'
  }
}
