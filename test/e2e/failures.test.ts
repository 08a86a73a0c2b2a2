import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { generateKey, readKeys } from 'openpgp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pack, writeChart } from '../helpers/charts.ts'
import { startClassicRepository, type ClassicRepository } from '../helpers/classic-repository.ts'
import { Sandbox, tree, type Outcome } from '../helpers/sandbox.ts'
import { makeSigners, type Signers } from '../helpers/signers.ts'
import { helms, type Helm } from '../helpers/tools.ts'

// Every way in which helm refuses to verify a chart, for real, without the shim and with it. docs/failures.md is made
// of what they print: `npx vitest run --project real test/e2e/failures.test.ts -u` writes it anew.

/** One thing that can be wrong. */
interface Case {
  /** In words, for the documentation. */
  readonly what: string
  /** The provenance file of its chart; none if left out. */
  readonly provenance?: (archive: string) => string | Promise<string>
  readonly keyring?: () => string
  /** The words for helm instead of those of a pull that unpacks. */
  readonly args?: (chart: string) => readonly string[]
  /** What helm alone says: the same for both, or each its own; undefined where it verifies the chart. */
  readonly says: RegExp | Readonly<Record<'helm3' | 'helm4', RegExp | undefined>>
  /** What the shim makes of it: the chart verifies, or it adds a line that says this, or nothing. */
  readonly shim: 'verifies' | 'nothing' | RegExp
}

const sandbox = new Sandbox()
const at = (...names: string[]) => sandbox.at(...names)
let signers: Signers
let repository: ClassicRepository

const textOf = (archive: string, file = basename(archive)) => {
  const [, name = '', version = ''] = /^(.+)-(v?\d.*)\.t.*gz$/.exec(file) ?? []
  const hash = createHash('sha256').update(readFileSync(archive)).digest('hex')
  return `apiVersion: v2\nname: ${name}\nversion: ${version}\n\n...\nfiles:\n  ${file}: sha256:${hash}\n`
}
const signedBy = (by: Parameters<Signers['sign']>[1]) => (archive: string) => signers.sign(textOf(archive), by)
const trusted = signedBy('trusted')

/** Runs GnuPG with the old key. */
function gpg(args: readonly string[], input: string | Uint8Array): string {
  const quiet = [
    '--homedir',
    at('gpg'),
    '--batch',
    '--quiet',
    '--no-tty',
    '--pinentry-mode',
    'loopback',
    '--passphrase',
    '',
  ]
  return execFileSync('gpg', [...quiet, ...args], {
    env: sandbox.env,
    input,
    stdio: ['pipe', 'pipe', 'pipe'],
  }).toString()
}

/** A signature by the old key, made long ago, with what openpgp's own `sign` does not do. */
const signedLongAgo = (archive: string, ...options: readonly string[]) =>
  gpg(['--faked-system-time', '20200606T000000', ...options, '--clearsign'], textOf(archive))

