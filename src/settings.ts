/** What the user set in the environment. All names begin with `HELM_VERIFY_SHIM_`. */
export interface Settings {
  /** Verify every unpacking pull, and refuse unpacked charts whose packed chart does not verify. */
  readonly require: boolean
  /** The keyring to use where the command names none. */
  readonly keyring: string | undefined
  /** A directory that was changed after its pull is deployed with a warning, once its packed original verifies. */
  readonly allowModified: boolean
  /** Plain pass-through. */
  readonly off: boolean
  readonly debug: boolean
  /** `REPOSITORY=CHART[,…]`: repositories that may serve a chart of another name. */
  readonly alias: string | undefined
}

/**
 * Reads the settings from an environment. What asks for more safety is on at any value but '', '0' and 'false'; what
 * asks for less is on only at its exact word, so that a slip of the pen never loosens anything.
 */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const get = (name: string) => env[`HELM_VERIFY_SHIM_${name}`] ?? ''
  return {
    require: !['', '0', 'false'].includes(get('REQUIRE')),
    keyring: get('KEYRING') || undefined,
    allowModified: get('MODIFIED') === 'allow',
    off: get('OFF') === '1',
    debug: get('LOG') === 'debug',
    alias: get('ALIAS') || undefined,
  }
}
