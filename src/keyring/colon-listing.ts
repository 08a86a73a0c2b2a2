/** A key as gpg lists it. */
export interface ListedKey {
  readonly fingerprint: string
  /** The last 16 digits of the fingerprint (of a version 4 key): what signatures and messages name. */
  readonly keyId: string
  readonly userIds: readonly string[]
  readonly created: Date | undefined
  readonly expires: Date | undefined
  readonly revoked: boolean
  readonly expired: boolean
  readonly subkeys: readonly ListedSubkey[]
}

export type ListedSubkey = Omit<ListedKey, 'userIds' | 'subkeys'>

/**
 * Reads what `gpg --with-colons --fixed-list-mode` prints, as GnuPG's doc/DETAILS has it: fields 2 validity, 5 key id,
 * 6 created, 7 expires, 10 fingerprint or user id.
 */
export function readColonListing(text: string): ListedKey[] {
  const keys: { key: ListedSubkey; userIds: string[]; subkeys: ListedSubkey[] }[] = []
  let fresh: ListedSubkey | undefined
  for (const fields of text.split(/\r?\n/).map((line) => line.split(':'))) {
    const current = keys.at(-1)
    switch (fields[0]) {
      case 'pub':
      case 'sec':
        keys.push({ key: (fresh = readKey(fields)), userIds: [], subkeys: [] })
        break
      case 'sub':
      case 'ssb':
        current?.subkeys.push((fresh = readKey(fields)))
        break
      case 'fpr':
        if (fresh) Object.assign(fresh, { fingerprint: fields[9] ?? '' })
        fresh = undefined
        break
      case 'uid':
        current?.userIds.push(unescapeField(fields[9] ?? ''))
        break
    }
  }
  return keys.map(({ key, userIds, subkeys }) => ({ ...key, userIds, subkeys }))
}

function readKey(fields: readonly string[]): ListedSubkey {
  return {
    fingerprint: '',
    keyId: fields[4] ?? '',
    created: readDate(fields[5]),
    expires: readDate(fields[6]),
    revoked: fields[1] === 'r',
    expired: fields[1] === 'e',
  }
}

/** Seconds since 1970, or `20260101T120000` from later gpgs where the year is beyond 2038. */
function readDate(field: string | undefined): Date | undefined {
  if (!field) return undefined
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)$/.exec(field)
  if (parts) return new Date(`${parts.slice(1, 4).join('-')}T${parts.slice(4).join(':')}Z`)
  return /^\d+$/.test(field) ? new Date(Number(field) * 1000) : undefined
}

/** gpg writes a colon, a backslash and control characters as `\x3a`, byte by byte. */
function unescapeField(field: string): string {
  return field.replace(/\\x([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}