const cases: readonly Case[] = [
  {
    what: 'The chart was published without a signature',
    says: /^failed to fetch provenance "/,
    shim: /could not fetch a provenance file/,
  },
  {
    what: 'It is signed by a key that is not in the keyring',
    provenance: signedBy('stranger'),
    says: /^openpgp: signature made by unknown entity$/,
    shim: /is signed by key [0-9A-F]{40}, which is not in that keyring/,
  },
  {
    what: 'The key has expired',
    provenance: signedBy('expired'),
    says: /^openpgp: key expired$/,
    shim: /the key [0-9A-F]{40} that signed it has expired/,
  },
  {
    what: 'The key was revoked',
    provenance: signedBy('revoked'),
    says: /^openpgp: signature made by revoked key$/,
    shim: /the key [0-9A-F]{40} that signed it was revoked/,
  },
  {
    what: 'The signature itself has expired',
    provenance: (archive) => signedLongAgo(archive, '--default-sig-expire', '1d'),
    says: /^openpgp: signature expired$/,
    shim: /its signature has expired/,
  },
  {
    what: 'The signature uses a hash that is not trusted any more (RIPEMD-160)',
    provenance: (archive) => signedLongAgo(archive, '--digest-algo', 'RIPEMD160'),
    says: /^openpgp: signature made by unknown entity$/,
    shim: /is signed by key [0-9A-F]{40}, which is in that keyring, but this helm cannot use/,
  },
  {
    what: 'The chart was altered after it was signed',
    provenance: async (archive) => {
      const provenance = await trusted(archive)
      const [folder, name] = [join(archive, '../../source'), basename(archive, '-0.1.0.tgz')]
      await pack(writeChart(folder, name, { extra: { 'evil.txt': 'evil' } }), join(archive, '..'))
      return provenance
    },
    says: /^sha256 sum does not match for /,
    shim: /the archive is not the one that was signed/,
  },
  {
    what: 'The provenance file was altered after it was signed',
    provenance: async (archive) => (await trusted(archive)).replace('apiVersion: v2', 'apiVersion: v1'),
    says: /^openpgp: invalid signature: /,
    shim: /its provenance file is not what was signed/,
  },
  {
    what: 'The provenance file is something else, a page of HTML for example',
    provenance: () => '<html>Please log in</html>\n',
    says: {
      helm3: /^failed to decode signature: signature block not found$/,
      helm4: /^signature block not found$/,
    },
    shim: /its provenance file is no whole signed message/,
  },
  {
    what: 'Its signature is damaged',
    provenance: async (archive) =>
      (await trusted(archive)).replace(/(BEGIN PGP SIGNATURE-----\n\n)[^]*(\n=)/, '$1AAAA$2'),
    says: /^openpgp: invalid data: /,
    shim: /its provenance file is no whole signed message/,
  },
  {
    what: 'What was signed has no hashes',
    provenance: () => signers.sign('apiVersion: v2\nname: x\n', 'trusted'),
    says: /^message block must have at least two parts$/,
    shim: /its provenance file is no whole signed message/,
  },
  {
    what: 'What was signed is no YAML',
    provenance: () => signers.sign('apiVersion: v2\n\n...\nfiles: [}\n', 'trusted'),
    says: /^error converting YAML to JSON: /,
    shim: /its provenance file is no whole signed message/,
  },
  {
    what: 'What was signed is spelled otherwise (`v0.1.0`, as of cert-manager)',
    provenance: (archive) => signers.sign(textOf(archive, basename(archive).replace('-0.1', '-v0.1')), 'trusted'),
    says: /^provenance does not contain a SHA for a file named "/,
    shim: 'verifies',
  },
  {
    what: 'What was signed is a chart of another name',
    provenance: (archive) => signers.sign(textOf(archive, 'realname-0.1.0.tgz'), 'trusted'),
    says: /^provenance does not contain a SHA for a file named "/,
    shim: /is signed under another name: what is signed is the chart "realname"/,
  },
  {
    what: 'What was signed is another version of it',
    provenance: (archive) => signers.sign(textOf(archive, basename(archive).replace('0.1.0', '0.0.9')), 'trusted'),
    says: /^provenance does not contain a SHA for a file named "/,
    shim: /is signed under another name: what is signed is version "0\.0\.9"/,
  },
  {
    what: 'The keyring that was named does not exist',
    provenance: trusted,
    keyring: () => at('nowhere.gpg'),
    says: /^failed to load keyring: open .*: no such file or directory$/,
    shim: /with the keyring ".*nowhere\.gpg": there is no such file/,
  },
  {
    what: "No keyring was named, and helm's default does not exist",
    provenance: trusted,
    keyring: () => '',
    says: /^failed to load keyring: open .*pubring\.gpg: no such file or directory$/,
    shim: /with helm's default keyring ".*pubring\.gpg": there is no such file/,
  },
  {
    what: 'The keyring is a directory',
    provenance: trusted,
    keyring: () => at('home'),
    says: /^failed to load keyring: read .*: is a directory$/,
    shim: /that file cannot be read/,
  },
  {
    what: 'The keyring is no keyring',
    provenance: trusted,
    keyring: () => at('letter.txt'),
    says: /^failed to load keyring: openpgp: invalid data: tag byte does not have MSB set$/,
    shim: /it is neither packets nor whole ASCII armor: there is no key block in it\. next: make one/,
  },
  {
    what: 'The keyring is cut off',
    provenance: trusted,
    keyring: () => at('short.gpg'),
    says: /^failed to load keyring: unexpected EOF$/,
    shim: /that file is no keyring that this helm can use/,
  },
  {
    what: 'The keyring is empty',
    provenance: trusted,
    keyring: () => at('empty.gpg'),
    says: /^openpgp: signature made by unknown entity$/,
    shim: /which is not in that keyring/,
  },
  {
    what: 'The keyring is ASCII-armored (`gpg --export --armor`)',
    provenance: trusted,
    keyring: () => at('ring.asc'),
    says: {
      helm3: /^failed to load keyring: openpgp: invalid data: tag byte does not have MSB set$/,
      helm4: undefined,
    },
    shim: 'verifies',
  },
  {
    what: "The keyring is GnuPG's keybox (`pubring.kbx`)",
    provenance: trusted,
    keyring: () => at('keybox/pubring.kbx'),
    says: {
      helm3: /^failed to load keyring: openpgp: invalid data: tag byte does not have MSB set$/,
      helm4: undefined,
    },
    shim: 'verifies',
  },
  {
    what: 'The archive is not called `.tgz`',
    provenance: trusted,
    args: (chart) => ['pull', `${repository.url}/${chart}-0.1.0.tar.gz`, '--untar', '--verify'],
    says: /^chart must be a tgz file$/,
    shim: /helm verifies nothing but packed charts whose name ends in \.tgz/,
  },
  {
    what: 'A local archive has no provenance file (`helm template FILE --verify`)',
    args: (chart) => ['template', at('served', `${chart}-0.1.0.tgz`), '--verify'],
    says: /^could not load provenance file /,
    shim: 'nothing',
  },
  {
    what: 'The chart is a directory that the shim has not unpacked (`helm template DIRECTORY --verify`)',
    args: (chart) => ['template', at('source', chart), '--verify'],
    says: /^unpacked charts cannot be verified$/,
    shim: /was not unpacked by this shim, so there is no packed chart that helm could verify/,
  },
]

