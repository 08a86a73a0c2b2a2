import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readAliases } from '../../src/provenance/aliases.ts'
import type { Provenance } from '../../src/provenance/read-provenance.ts'
import { signedName, type SignedNameRequest } from '../../src/provenance/signed-name.ts'

const sha256 = 'a1'.repeat(32)
const hash = `sha256:${sha256}`
const digest = `sha256:${'d4'.repeat(32)}`

const signed = (name: string, version: string, files: readonly string[] = [`${name}-${version}.tgz`]): Provenance => ({
  name,
  version,
  files: Object.fromEntries(files.map((file) => [file, hash])),
})

const certManager: SignedNameRequest = {
  reference: 'oci://quay.io/jetstack/charts/cert-manager',
  version: '1.20.2',
  file: 'cert-manager-1.20.2.tgz',
  sha256,
  provenance: signed('cert-manager', 'v1.20.2'),
  aliases: new Map(),
}

const alias: SignedNameRequest = {
  reference: 'oci://ghcr.io/org/alias',
  file: 'alias-0.1.0.tgz',
  sha256,
  provenance: signed('realname', '0.1.0'),
  aliases: readAliases('ghcr.io/org/alias=realname'),
}

describe('the chart and version that were asked for, spelled otherwise', () => {
  it.each<[string, Partial<SignedNameRequest>, string]>([
    ['a tag without the v (cert-manager issue 8745)', {}, 'cert-manager-v1.20.2.tgz'],
    [
      'the tag in the reference',
      { reference: `${certManager.reference}:1.20.2`, version: undefined },
      'cert-manager-v1.20.2.tgz',
    ],
    ['a range', { version: '~1.20' }, 'cert-manager-v1.20.2.tgz'],
    ['the latest', { version: undefined }, 'cert-manager-v1.20.2.tgz'],
    [
      'a tag with the v',
      { version: 'v1.2.3', file: 'cert-manager-v1.2.3.tgz', provenance: signed('cert-manager', '1.2.3') },
      'cert-manager-1.2.3.tgz',
    ],
    [
      'build metadata behind _',
      { version: '1.0.0_b.1', file: 'cert-manager-1.0.0_b.1.tgz', provenance: signed('cert-manager', '1.0.0+b.1') },
      'cert-manager-1.0.0+b.1.tgz',
    ],
    [
      'build metadata behind _ in the signed name alone',
      {
        version: '1.0.0+b',
        file: 'cert-manager-1.0.0+b.tgz',
        provenance: signed('cert-manager', '1.0.0+b', ['cert-manager-1.0.0_b.tgz']),
      },
      'cert-manager-1.0.0_b.tgz',
    ],
    ['a classic repository', { reference: 'jetstack/cert-manager' }, 'cert-manager-v1.20.2.tgz'],
    ['--repo', { reference: 'cert-manager', repo: 'https://charts.jetstack.io' }, 'cert-manager-v1.20.2.tgz'],
    [
      'the URL of an archive',
      { reference: 'https://charts.jetstack.io/cert-manager-1.20.2.tgz', version: undefined },
      'cert-manager-v1.20.2.tgz',
    ],
    [
      'a reference pinned to a digest',
      {
        reference: `${certManager.reference}@${digest}`,
        version: undefined,
        file: `cert-manager@${digest.replace(':', '-')}.tgz`,
      },
      'cert-manager-v1.20.2.tgz',
    ],
    [
      'the right one of several names for the same bytes',
      {
        provenance: signed('cert-manager', 'v1.20.2', [
          'evil-1.0.0.tgz',
          'cert-manager-v1.19.0.tgz',
          'cert-manager-v1.20.2.tgz',
        ]),
      },
      'cert-manager-v1.20.2.tgz',
    ],
  ])('is verified under its signed name: %s', (_, over, to) => {
    expect(signedName({ ...certManager, ...over })).toEqual({ kind: 'rename', to })
  })
})

it('leaves it to helm where the provenance lists the file by its name, with whatever hash', () => {
  const file = certManager.file
  expect(signedName({ ...certManager, provenance: signed('cert-manager', 'v1.20.2', [file]) })).toEqual({
    kind: 'same',
  })
  const provenance = { ...signed('cert-manager', 'v1.20.2'), files: { [file]: 'sha256:00', other: hash } }
  expect(signedName({ ...certManager, provenance })).toEqual({ kind: 'same' })
})

