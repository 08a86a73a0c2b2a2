import { execFile, execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createCleartextMessage, generateKey, sign, type PrivateKey } from 'openpgp'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { run } from '../../src/helm/run.ts'
import { listKeys } from '../../src/keyring/list-keys.ts'
import { usableKeyring } from '../../src/keyring/usable-keyring.ts'
import { readAliases } from '../../src/provenance/aliases.ts'
import { helmNameComplaint } from '../../src/provenance/name-complaint.ts'
import { readProvenance } from '../../src/provenance/read-provenance.ts'
import { signedName } from '../../src/provenance/signed-name.ts'
import { fingerprints, longAgo, makeKeys, packets, publicKeys, type TestKeys } from '../keyring/keys.ts'

const tools = process.env['TOOLS_BIN'] ?? join(import.meta.dirname, '../../.tools/bin')
const helms = ['helm3.7', 'helm3', 'helm4'] as const
type Helm = (typeof helms)[number]
const readsAll = (helm: Helm) => helm === 'helm4'

/** The one keyring, in all the forms that people have. */
const forms = ['ring.gpg', 'one block.asc', 'blocks.asc', 'crlf.asc', 'ring.kbx'] as const
const signers = ['rsa', 'ed25519', 'subkey', 'expired', 'revoked', 'stranger'] as const
type Signer = (typeof signers)[number]

const scratch = mkdtempSync(join(tmpdir(), "hvs key's "))
const env = { PATH: process.env['PATH'], HOME: join(scratch, 'home'), LC_ALL: 'C' }
const at = (...names: string[]) => join(scratch, ...names)
let keys: TestKeys

beforeAll(async () => {
  mkdirSync(env.HOME)
  mkdirSync(at('tmp'))
  vi.stubEnv('TMPDIR', at('tmp'))
  keys = await makeKeys()
  const { privateKey: stranger } = await generateKey({
    type: 'rsa',
    rsaBits: 2048,
    format: 'object',
    userIDs: [{ name: 'Stranger' }],
  })
  const ring = publicKeys(keys)
  writeFileSync(at('stranger.gpg'), packets([stranger.toPublic()]))
  writeFileSync(at('ring.gpg'), packets(ring))
  writeFileSync(at('one block.asc'), armorAll(packets(ring)))
  writeFileSync(at('blocks.asc'), ring.map((key) => `Key of ${key.getUserIDs().join()}:\n${key.armor()}`).join('\n'))
  writeFileSync(at('crlf.asc'), ring.map((key) => key.armor().replaceAll(/\r?\n/g, '\r\n')).join(''))
  copyFileSync(join(keybox(packets(ring)), 'pubring.kbx'), at('ring.kbx'))

  writeChart(at('chart'), 'demo', '0.1.0')
  const by: Record<Signer, [PrivateKey, Date?]> = {
    rsa: [keys.rsa],
    ed25519: [keys.ed25519],
    subkey: [keys.withSubkey],
    expired: [keys.expired, longAgo],
    revoked: [keys.revoked.signer],
    stranger: [stranger],
  }
  for (const signer of signers) await signChart(at(signer), 'demo-0.1.0', ...by[signer])
})

afterAll(() => {
  const left = readdirSync(at('tmp'))
  vi.unstubAllEnvs()
  rmSync(scratch, { recursive: true, force: true })
  expect(left, 'temporary files that were left behind').toEqual([])
})

function gpg(home: string, args: readonly string[], input?: string | Uint8Array): Buffer {
  const quiet = ['--homedir', home, '--batch', '--quiet', '--no-tty', '--pinentry-mode', 'loopback', '--passphrase', '']
  return execFileSync('gpg', [...quiet, ...args], { env, input: input ?? '', stdio: ['pipe', 'pipe', 'pipe'] })
}

/** A new GNUPGHOME, and no agent of it left running. */
function gnupgHome(fill: (home: string) => void): string {
  const home = mkdtempSync(at('gnupg-'))
  try {
    fill(home)
  } finally {
    execFileSync('gpgconf', ['--homedir', home, '--kill', 'all'], { env })
  }
  return home
}

