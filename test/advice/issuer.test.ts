import { chmodSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { issuerOf, readIssuer } from '../../src/advice/issuer.ts'
import { run } from '../../src/helm/run.ts'
import { folder } from '../helpers/folder.ts'

describe('readIssuer', () => {
  const packet = (keyId: string, more = '') =>
    `:signature packet: algo 1, keyid ${keyId}\n\tversion 4, created 1\n${more}`

  it('reads key id and fingerprint of the first signature', () => {
    const fingerprint = '0123456789ABCDEF0123456789ABCDEF01234567'
    const first = packet('89ABCDEF01234567', `\thashed subpkt 33 len 21 (issuer fpr v4 ${fingerprint})\n`)
    expect(readIssuer(`# off=0\n${first}${packet('FFFFFFFFFFFFFFFF')}`)).toEqual({
      keyId: '89ABCDEF01234567',
      fingerprint,
    })
  })

  it('takes no fingerprint from a later signature', () => {
    const later = packet('FFFFFFFFFFFFFFFF', `\thashed subpkt 33 len 21 (issuer fpr v4 ${'F'.repeat(40)})\n`)
    expect(readIssuer(packet('89ABCDEF01234567') + later)).toEqual({
      keyId: '89ABCDEF01234567',
      fingerprint: undefined,
    })
  })

  it.each(['', ':literal data packet:\n', packet('0000000000000000')])('is undefined for %j', (listing) => {
    expect(readIssuer(listing)).toBeUndefined()
  })
})

describe('issuerOf', () => {
  const listing = ':signature packet: algo 1, keyid 89ABCDEF01234567\n'
  const block = '-----BEGIN PGP SIGNATURE-----\n\nAAAA\n-----END PGP SIGNATURE-----\n'

  /** A folder with a gpg in it. */
  const withGpg = (script: string) => {
    const at = folder({ gpg: `#!/bin/sh\n${script}\n` })
    chmodSync(join(at, 'gpg'), 0o755)
    return { at, env: { PATH: `${at}:/usr/bin:/bin` } }
  }

  it('shows gpg the signature alone, and reads what it says', async () => {
    const script = `for last; do :; done; cat "$last" > "$(dirname "$0")/seen"; printf '${listing}'`
    const prov = `-----BEGIN PGP SIGNED MESSAGE-----\n\ntext\n${block}rest\n`
    const { at, env } = withGpg(script)
    expect(await issuerOf(Buffer.from(prov), run, env)).toEqual({ keyId: '89ABCDEF01234567', fingerprint: undefined })
    expect(readFileSync(join(at, 'seen'), 'utf8')).toBe(block.trimEnd())
  })

  it('is undefined where there is no gpg, or it fails', async () => {
    const { at, env } = withGpg(`printf '${listing}'; exit 2`)
    expect(await issuerOf(Buffer.from(block), run, env)).toBeUndefined()
    expect(await issuerOf(Buffer.from(block), run, { PATH: join(at, 'nowhere') })).toBeUndefined()
  })

  it('asks no gpg where there is no signature', async () => {
    const { env } = withGpg(`printf '${listing}'`)
    expect(await issuerOf(Buffer.from('text'), run, env)).toBeUndefined()
  })
})