const rows = new Map<string, Record<'helm3' | 'helm4', { alone: string | undefined; adds: readonly string[] }>>()
const nameOf = (index: number) => `demo-x${index}`

beforeAll(async () => {
  signers = await makeSigners(sandbox.root)
  const options = { type: 'rsa', rsaBits: 2048, format: 'object' } as const
  const { privateKey: old } = await generateKey({
    ...options,
    userIDs: [{ name: 'Old' }],
    date: new Date('2020-05-05T00:00:00Z'),
  })
  const ring = readFileSync(signers.keyring)
  writeFileSync(at('ring.gpg'), Buffer.concat([ring, old.toPublic().write()]))
  writeFileSync(at('letter.txt'), 'Dear all,\n')
  writeFileSync(at('short.gpg'), ring.subarray(0, 100))
  writeFileSync(at('empty.gpg'), '')
  const keys = await readKeys({ binaryKeys: ring })
  writeFileSync(at('ring.asc'), keys[0]?.toPublic().armor() ?? '')
  mkdirSync(at('keybox'), { mode: 0o700 })
  gpg(['--homedir', at('keybox'), '--no-autostart', '--import'], ring)
  mkdirSync(at('gpg'), { mode: 0o700 })
  gpg(['--import'], old.write())
  repository = await startClassicRepository(sandbox)
  const archives: string[] = []
  for (const [index, { provenance }] of cases.entries()) {
    const archive = await pack(writeChart(at('source'), nameOf(index)), at('served'))
    const text = await provenance?.(archive)
    if (text !== undefined) writeFileSync(`${archive}.prov`, text)
    archives.push(archive)
  }
  execFileSync('gpgconf', ['--homedir', at('gpg'), '--kill', 'all'], { env: sandbox.env })
  await repository.add(...archives)
  for (const archive of archives.filter((_, index) => cases[index]?.args)) {
    const other = at('classic', basename(archive, '.tgz') + '.tar.gz')
    copyFileSync(archive, other)
    writeFileSync(`${other}.prov`, await signers.sign(textOf(archive), 'trusted'))
  }
})

afterAll(async () => {
  await repository.stop()
  const left = tree(at('tmp'))
  sandbox.dispose()
  expect(left, 'temporary files that were left behind').toEqual({})
})

async function runCase(helm: Helm, shim: boolean, index: number): Promise<Outcome> {
  const { keyring, args } = cases[index] as Case
  const chart = nameOf(index)
  const pull = [
    'pull',
    chart,
    '--repo',
    repository.url,
    '--untar',
    '--verify',
    '-d',
    at('out', `${helm} ${shim} ${chart}`),
  ]
  const named = keyring ? keyring() : at('ring.gpg')
  return await sandbox.helm(helm, shim, [...(args?.(chart) ?? pull), ...(named === '' ? [] : ['--keyring', named])])
}