const keybox = (keyring: Uint8Array) => gnupgHome((home) => gpg(home, ['--import'], keyring))
const armorAll = (keyring: Uint8Array) =>
  execFileSync('gpg', ['--enarmor'], { env, input: keyring })
    .toString()
    .replaceAll('PGP ARMORED FILE', 'PGP PUBLIC KEY BLOCK')

function writeChart(folder: string, name: string, version: string) {
  mkdirSync(join(folder, 'templates'), { recursive: true })
  writeFileSync(join(folder, 'Chart.yaml'), `apiVersion: v2\nname: ${name}\nversion: ${version}\n`)
  execFileSync(join(tools, 'helm3'), ['package', folder, '--destination', scratch], { env })
}

/** Puts a packed chart and its provenance into a folder, as `helm package --sign` does. */
async function signChart(folder: string, file: string, key: PrivateKey, date?: Date) {
  mkdirSync(folder, { recursive: true })
  const archive = readFileSync(at(`${file}.tgz`))
  writeFileSync(join(folder, `${file}.tgz`), archive)
  const [, name, version] = /^(.*)-(v?\d.*)$/.exec(file) ?? []
  const hash = createHash('sha256').update(archive).digest('hex')
  const text = `apiVersion: v2\nname: ${name}\nversion: ${version}\n\n...\nfiles:\n  ${file}.tgz: sha256:${hash}\n`
  const message = await createCleartextMessage({ text })
  writeFileSync(join(folder, `${file}.tgz.prov`), await sign({ message, signingKeys: key, ...(date ? { date } : {}) }))
}

/** What helm says of a signed chart: its exit code and words. */
async function verify(helm: Helm, archive: string, keyring?: string, more: Readonly<Record<string, string>> = {}) {
  const args = ['verify', archive, ...(keyring === undefined ? [] : ['--keyring', keyring])]
  try {
    const { stdout, stderr } = await promisify(execFile)(join(tools, helm), args, { env: { ...env, ...more } })
    return { code: 0, stdout, stderr }
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
    return { code, stdout, stderr }
  }
}

const ask = (given: string | undefined, helm: Helm, more: NodeJS.ProcessEnv = {}) =>
  usableKeyring({ given, env: { ...env, ...more }, run, readsArmorAndKeybox: () => Promise.resolve(readsAll(helm)) })

const good = (signer: string) => new RegExp(`^0 Signed by: ${signer}\\n`)
const refused = (why: string) => new RegExp(`^1 Error: openpgp: ${why}\\n$`)

// What each helm says of a signature by each key, given a binary keyring. helm 3.7 has another OpenPGP library, which
// knows no EdDSA (and loses an RSA key that stands right before such a one), and looks at no expiry.
const verdicts: Record<Signer, Record<Helm, RegExp>> = {
  rsa: { 'helm3.7': good('RSA'), helm3: good('RSA'), helm4: good('RSA') },
  ed25519: {
    'helm3.7': refused('unsupported feature: .*'),
    helm3: good('(Zoë: 25519|Second)'),
    helm4: good('(Zoë: 25519|Second)'),
  },
  subkey: { 'helm3.7': good('Subkey'), helm3: good('Subkey'), helm4: good('Subkey') },
  expired: { 'helm3.7': good('Expired'), helm3: refused('key expired'), helm4: refused('key expired') },
  revoked: {
    'helm3.7': refused('signature made by unknown entity'),
    helm3: refused('signature made by revoked key'),
    helm4: refused('signature made by revoked key'),
  },
  stranger: {
    'helm3.7': refused('signature made by unknown entity'),
    helm3: refused('signature made by unknown entity'),
    helm4: refused('signature made by unknown entity'),
  },
}

