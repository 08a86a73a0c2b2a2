import { join } from 'node:path'

/**
 * Where `install` puts the gate if no folder is named: one of our own, so that no real helm lies in it.
 * @returns undefined where the environment names no home
 */
export function defaultFolder(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): string | undefined {
  const data =
    platform === 'win32'
      ? env['LOCALAPPDATA']
      : env['XDG_DATA_HOME'] || (env['HOME'] && join(env['HOME'], '.local/share'))
  // A relative XDG_DATA_HOME is to be ignored, says the XDG base directory specification.
  if (!data || !(platform === 'win32' || data.startsWith('/'))) return undefined
  return join(data, 'helm-verify-shim', 'bin')
}
