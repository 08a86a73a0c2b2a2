import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeChart, pack, signChart, writeChart } from '../helpers/charts.ts'
import { MatrixBed } from '../helpers/matrix-bed.ts'
import { runInEmptyFolder, type Pulled } from '../helpers/matrix-pull.ts'
import { helms, type Helm } from '../helpers/tools.ts'

// The same command line of helm alone and through the shim, each in an empty folder: what they print, how they end and
// what they leave has to be the same, to the byte.
let bed: MatrixBed
let digest = ''

beforeAll(async () => {
  bed = await new MatrixBed().start()
  const { sandbox, signers, registry, repository } = bed
  const second = await makeChart(sandbox.at('more'), 'second', 'signed', signers, {
    version: '1.2.3-rc.1+build.5',
    subcharts: ['sub'],
    extra: {
      '.helmignore': '*.md\n',
      'README.md': '# read me\n',
      'docs/über/notes.txt': 'n\n',
      'run.sh': '#!/bin/sh\n',
    },
  })
  const newer = await signChart(
    await pack(writeChart(sandbox.at('newer'), 'signed', { version: '0.2.0' }), sandbox.at('newer packed')),
    signers,
    'trusted',
  )
  for (const archive of [second, newer]) await registry.push(archive)
  await repository.add(second, newer)
  mkdirSync(sandbox.at('for the digest'))
  const { stderr } = await sandbox.helm('helm3', false, [
    ...['pull', `oci://${registry.host}/charts/signed`, '--version', '0.1.0', '--ca-file', registry.caFile],
    ...['-d', sandbox.at('for the digest')],
  ])
  digest = /^Digest: (sha256:\S+)$/m.exec(stderr)?.[1] ?? ''
  await sandbox.helm('helm3', false, ['repo', 'add', 'cls', repository.url])
})

afterAll(async () => {
  await bed.stop()
})

interface Words {
  readonly oci: string
  readonly url: string
  readonly keyring: string
  readonly caFile: string
  readonly digest: string
}

const words = (): Words => ({
  oci: `oci://${bed.registry.host}/charts`,
  url: bed.repository.url,
  keyring: bed.signers.keyring,
  caFile: bed.registry.caFile,
  digest,
})

/** The classic repository's index, which `repo add` has put into the cache. */
const cached = () => ({ HELM_REPOSITORY_CACHE: bed.sandbox.at('helm/cache/repository') })

async function both(helm: Helm, args: readonly string[]): Promise<{ alone: Pulled; shim: Pulled }> {
  const env = cached()
  const alone = await runInEmptyFolder(bed, helm, false, args, { env })
  const shim = await runInEmptyFolder(bed, helm, true, args, { env })
  return { alone, shim }
}

const seen = ({ code, stdout, stderr, left }: Pulled) => ({ code, stdout, stderr, left })