describe.each(helms)('with %s', (helm) => {
  it.each(signers)('every form of the keyring gives the same verdict on a signature by the %s key', async (signer) => {
    for (const form of forms) {
      const { path, note, dispose } = await ask(at(form), helm)
      const { code, stdout, stderr } = await verify(helm, at(signer, 'demo-0.1.0.tgz'), path ?? at(form))
      expect([form, note]).toEqual([form, undefined])
      expect(`${code} ${stdout}${stderr}`).toMatch(verdicts[signer][helm])
      dispose()
    }
  })

  it('a keyring of secret keys verifies too, armored or not', async () => {
    writeFileSync(at('secret.asc'), keys.rsa.armor())
    writeFileSync(at('secret.gpg'), keys.rsa.write())
    for (const form of ['secret.gpg', 'secret.asc']) {
      const { path, dispose } = await ask(at(form), helm)
      expect(await verify(helm, at('rsa', 'demo-0.1.0.tgz'), path ?? at(form))).toMatchObject({ code: 0 })
      dispose()
    }
  })

  it('a FIFO is still whole when helm comes to read it', async () => {
    const fifo = at(`${helm}.fifo`)
    execFileSync('mkfifo', [fifo])
    expect(await ask(fifo, helm)).toMatchObject({ path: undefined })
    const writing = writeFile(fifo, readFileSync(at('ring.gpg')))
    expect(await verify(helm, at('rsa', 'demo-0.1.0.tgz'), fifo)).toMatchObject({ code: 0 })
    await writing
  })
})

describe('without the conversion', () => {
  it.each(['helm3.7', 'helm3'] as const)('%s refuses armor and keyboxes', async (helm) => {
    for (const form of forms.slice(1)) {
      const { code, stderr } = await verify(helm, at('rsa', 'demo-0.1.0.tgz'), at(form))
      expect([code, stderr]).toEqual([
        1,
        expect.stringMatching(/openpgp: invalid data: tag byte does not have MSB set/),
      ])
    }
  })

  it('helm 4.3 reads one block and keyboxes', async () => {
    for (const form of ['one block.asc', 'ring.kbx']) {
      expect(await verify('helm4', at('rsa', 'demo-0.1.0.tgz'), at(form))).toMatchObject({ code: 0 })
    }
  })

  it('helm 4.3 may pass over the second of two blocks, which then is not lost through us', async () => {
    const codes = []
    for (const length of [1, 21, 41, 61, 81]) {
      // Moves the second block's beginning against the 100 bytes that helm's armor reader takes at a time.
      const first = keys.ed25519
        .toPublic()
        .armor()
        .replace('\n\n', `\nComment: ${'x'.repeat(length)}\n\n`)
      writeFileSync(at('two.asc'), first + keys.rsa.toPublic().armor())
      const { path = '', dispose } = await ask(at('two.asc'), 'helm4')
      codes.push((await verify('helm4', at('rsa', 'demo-0.1.0.tgz'), at('two.asc'))).code)
      expect(await verify('helm4', at('rsa', 'demo-0.1.0.tgz'), path)).toMatchObject({ code: 0 })
      dispose()
    }
    expect(codes).toContain(1)
  })
})

describe('a converted keyring', () => {
  it.each(forms.slice(1))('of %s holds the keys of the original, and no others', async (form) => {
    const { path = '', dispose } = await ask(at(form), 'helm3')
    const converted = readFileSync(path)
    expect(await fingerprints(converted)).toEqual(await fingerprints(readFileSync(at('ring.gpg'))))
    if (form !== 'ring.kbx') expect(converted).toEqual(readFileSync(at('ring.gpg')))
    expect((statSync(path).mode & 0o777).toString(8)).toBe('600')
    expect(await listKeys(path, run, env)).toEqual(await listKeys(at(form), run, env))
    dispose()
    expect(existsSync(path)).toBe(false)
  })

  it('of a keybox has nothing of the keyring, the trust or the options in GNUPGHOME', async () => {
    const GNUPGHOME = keybox(readFileSync(at('stranger.gpg')))
    writeFileSync(join(GNUPGHOME, 'gpg.conf'), 'export-options export-minimal\nkeyring /nowhere/else.kbx\n')
    const before = snapshot(GNUPGHOME)
    const { path = '', dispose } = await ask(at('ring.kbx'), 'helm3', { GNUPGHOME })
    expect(await fingerprints(readFileSync(path))).toEqual(await fingerprints(readFileSync(at('ring.gpg'))))
    expect(snapshot(GNUPGHOME)).toEqual(before)
    dispose()
  })
})

