import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Ended, RunOptions } from '../../src/helm/run.ts'
import { usableKeyring, type KeyringRequest } from '../../src/keyring/usable-keyring.ts'
import { makeKeys, packets, publicKeys, type TestKeys } from './keys.ts'

const keybox = Buffer.concat([Buffer.from('00000020010100024b425866', 'hex'), Buffer.alloc(200, 1)])

let keys: TestKeys
let armored: string
let folder: string
let temporary: string
beforeAll(async () => {
  keys = await makeKeys()
  armored = publicKeys(keys)
    .map((key) => key.armor())
    .join('')
})
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hvs it's usable "))
  temporary = join(folder, 'tmp')
  mkdirSync(temporary)
  vi.stubEnv('TMPDIR', temporary)
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

type Gpg = (args: readonly string[], options: RunOptions) => Partial<Ended>

const noGpg: Gpg = () => ({ code: 127, failure: 'spawn gpg ENOENT' })
const exports =
  (bytes: Uint8Array | string): Gpg =>
  () => ({ stdout: Buffer.from(bytes) })

function request(over: Partial<KeyringRequest> & { gpg?: Gpg } = {}) {
  const { gpg = noGpg, ...rest } = over
  const asked = { helm: 0, gpg: [] as { args: readonly string[]; options: RunOptions }[] }
  const asking: KeyringRequest = {
    given: undefined,
    env: { HOME: folder },
    cwd: folder,
    readsArmorAndKeybox: () => {
      asked.helm++
      return Promise.resolve(false)
    },
    run: (command, args, options = {}) => {
      expect(command).toBe('gpg')
      asked.gpg.push({ args, options })
      const ended = { code: 0, signal: undefined, stdout: Buffer.alloc(0), stderr: Buffer.alloc(0), failure: undefined }
      return Promise.resolve({ ...ended, ...gpg(args, options) })
    },
    ...rest,
  }
  return { asking, asked }
}

const put = (name: string, bytes: Uint8Array | string) => {
  mkdirSync(dirname(join(folder, name)), { recursive: true })
  writeFileSync(join(folder, name), bytes)
}

const octal = (path: string) => (statSync(path).mode & 0o777).toString(8)

describe('a binary keyring', () => {
  it('is left as it is, with nobody asked about anything', async () => {
    put('ring.gpg', packets(publicKeys(keys)))
    const { asking, asked } = request({ given: 'ring.gpg' })
    expect(await usableKeyring(asking)).toEqual({ path: undefined, dispose: expect.any(Function) as unknown })
    expect(asked).toEqual({ helm: 0, gpg: [] })
    expect(readdirSync(temporary)).toEqual([])
  })
})

describe('an armored keyring', () => {
  it('becomes the same packets, in a private file that is gone afterwards', async () => {
    put('ring.asc', armored)
    const { asking, asked } = request({ given: 'ring.asc' })
    const { path = '', note, dispose } = await usableKeyring(asking)
    expect(readFileSync(path)).toEqual(packets(publicKeys(keys)))
    expect([octal(path), octal(dirname(path)), note]).toEqual(['600', '700', undefined])
    expect(asked.gpg).toEqual([])
    dispose()
    expect(existsSync(path)).toBe(false)
    expect(readdirSync(temporary)).toEqual([])
  })

  it('may begin with a byte order mark and have CRLF', async () => {
    put('ring.asc', `\ufeff${armored.replaceAll('\n', '\r\n')}`)
    const { path = '', dispose } = await usableKeyring(request({ given: join(folder, 'ring.asc') }).asking)
    expect(readFileSync(path)).toEqual(packets(publicKeys(keys)))
    dispose()
  })

  it('is converted for helm 4.3 too, where it has several blocks or text before them', async () => {
    const readsArmorAndKeybox = () => Promise.resolve(true)
    for (const text of [armored, `my key\n${keys.rsa.toPublic().armor()}`]) {
      put('ring.asc', text)
      const { path = '', dispose } = await usableKeyring(request({ given: 'ring.asc', readsArmorAndKeybox }).asking)
      expect(readFileSync(path)).toEqual(packets(text === armored ? publicKeys(keys) : [keys.rsa.toPublic()]))
      dispose()
    }
  })

  it('is left to a helm that reads it', async () => {
    put('ring.asc', keys.rsa.toPublic().armor())
    const { asking } = request({ given: 'ring.asc', readsArmorAndKeybox: () => Promise.resolve(true) })
    expect(await usableKeyring(asking)).toMatchObject({ path: undefined })
  })

  it('is left to helm with a note where it is damaged', async () => {
    put('ring.asc', armored.slice(0, -60))
    const result = await usableKeyring(request({ given: 'ring.asc' }).asking)
    expect(result).toMatchObject({ path: undefined, note: expect.stringMatching(/"ring\.asc" .*no end$/) as unknown })
    expect(readdirSync(temporary)).toEqual([])
  })

  it('is converted where it is the default keyring, too', async () => {
    put('.gnupg/pubring.gpg', armored)
    put('.gnupg/pubring.kbx', keybox)
    const { path = '', dispose } = await usableKeyring(request().asking)
    expect(readFileSync(path)).toEqual(packets(publicKeys(keys)))
    dispose()
  })
})