/** Ways to name a chart, and to write the flags. */
const ways: Record<string, (w: Words) => string[]> = {
  'OCI with a tag': ({ oci, caFile }) => ['pull', `${oci}/signed:0.1.0`, '--ca-file', caFile, '--untar'],
  'OCI with --version': ({ oci, caFile }) => [
    'pull',
    `${oci}/signed`,
    '--version=0.1.0',
    '--ca-file',
    caFile,
    '--untar',
  ],
  'OCI without a version': ({ oci, caFile }) => ['pull', `${oci}/signed`, '--ca-file', caFile, '--untar'],
  'OCI with a constraint': ({ oci, caFile }) => [
    'pull',
    `${oci}/signed`,
    '--version',
    '<0.2',
    '--ca-file',
    caFile,
    '--untar',
  ],
  'OCI with build metadata': ({ oci, caFile }) => [
    'pull',
    `${oci}/second`,
    '--version',
    '1.2.3-rc.1+build.5',
    '--ca-file',
    caFile,
    '--untar',
  ],
  'OCI by digest': ({ oci, caFile, digest }) => ['pull', `${oci}/signed@${digest}`, '--ca-file', caFile, '--untar'],
  'OCI by tag and digest': ({ oci, caFile, digest }) => [
    'pull',
    `${oci}/signed:0.1.0@${digest}`,
    '--ca-file',
    caFile,
    '--untar',
  ],
  'repo/chart': () => ['pull', 'cls/signed', '--untar'],
  'repo/chart with --version': () => ['pull', 'cls/signed', '--version', '0.1.0', '--untar'],
  'repo/chart with --devel': () => ['pull', 'cls/second', '--devel', '--untar'],
  '--repo': ({ url }) => ['pull', 'signed', '--repo', url, '--untar'],
  '--repo=, fetch': ({ url }) => ['fetch', 'signed', `--repo=${url}`, '--version=0.1.0', '--untar'],
  'a direct URL': ({ url }) => ['pull', `${url}/signed-0.1.0.tgz`, '--untar'],
  'several at once': ({ oci, caFile }) => [
    'pull',
    `${oci}/signed:0.1.0`,
    `${oci}/unsigned:0.1.0`,
    '--ca-file',
    caFile,
    '--untar',
  ],
  '-d, two words': ({ url }) => ['pull', 'signed', '--repo', url, '--untar', '-d', 'out/side'],
  '-dOUT': ({ url }) => ['pull', 'signed', '--repo', url, '--untar', '-dout'],
  '--destination= and --untardir': ({ url }) => [
    'pull',
    '--untar=true',
    '--destination=out',
    '--untardir',
    'in it',
    'signed',
    '--repo',
    url,
  ],
  'flags before the command': ({ url }) => [
    '--debug=false',
    '-n',
    'pull',
    'pull',
    'signed',
    '--repo',
    url,
    '--untar=1',
  ],
  'the last one wins': ({ url }) => [
    'pull',
    'signed',
    '--repo',
    url,
    '--untar=false',
    '--untar=T',
    '-d',
    'a',
    '--destination',
    'b',
  ],
  'behind --': ({ url }) => ['pull', '--untar', '--repo', url, '--', 'signed'],
  'also with --prov': ({ oci, caFile }) => ['pull', `${oci}/signed:0.1.0`, '--ca-file', caFile, '--untar', '--prov'],
  'not there': ({ url }) => ['pull', 'nothing', '--repo', url, '--untar'],
  'not there, OCI': ({ oci, caFile }) => ['pull', `${oci}/nothing`, '--ca-file', caFile, '--untar'],
  'no such version': ({ url }) => ['pull', 'signed', '--repo', url, '--untar', '--version', '9.9.9'],
  'no CA file': ({ oci }) => ['pull', `${oci}/signed:0.1.0`, '--untar'],
  'no reference': () => ['pull', '--untar'],
  'an unknown flag': ({ url }) => ['pull', 'signed', '--repo', url, '--untar', '--no-such-flag'],
  help: () => ['pull', '--untar', '--help'],
}

describe.each(helms)('%s', (helm) => {
  it.each(Object.keys(ways))('pulls as helm alone does: %s', async (way) => {
    const args = ways[way]?.(words()) ?? []
    const { alone, shim } = await both(helm, args)
    expect(seen(shim)).toEqual(alone.code === 0 ? seen(alone) : { ...seen(alone), left: {} })
    expect(shim.temporary).toEqual([])
    // Neither all nothing, nor all the same.
    if (alone.code === 0 && !args.includes('--help')) {
      expect(shim.receipts.length).toBe(way === 'several at once' ? 2 : 1)
      expect(Object.keys(shim.left).some((path) => path.endsWith('Chart.yaml'))).toBe(true)
    }
  })

  it.each(Object.keys(ways).filter((way) => !way.includes('digest')))(
    'verifies as helm alone does: %s',
    async (way) => {
      const { alone, shim } = await both(helm, verifying(ways[way]?.(words()) ?? []))
      // The first of several is good, and both leave it.
      const left = way === 'several at once' ? withoutDebris(alone.left) : {}
      expect(withoutOurs(seen(shim))).toEqual(alone.code === 0 ? seen(alone) : { ...seen(alone), left })
      expect(alone.code === 0 || Object.keys(left).length > 0 || !way.includes('several')).toBe(true)
      expect(shim.temporary).toEqual([])
      if (alone.code === 0 && shim.stderr === '') expect(shim.stdout).toMatch(/Signed by: Trusted|Usage:/)
    },
  )

  // helm calls the file by its digest, which no provenance can list. The chart that is signed is the one asked for, to
  // the byte, so it is verified under the name that was signed.
  it.each(['OCI by digest', 'OCI by tag and digest'])('verifies what helm alone cannot: %s', async (way) => {
    const { alone, shim } = await both(helm, verifying(ways[way]?.(words()) ?? []))
    expect(alone.code).toBe(1)
    expect(alone.stderr).toContain('provenance does not contain a SHA for a file named "signed@sha256-')
    expect(shim.code).toBe(0)
    expect(shim.stdout).toContain('Signed by: Trusted')
    expect(shim.receipts).toEqual(['PLACE/folder/signed'])
  })

  it.each(['--verify=1', '--verify=T', '--verify=true', '--verify=false --verify'])(
    'takes %s for --verify',
    async (flag) => {
      const args = [
        'pull',
        'unsigned',
        '--repo',
        bed.repository.url,
        '--untar',
        ...flag.split(' '),
        '--keyring',
        bed.signers.keyring,
      ]
      const { alone, shim } = await both(helm, args)
      expect(alone.code).toBe(1)
      expect(withoutOurs(seen(shim))).toEqual({ ...seen(alone), left: {} })
    },
  )

  it.each(['--verify=0', '--verify=F', '--verify --verify=false'])('takes %s for none', async (flag) => {
    const args = ['pull', 'unsigned', '--repo', bed.repository.url, '--untar', ...flag.split(' ')]
    const { alone, shim } = await both(helm, args)
    expect(alone.code).toBe(0)
    expect(seen(shim)).toEqual(seen(alone))
  })

  const refused = ['unsigned', 'wrong-key', 'altered', 'expired', 'revoked']
  describe.each(refused)('a chart that is %s', (chart) => {
    it.each(['OCI', '--repo', 'repo/chart', 'URL'])(
      'is refused in helm’s own words, and leaves nothing: %s',
      async (way) => {
        const { oci, caFile, url, keyring } = words()
        const references: Record<string, string[]> = {
          OCI: [`${oci}/${chart}`, '--ca-file', caFile],
          '--repo': [chart, '--repo', url],
          'repo/chart': [`cls/${chart}`],
          URL: [`${url}/${chart}-0.1.0.tgz`],
        }
        const args = ['pull', ...(references[way] ?? []), '--untar', '--verify', '--keyring', keyring, '-d', 'out/in']
        const { alone, shim } = await both(helm, args)
        expect(alone.code).toBe(1)
        expect(withoutOurs(seen(shim))).toEqual({ ...seen(alone), left: {} })
        expect(shim).toMatchObject({ temporary: [], receipts: [] })
      },
    )
  })

  it('refuses all that helm refuses without a keyring', async () => {
    const args = ['pull', 'signed', '--repo', bed.repository.url, '--untar', '--verify', '--keyring', 'none.gpg']
    const { alone, shim } = await both(helm, args)
    expect(alone.code).toBe(1)
    expect(withoutOurs(seen(shim))).toEqual({ ...seen(alone), left: {} })
  })

  it('keeps what was there where a pull fails', async () => {
    const prepare = (folder: string) => {
      writeChart(folder, 'signed', { version: '9.9.9' })
    }
    const args = ['pull', 'signed', '--repo', bed.repository.url, '--untar']
    const alone = await runInEmptyFolder(bed, helm, false, args, { prepare, env: cached() })
    const shim = await runInEmptyFolder(bed, helm, true, args, { prepare, env: cached() })
    expect(shim.code).toBe(alone.code)
    expect(shim.code).toBe(1)
    expect(shim.left).toEqual(alone.left)
    expect(shim.stderr).toContain('already exists')
  })
})