/** A GNUPGHOME as GnuPG makes it, its key certifying, a subkey signing, with a photograph; and a chart signed by it. */
let made: { GNUPGHOME: string } | undefined
function byGnuPG() {
  return (made ??= {
    GNUPGHOME: gnupgHome((home) => {
      gpg(home, ['--quick-gen-key', 'By GnuPG <gnupg@example.com>', 'rsa2048', 'cert', 'never'])
      const key = /^fpr:+(\w+):/m.exec(gpg(home, ['--with-colons', '--list-keys']).toString())?.[1] ?? ''
      gpg(home, ['--quick-add-key', key, 'rsa2048', 'sign', 'never'])
      writeFileSync(at('photo.jpg'), Buffer.from('ffd8ffe000104a46494600010100000100010000ffd9', 'hex'))
      execFileSync(
        'gpg',
        [
          '--homedir',
          home,
          '--no-tty',
          '--command-fd',
          '0',
          '--pinentry-mode',
          'loopback',
          '--passphrase',
          '',
          '--edit-key',
          key,
        ],
        { env, input: `addphoto\n${at('photo.jpg')}\ny\nsave\n`, stdio: ['pipe', 'pipe', 'pipe'] },
      )
      mkdirSync(at('by gnupg'))
      copyFileSync(at('demo-0.1.0.tgz'), at('by gnupg', 'demo-0.1.0.tgz'))
      const text = readFileSync(at('rsa', 'demo-0.1.0.tgz.prov'), 'utf8').split('\n\n').slice(1, 3).join('\n\n')
      const signedText = text.slice(0, text.indexOf('-----BEGIN'))
      writeFileSync(at('by gnupg', 'demo-0.1.0.tgz.prov'), gpg(home, ['--clearsign'], signedText))
    }),
  })
}

/** Every file of a folder, its bytes and when it was changed. */
function snapshot(folder: string): unknown {
  return readdirSync(folder, { withFileTypes: true }).map((entry) => {
    const path = join(folder, entry.name)
    return [entry.name, statSync(path).mtimeMs, entry.isFile() ? readFileSync(path, 'base64') : '']
  })
}

describe('without --keyring', () => {
  it.each(helms)("%s verifies by GnuPG's own keybox, which stays as it was", async (helm) => {
    const home = byGnuPG()
    const before = snapshot(home.GNUPGHOME)
    expect(before).toEqual(expect.arrayContaining([expect.arrayContaining(['pubring.kbx'])]))
    const { path, dispose } = await ask(undefined, helm, home)
    expect(path === undefined).toBe(readsAll(helm))
    const archive = at('by gnupg', 'demo-0.1.0.tgz')
    const { code, stdout, stderr } = await verify(helm, archive, path, home)
    expect(`${code} ${stdout}${stderr}`).toMatch(good('By GnuPG <gnupg@example.com>'))
    expect(snapshot(home.GNUPGHOME)).toEqual(before)
    if (!readsAll(helm)) {
      expect(await verify(helm, archive, undefined, home)).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/open .*pubring\.gpg: no such file or directory/) as unknown,
      })
      // The photograph and the subkey with its signatures are there, too.
      expect(readFileSync(path ?? '')).toEqual(gpg(home.GNUPGHOME, ['--export']))
      expect(readFileSync(path ?? '').includes('JFIF')).toBe(true)
    }
    dispose()
  })

  it('a keybox is left to helm where there is no gpg, and the command in the note makes a keyring of it', async () => {
    const home = byGnuPG()
    const { path, note = '' } = await ask(undefined, 'helm3', { ...home, PATH: at('chart') })
    expect(path).toBeUndefined()
    execFileSync('sh', ['-c', /run (gpg .*) and name/.exec(note)?.[1] ?? 'false'], { cwd: scratch, env })
    expect(await verify('helm3', at('by gnupg', 'demo-0.1.0.tgz'), at('pubring.gpg'))).toMatchObject({ code: 0 })
  })
})