describe('a keybox', () => {
  it('becomes what gpg exports from a copy of it, with nothing else in reach', async () => {
    put('ring.kbx', keybox)
    let home: string | undefined
    const { asking, asked } = request({
      given: 'ring.kbx',
      env: { HOME: folder, PATH: '/bin', GNUPGHOME: join(folder, 'mine') },
      gpg: (args, { env, stdin }) => {
        home = env?.['GNUPGHOME']
        const copy = args[args.indexOf('--keyring') + 1] ?? ''
        expect(readFileSync(copy)).toEqual(keybox)
        expect(readdirSync(home ?? '')).toEqual(['keyring'])
        expect([copy, octal(home ?? ''), env?.['PATH'], stdin]).toEqual([
          join(home ?? '', 'keyring'),
          '700',
          '/bin',
          'ignore',
        ])
        return { stdout: Buffer.from('packets'), stderr: Buffer.from('gpg: a warning') }
      },
    })
    const { path = '', note, dispose } = await usableKeyring(asking)
    expect([readFileSync(path, 'utf8'), octal(path), octal(dirname(path)), note]).toEqual([
      'packets',
      '600',
      '700',
      undefined,
    ])
    expect(asked.gpg[0]?.args).toEqual(
      expect.arrayContaining(['--batch', '--no-tty', '--no-default-keyring', '--export']),
    )
    expect(existsSync(home ?? '')).toBe(false)
    dispose()
    expect(readdirSync(temporary)).toEqual([])
    expect(readFileSync(join(folder, 'ring.kbx'))).toEqual(keybox)
  })

  it('is left to helm where there is no gpg, with the command that would help', async () => {
    put('ring.kbx', keybox)
    const { path, note = '' } = await usableKeyring(request({ given: 'ring.kbx' }).asking)
    expect(path).toBeUndefined()
    const command = /run (gpg .*) and name/.exec(note)?.[1] ?? ''
    // What a shell makes of the command's words.
    const words = execFileSync('sh', ['-c', `gpg() { printf '%s\\n' "$@"; }; ${command}; cat pubring.gpg`], {
      cwd: folder,
    })
    expect(words.toString().trimEnd().split('\n')).toEqual([
      '--no-default-keyring',
      '--keyring',
      join(folder, 'ring.kbx'),
      '--export',
    ])
    expect(readdirSync(temporary)).toEqual([])
  })

  it.each<[string, Gpg, RegExp]>([
    [
      'fails',
      () => ({ code: 2, stderr: Buffer.from('gpg: one\ngpg: keydb: bad blob\n') }),
      /convert it: gpg: keydb: bad blob$/,
    ],
    ['fails without a word', () => ({ code: 139, signal: 'SIGSEGV' }), /convert it: gpg ended with 139$/],
    ['exports nothing', exports(''), /no public key in it$/],
  ])('is left to helm with a note where gpg %s', async (_, gpg, note) => {
    put('ring.kbx', keybox)
    const result = await usableKeyring(request({ given: 'ring.kbx', gpg }).asking)
    expect(result).toMatchObject({ path: undefined, note: expect.stringMatching(note) as unknown })
    expect(readdirSync(temporary)).toEqual([])
  })
})

describe('the default keyring', () => {
  it('is the keybox where the legacy one is missing', async () => {
    put('.gnupg/pubring.kbx', keybox)
    const { path = '', dispose } = await usableKeyring(request({ gpg: exports('packets') }).asking)
    expect(readFileSync(path, 'utf8')).toBe('packets')
    dispose()
  })

  it('is that of GNUPGHOME', async () => {
    put('.gnupg/pubring.kbx', 'not this one')
    put('mine/pubring.kbx', keybox)
    const env = { HOME: folder, GNUPGHOME: 'mine' }
    const { path = '', dispose } = await usableKeyring(request({ env, gpg: exports('packets') }).asking)
    expect(readFileSync(path, 'utf8')).toBe('packets')
    dispose()
  })

  it('is left to a helm that finds it by itself', async () => {
    put('.gnupg/pubring.kbx', keybox)
    const { asking, asked } = request({ readsArmorAndKeybox: () => Promise.resolve(true) })
    expect(await usableKeyring(asking)).toMatchObject({ path: undefined })
    expect(asked.gpg).toEqual([])
  })

  it('is named where it is called a keybox but is none', async () => {
    put('.gnupg/pubring.kbx', packets([keys.rsa.toPublic()]))
    const { path } = await usableKeyring(request().asking)
    expect(path).toBe(join(folder, '.gnupg/pubring.kbx'))
  })

  it('is never the keybox where a keyring is given, be it missing or empty', async () => {
    put('.gnupg/pubring.kbx', keybox)
    for (const given of ['missing.gpg', '']) {
      const { asking, asked } = request({ given, gpg: exports('packets') })
      expect(await usableKeyring(asking)).toMatchObject({ path: undefined })
      expect(asked.gpg).toEqual([])
    }
  })

  it('is left to helm, with nothing asked, where there is none', async () => {
    const { asking, asked } = request()
    expect(await usableKeyring(asking)).toMatchObject({ path: undefined })
    expect(asked).toEqual({ helm: 0, gpg: [] })
  })
})

it('fails, and leaves nothing, where no temporary file can be written', async () => {
  put('ring.asc', armored)
  vi.stubEnv('TMPDIR', join(folder, 'missing'))
  await expect(usableKeyring(request({ given: 'ring.asc' }).asking)).rejects.toThrow(/ENOENT/)
})