describe('what an attacker with the registry could try', () => {
  it.each<[string, Partial<SignedNameRequest>, RegExp]>([
    ['no provenance', { provenance: undefined }, /none that helm can read/],
    ['the provenance of another archive', { sha256: 'b2'.repeat(32) }, /of another archive/],
    [
      'a hash in another spelling',
      { provenance: { ...signed('cert-manager', 'v1.20.2'), files: { 'cert-manager-v1.20.2.tgz': sha256 } } },
      /of another archive/,
    ],
    [
      'a signed chart of another name',
      { provenance: signed('evil', 'v1.20.2') },
      /the chart "evil".*asks for "cert-manager"/,
    ],
    [
      'a name that begins alike',
      { provenance: signed('cert', '1.20.2', ['cert-manager-v1.20.2.tgz']) },
      /lists the archive as/,
    ],
    ['a name in other letters', { provenance: signed('Cert-Manager', 'v1.20.2') }, /the chart "Cert-Manager"/],
    [
      'an older version, signed, under the new tag',
      { provenance: signed('cert-manager', 'v1.19.0') },
      /version "v1\.19\.0", and "1\.20\.2" was asked for/,
    ],
    [
      'an older version, under the tag that a range chose',
      { version: '^1.0.0', provenance: signed('cert-manager', 'v1.19.0') },
      /version "v1\.19\.0", and what was pulled is "cert-manager-1\.20\.2\.tgz"/,
    ],
    [
      'an older version, under the tag in the reference',
      {
        version: undefined,
        reference: `${certManager.reference}:1.20.2`,
        file: 'cert-manager-1.19.0.tgz',
        provenance: signed('cert-manager', 'v1.19.0'),
      },
      /"1\.20\.2" was asked for/,
    ],
    [
      'the bytes under an older name only',
      { provenance: signed('cert-manager', 'v1.20.2', ['cert-manager-v1.19.0.tgz']) },
      /lists the archive as "cert-manager-v1\.19\.0\.tgz"/,
    ],
    [
      'the asked name over an older Chart.yaml',
      { provenance: signed('cert-manager', 'v1.19.0', ['cert-manager-v1.20.2.tgz']) },
      /version "v1\.19\.0"/,
    ],
    [
      'an index that calls an old archive new',
      {
        reference: 'jetstack/cert-manager',
        file: 'cert-manager-1.19.0.tgz',
        provenance: signed('cert-manager', 'v1.19.0'),
      },
      /"1\.20\.2" was asked for/,
    ],
    [
      'a list of hashes of all the world',
      { provenance: signed('evil', '1.20.2', ['cert-manager-v1.20.2.tgz', 'evil-1.20.2.tgz']) },
      /the chart "evil"/,
    ],
    [
      'the URL of an older archive',
      {
        reference: 'https://x/cert-manager-1.19.0.tgz',
        file: 'cert-manager-1.19.0.tgz',
        provenance: signed('cert-manager', 'v1.19.0'),
      },
      /"1\.20\.2" was asked for/,
    ],
    ['a pre-release', { provenance: signed('cert-manager', 'v1.20.2-alpha.0') }, /"1\.20\.2" was asked for/],
    [
      'other build metadata',
      { version: undefined, file: 'cert-manager-1.20.2_a.tgz', provenance: signed('cert-manager', '1.20.2+b') },
      /what was pulled is/,
    ],
    [
      'a version that is none',
      { version: undefined, file: 'cert-manager-1.tgz', provenance: signed('cert-manager', 'v1') },
      /not a full one/,
    ],
    ['a name with a slash', { provenance: signed('../cert-manager', 'v1.20.2') }, /cannot be a chart's name/],
    ['the name ..', { provenance: signed('..', 'v1.20.2') }, /cannot be a chart's name/],
    ['no name', { provenance: signed('', 'v1.20.2') }, /cannot be a chart's name/],
    ['a name with a line end', { provenance: signed('cert-manager\n', 'v1.20.2') }, /"cert-manager\\n", which cannot/],
    ['a version with a slash', { provenance: signed('cert-manager', '1.20.2-x/../../y') }, /not a full one/],
    [
      'a file with a slash',
      { provenance: signed('cert-manager', 'v1.20.2', ['x/cert-manager-v1.20.2.tgz', '../cert-manager-v1.20.2.tgz']) },
      /lists the archive as/,
    ],
    [
      'a file with a line end',
      { provenance: signed('cert-manager', 'v1.20.2', ['cert-manager-v1.20.2.tgz\n']) },
      /lists the archive as/,
    ],
    ['no file name', { provenance: signed('cert-manager', 'v1.20.2', ['']) }, /lists the archive as ""/],
    [
      'a file that is no .tgz',
      { provenance: signed('cert-manager', 'v1.20.2', ['cert-manager-v1.20.2.tar']) },
      /lists the archive as/,
    ],
    [
      'a pulled file with another name',
      { version: undefined, reference: 'jetstack/cert-manager', file: 'download.tgz' },
      /what was pulled is "download\.tgz"/,
    ],
    [
      'a digest, beside a tag of another version',
      {
        reference: `${certManager.reference}:1.20.3@${digest}`,
        version: undefined,
        file: `cert-manager@${digest.replace(':', '-')}.tgz`,
      },
      /"1\.20\.3" was asked for/,
    ],
    [
      'a digest, of another chart',
      {
        reference: `${certManager.reference}@${digest}`,
        version: undefined,
        file: `cert-manager@${digest.replace(':', '-')}.tgz`,
        provenance: signed('evil', '1.0.0'),
      },
      /the chart "evil"/,
    ],
    [
      'the name of a digest without one in the reference',
      { version: undefined, file: `cert-manager@${digest.replace(':', '-')}.tgz` },
      /what was pulled is/,
    ],
  ])('%s is refused', (_, over, reason) => {
    const result = signedName({ ...certManager, ...over })
    expect(result).toMatchObject({ kind: 'refuse', reason: expect.stringMatching(reason) as unknown })
  })
})

describe('a repository that serves a chart of another name', () => {
  it('is refused, with the setting that would allow it', () => {
    expect(signedName({ ...alias, aliases: new Map() })).toEqual({
      kind: 'refuse',
      reason: 'what is signed is the chart "realname", and the reference asks for "alias"',
      setting: 'HELM_VERIFY_SHIM_ALIAS=ghcr.io/org/alias=realname',
    })
  })

  it.each<[string, Partial<SignedNameRequest>]>([
    ['OCI', {}],
    ['OCI with a tag', { reference: 'oci://ghcr.io/org/alias:0.1.0' }],
    ['a classic repository', { reference: 'stable/alias', aliases: readAliases('stable/alias=realname') }],
    [
      '--repo',
      { reference: 'alias', repo: 'https://me:secret@x.io/', aliases: readAliases('https://x.io/alias=realname') },
    ],
    ['a digest', { reference: `oci://ghcr.io/org/alias@${digest}`, file: `alias@${digest.replace(':', '-')}.tgz` }],
  ])('is allowed by the setting: %s', (_, over) => {
    expect(signedName({ ...alias, ...over })).toEqual({ kind: 'alias', chart: 'realname', to: 'realname-0.1.0.tgz' })
  })

  it('may spell its version otherwise, too', () => {
    const provenance = signed('realname', 'v0.1.0')
    expect(signedName({ ...alias, provenance })).toEqual({
      kind: 'alias',
      chart: 'realname',
      to: 'realname-v0.1.0.tgz',
    })
  })

  it.each<[string, Partial<SignedNameRequest>]>([
    ['a chart that the setting does not name', { provenance: signed('other', '0.1.0') }],
    ['another repository', { reference: 'oci://ghcr.io/other/alias' }],
    ['a repository below', { reference: 'oci://ghcr.io/org/alias/x', file: 'x-0.1.0.tgz' }],
    ['another version', { provenance: signed('realname', '0.0.9') }],
    ['another version than asked for', { version: '0.2.0' }],
    ['a signed file of another name', { provenance: signed('realname', '0.1.0', ['other-0.1.0.tgz']) }],
    ['another archive', { sha256: 'b2'.repeat(32) }],
    [
      'the URL of an archive',
      {
        reference: 'https://ghcr.io/org/alias-0.1.0.tgz',
        aliases: readAliases('https://ghcr.io/org/alias-0.1.0.tgz=realname,ghcr.io/org/alias=realname'),
      },
    ],
  ])('is refused with the setting all the same: %s', (_, over) => {
    expect(signedName({ ...alias, ...over })).toMatchObject({ kind: 'refuse' })
  })
})

describe('whatever is signed', () => {
  const word = fc.constantFrom('demo', 'alias', 'demo-1', '..', '', 'a/b', 'demo\n', 'v1.0.0')
  const version = fc.constantFrom('1.0.0', 'v1.0.0', '1.0.0+a', '1.0.0_a', '2.0.0', '1.0', '', '1.0.0-2.0.0', '^1.0.0')
  const file = fc
    .tuple(word, version, fc.constantFrom('.tgz', '', '.TGZ'))
    .map(([name, v, end]) => `${name}-${v}${end}`)

  it('a new name is always listed with the hash, and is CHART-VERSION.tgz of the reference or of the alias', () => {
    const provenance = fc.record({
      name: word,
      version,
      files: fc.dictionary(file, fc.constantFrom(hash, 'sha256:00'), { maxKeys: 4 }),
    })
    const reference = fc.constantFrom('oci://r/demo', 'oci://r/alias', 'oci://r/demo:1.0.0', 'stable/demo')
    fc.assert(
      fc.property(
        reference,
        fc.option(version, { nil: undefined }),
        file,
        provenance,
        (reference, asked, file, provenance) => {
          const aliases = readAliases('r/alias=demo')
          const result = signedName({ reference, version: asked, file, sha256, provenance, aliases })
          if (result.kind !== 'rename' && result.kind !== 'alias') return
          const pulledAs = reference.includes('alias') ? 'alias' : 'demo'
          const plain = (name: string, chart: string) =>
            name.replace(`${chart}-`, '').replace(/^v/, '').replace('_', '+')
          expect(provenance.files[result.to]).toBe(hash)
          expect(result.to).toMatch(/^demo-v?\d+\.\d+\.\d+[^/\n]*\.tgz$/)
          expect(plain(result.to, 'demo')).toBe(plain(file, pulledAs))
          expect(result.kind).toBe(pulledAs === 'alias' ? 'alias' : 'rename')
        },
      ),
      { numRuns: 20_000 },
    )
  })
})