describe('what gpg lists', () => {
  it.each(forms)('of %s is every key with what it is', async (form) => {
    const listed = await listKeys(at(form), run, env)
    const seen = listed?.map(({ keyId, fingerprint, userIds, expired, revoked, subkeys }) => {
      expect(fingerprint.endsWith(keyId)).toBe(true)
      const state = expired ? 'expired' : revoked ? 'revoked' : 'good'
      return `${fingerprint} ${userIds.toSorted().join()} ${state} ${subkeys.length}`
    })
    const is = (key: PrivateKey, state = 'good') =>
      `${key.getFingerprint().toUpperCase()} ${key.getUserIDs().toSorted().join()} ${state} ${key.subkeys.length}`
    expect(seen).toEqual([
      is(keys.ed25519),
      is(keys.rsa),
      is(keys.expired, 'expired'),
      is(keys.withSubkey),
      is(keys.revoked.signer, 'revoked'),
    ])
  })

  it('is nothing where there is no gpg, no file or no key', async () => {
    writeFileSync(at('no keys'), 'no keys')
    expect(await listKeys(at('ring.gpg'), run, { ...env, PATH: at('chart') })).toBeUndefined()
    expect(await listKeys(at('missing'), run, env)).toBeUndefined()
    expect(await listKeys(at('no keys'), run, env)).toBeUndefined()
  })
})

describe.each(helms)('names, with %s', (helm) => {
  const names = [
    ['cert-manager-v1.20.2', 'cert-manager-1.20.2', 'oci://quay.io/jetstack/charts/cert-manager', ''],
    ['realname-0.1.0', 'alias-0.1.0', 'oci://ghcr.io/org/alias', 'ghcr.io/org/alias=realname'],
  ] as const

  it.each(names)('%s, pulled as %s, verifies under its signed name', async (signedAs, pulledAs, reference, allowed) => {
    const folder = at(`${helm} ${pulledAs}`)
    const [, name = '', version = ''] = /^(.*)-(v?\d.*)$/.exec(signedAs) ?? []
    writeChart(at('chart'), name, version)
    await signChart(folder, signedAs, keys.rsa)
    for (const end of ['.tgz', '.tgz.prov']) renameSync(join(folder, signedAs + end), join(folder, pulledAs + end))

    const file = `${pulledAs}.tgz`
    const refusal = await verify(helm, join(folder, file), at('ring.gpg'))
    expect([refusal.code, helmNameComplaint(refusal.stderr)]).toEqual([1, true])

    const sha256 = createHash('sha256')
      .update(readFileSync(join(folder, file)))
      .digest('hex')
    const provenance = readProvenance(readFileSync(join(folder, `${file}.prov`), 'utf8'))
    const name_ = signedName({ reference, file, sha256, provenance, aliases: readAliases(allowed) })
    expect(name_).toMatchObject({ to: `${signedAs}.tgz` })
    for (const end of ['.tgz', '.tgz.prov']) renameSync(join(folder, pulledAs + end), join(folder, signedAs + end))
    expect(await verify(helm, join(folder, `${signedAs}.tgz`), at('ring.gpg'))).toMatchObject({ code: 0 })
  })

  it('a bad signature under a wrong name is no complaint about the name', async () => {
    const folder = at(`${helm} stranger`)
    mkdirSync(folder)
    for (const end of ['.tgz', '.tgz.prov'])
      copyFileSync(at('stranger', `demo-0.1.0${end}`), join(folder, `other-0.1.0${end}`))
    const { code, stderr } = await verify(helm, join(folder, 'other-0.1.0.tgz'), at('ring.gpg'))
    expect([code, helmNameComplaint(stderr)]).toEqual([1, false])
  })
})