describe('helm 3.7, the oldest', () => {
  it.each([['OCI with a tag'], ['OCI with --version'], ['repo/chart'], ['--repo'], ['a direct URL']])(
    'pulls and verifies as helm alone does: %s',
    async (way) => {
      // helm 3.7 has no --ca-file for OCI: the system's authorities count.
      const args = (ways[way]?.(words()) ?? []).filter((word) => word !== '--ca-file' && word !== bed.registry.caFile)
      const env = { ...cached(), SSL_CERT_FILE: bed.registry.caFile }
      for (const verify of [[], ['--verify', '--keyring', bed.signers.keyring]]) {
        const alone = await runInEmptyFolder(bed, 'helm3.7', false, [...args, ...verify], { env })
        const shim = await runInEmptyFolder(bed, 'helm3.7', true, [...args, ...verify], { env })
        // This old one also makes an empty directory of the name that --repo found.
        if (way === '--repo') delete alone.left['signed-0.2.0.tgz']
        expect(withoutOurs(seen(shim))).toEqual(alone.code === 0 ? seen(alone) : { ...seen(alone), left: {} })
        expect(shim.temporary).toEqual([])
      }
    },
  )

  it('has an archive to compare that is the registry’s own', () => {
    const archive = bed.sandbox.at('for the digest/signed-0.1.0.tgz')
    const pushed = bed.sandbox.at('charts/packed signed/signed-0.1.0.tgz')
    const hash = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex')
    expect(hash(archive)).toBe(hash(pushed))
    expect(basename(archive)).toBe('signed-0.1.0.tgz')
  })
})

/** The command line with --verify, before a `--`. */
function verifying(args: readonly string[]): string[] {
  const at = args.includes('--') ? args.indexOf('--') : args.length
  return [...args.slice(0, at), '--verify', '--keyring', bed.signers.keyring, ...args.slice(at)]
}

/** helm makes an empty directory of the reference's name before it looks at the chart. */
function withoutDebris(left: Pulled['left']): Pulled['left'] {
  return Object.fromEntries(Object.entries(left).filter(([path]) => !path.startsWith('unsigned')))
}

/** Behind helm's error there may be a line of ours, which says what to do. */
function withoutOurs<Seen extends { stderr: string }>(seen: Seen): Seen {
  return { ...seen, stderr: seen.stderr.replace(/^helm-verify-shim: .*\n/gm, '') }
}