const lines = (text: string) => text.split('\n').filter((line) => line !== '')
const isOurs = (line: string) => line.startsWith('helm-verify-shim: ')

describe.each(helms)('%s', (helm) => {
  it.each(cases.map(({ what }, index) => [what, index] as const))('%s', async (what, index) => {
    const { says, shim } = cases[index] as Case
    const alone = await runCase(helm, false, index)
    const through = await runCase(helm, true, index)
    const words = says instanceof RegExp ? says : says[helm]
    const ours = lines(through.stderr).filter(isOurs)
    const row = { alone: lines(alone.stderr).at(-1), adds: ours.map((line) => line.replace('helm-verify-shim: ', '')) }
    rows.set(what, { ...(rows.get(what) ?? { helm3: row, helm4: row }), [helm]: row })

    if (words) {
      expect(alone.code).toBe(1)
      expect(row.alone).toMatch(/^Error: /)
      expect(row.alone?.replace('Error: ', '')).toMatch(words)
    } else expect({ code: alone.code, stderr: alone.stderr }).toEqual({ code: 0, stderr: '' })

    if (shim === 'verifies') {
      expect({ code: through.code, stderr: through.stderr }).toEqual({ code: 0, stderr: '' })
      expect(through.stdout).toContain('Signed by: Trusted <trusted@example.com>')
      return
    }
    expect(through.code).toBe(alone.code)
    // helm's own words stay as they are, and nothing is unpacked.
    expect(lines(through.stderr).filter((line) => !isOurs(line))).toEqual(lines(alone.stderr))
    expect(through.stdout).toBe(alone.stdout)
    expect(() => tree(at('out', `${helm} true ${nameOf(index)}`))).toThrow('ENOENT')
    if (shim === 'nothing') expect(ours).toEqual([])
    else expect(ours.join('\n')).toMatch(shim)
  })
})

it('docs/failures.md says what they print', async () => {
  const cell = (text: string) => `\`${plain(text).replaceAll('|', '\\|')}\``
  const each = <T>(both: Record<'helm3' | 'helm4', T>, write: (one: T) => string) =>
    write(both.helm3) === write(both.helm4)
      ? write(both.helm3)
      : `helm 3: ${write(both.helm3)}<br>helm 4: ${write(both.helm4)}`
  const table = cases.map(({ what, shim }) => {
    const row = rows.get(what)
    if (!row) throw new Error(`there is no row for: ${what}`)
    const before = each(row, ({ alone }) => (alone === undefined ? 'verifies' : cell(alone)))
    const after = each(row, ({ adds }) =>
      shim === 'verifies' ? 'verifies' : adds.map(cell).join('<br>') || "nothing: helm's words say it",
    )
    return `| ${what} | ${before} | ${after} |`
  })
  const page = `${intro}\n| What is wrong | helm alone | What the shim adds to helm's own words |\n| --- | --- | --- |\n${table.join('\n')}\n`
  const file = join(import.meta.dirname, '../../docs/failures.md')
  await expect(page).toMatchFileSnapshot(file)
})

const intro = `# When a chart does not verify

Each failure below was provoked for real, with helm 3.22 and helm 4.3, by \`helm pull --untar --verify\` where nothing
else is said: first without the shim, then through it. helm's own error stays as it is; the shim adds who, which keyring
and what to do (each line begins with \`helm-verify-shim:\`). Where it says "verifies", the chart is good, helm alone does
not see it, and through the shim helm verifies it. Nothing is ever unpacked that helm has not verified.

\`helm-verify-shim check REF\` says the same without unpacking anything.

<!-- Made by test/e2e/failures.test.ts; do not edit. -->
`

/** Without what differs from run to run. */
function plain(text: string): string {
  return text
    .replaceAll(repository.url, 'https://charts.example.com')
    .replaceAll(at('gnupg'), '/home/me/.gnupg')
    .replaceAll(sandbox.root, '/home/me')
    .replaceAll(/\bdemo-x\d+\b/g, 'demo')
    .replaceAll(/sha256:[0-9a-f]{64}/g, 'sha256:…')
    .replaceAll(/\b[0-9A-F]{40}\b/g, '0123456789ABCDEF0123456789ABCDEF01234567')
}
