import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { makeChart } from '../helpers/charts.ts'
import type { Misbehaviour } from '../helpers/classic-repository.ts'
import { MatrixBed } from '../helpers/matrix-bed.ts'
import { runInEmptyFolder, type Pulled } from '../helpers/matrix-pull.ts'
import { tree } from '../helpers/sandbox.ts'
import { helms } from '../helpers/tools.ts'

// A network and a disk as they are on a bad day: helm's own error, an exit code, and nothing left behind.
let bed: MatrixBed

beforeAll(async () => {
  bed = await new MatrixBed().start()
  await bed.repository.add(await makeChart(bed.sandbox.at('big'), 'big', 'signed', bed.signers, { mebibytes: 3 }))
})

const pullBig = () => ['pull', 'big', '--repo', bed.repository.url, '--untar', '-d', 'out']

afterEach(() => {
  bed.repository.misbehave(undefined)
})

afterAll(async () => {
  await bed.stop()
})

const isArchive = (url: string | undefined) => url?.endsWith('.tgz') ?? false
const isProvenance = (url: string | undefined) => url?.endsWith('.prov') ?? false
const answer =
  (which: (url: string | undefined) => boolean, status: number, body = ''): Misbehaviour =>
  (request, response) => {
    if (!which(request.url)) return false
    response.writeHead(status).end(body)
    return true
  }

/** What a classic repository may do. */
const weathers: Record<string, Misbehaviour> = {
  'answers 401': answer(() => true, 401),
  'answers 404 for the archive': answer(isArchive, 404),
  'answers 404 for the provenance': answer(isProvenance, 404),
  'answers 500': answer(isArchive, 500, 'oops'),
  'sends garbage for the index': answer((url) => url?.endsWith('index.yaml') ?? false, 200, '\0\u0001{{{ not: [yaml'),
  'sends garbage for the archive': answer(isArchive, 200, 'this is no archive'),
  'sends nothing for the archive': answer(isArchive, 200),
  'sends garbage for the provenance': answer(isProvenance, 200, 'this is no signature'),
  'sends an HTML page for everything': answer(() => true, 200, '<html>Please log in</html>'),
  'hangs up at once': (request) => {
    request.socket.destroy()
    return true
  },
  'hangs up in the middle of the archive': (request, response) => {
    if (!isArchive(request.url)) return false
    const bytes = readFileSync(bed.sandbox.at('big/packed big/big-0.1.0.tgz'))
    response.writeHead(200, { 'content-length': bytes.length })
    response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy())
    return true
  },
  'sends half of the archive as if it were all': (request, response) => {
    if (!isArchive(request.url)) return false
    const bytes = readFileSync(bed.sandbox.at('big/packed big/big-0.1.0.tgz'))
    response.writeHead(200).end(bytes.subarray(0, bytes.length / 2))
    return true
  },
  'redirects in a circle': (request, response) => {
    if (!isArchive(request.url)) return false
    response.writeHead(302, { location: request.url ?? '' }).end()
    return true
  },
}

describe.each(helms)('%s', (helm) => {
  const both = async (args: readonly string[], options: Parameters<typeof runInEmptyFolder>[4] = {}) => {
    const alone = await runInEmptyFolder(bed, helm, false, args, options)
    const shim = await runInEmptyFolder(bed, helm, true, args, options)
    return { alone, shim }
  }

  describe.each(Object.keys(weathers))('a repository that %s', (name) => {
    it.each([[], ['--verify']])('fails with helm’s own error, and leaves nothing: %j', async (...flags) => {
      bed.repository.misbehave(weathers[name])
      const verify = flags.length > 0 ? [...flags, '--keyring', bed.signers.keyring] : []
      const { alone, shim } = await both([...pullBig(), ...verify])
      if (name.includes('provenance') && flags.length === 0) {
        expect([shim.code, shim.stdout]).toEqual([0, alone.stdout])
        expect(shim.left).toEqual(alone.left)
        return
      }
      expect(alone.code).toBe(1)
      expect({ code: shim.code, stdout: shim.stdout, left: shim.left }).toEqual({
        code: 1,
        stdout: alone.stdout,
        left: {},
      })
      expect(shim).toMatchObject({ temporary: [], receipts: [] })
      // helm's error; where it was the unpacking that failed, ours.
      const [error = ''] = alone.stderr.match(/^Error: .*/m) ?? []
      if (shim.stderr.includes('Error: ')) expect(port(shim.stderr)).toContain(port(error))
      else expect(shim.stderr).toMatch(/^helm-verify-shim: .*; nothing was unpacked\.$/m)
    })
  })

  /** An OCI registry that does one thing only. */
  const registry = async (listen: Parameters<typeof createServer>[1]) => {
    const server = createServer(listen ?? (() => undefined))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    return {
      host: `127.0.0.1:${port}`,
      server,
      [Symbol.asyncDispose]: async () => {
        server.closeAllConnections()
        await new Promise((resolve) => server.close(resolve))
      },
    }
  }

  it.each([
    ['401', 401, {}],
    [
      '401 with a realm that is not there',
      401,
      { 'www-authenticate': 'Bearer realm="http://127.0.0.1:1/token",service="x"' },
    ],
    ['403', 403, {}],
    ['404', 404, {}],
    ['garbage', 200, { 'content-type': 'application/vnd.oci.image.manifest.v1+json' }],
  ] as const)('a registry that answers %s: helm’s own error, and nothing left', async (_, status, headers) => {
    await using fake = await registry((__, response) => {
      response.writeHead(status, headers).end('garbage')
    })
    const args = ['pull', `oci://${fake.host}/charts/demo:0.1.0`, '--plain-http', '--untar', '-d', 'out']
    for (const verify of [[], ['--verify', '--keyring', bed.signers.keyring]]) {
      const { alone, shim } = await both([...args, ...verify])
      expect(alone.code).toBe(1)
      const seen = ({ code, stdout, stderr }: Pulled) => ({ code, stdout, stderr })
      expect(seen(shim)).toEqual(seen(alone))
      expect(shim).toMatchObject({ left: {}, temporary: [], receipts: [] })
    }
  })

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const)(
    'a registry that hangs: %s ends the pull as it ends helm’s, and helm with it',
    async (signal) => {
      const asked = moment()
      const closed = moment()
      await using fake = await registry((request) => {
        asked.come()
        request.socket.once('close', () => {
          closed.come()
        })
      })
      const place = mkdtempSync(join(bed.plainFolder, 'hang-'))
      for (const name of ['tmp', 'folder']) mkdirSync(join(place, name))
      const child = execa(
        'helm',
        [
          'pull',
          `oci://${fake.host}/charts/demo:0.1.0`,
          '--plain-http',
          '--untar',
          '-d',
          'out',
          '--verify',
          '--keyring',
          bed.signers.keyring,
        ],
        {
          cwd: join(place, 'folder'),
          env: { ...bed.sandbox.withHelm(helm, true), TMPDIR: join(place, 'tmp') },
          extendEnv: false,
          reject: false,
        },
      )
      await asked.promise
      child.kill(signal)
      const ended = await child
      // The connection ends with the helm that held it.
      await closed.promise
      expect(ended.signal).toBe(signal)
      expect(ended.stdout).toBe('')
      expect(readdirSync(join(place, 'tmp'))).toEqual([])
      expect(tree(join(place, 'folder'))).toEqual({})
    },
  )

  describe('a destination', () => {
    const pull = () => ['pull', 'signed', '--repo', bed.repository.url, '--untar']
    const places: Record<string, [(folder: string) => void, string[]]> = {
      'has the chart already': [
        (f) => {
          mkdirSync(join(f, 'signed'))
        },
        [],
      ],
      'has a file of its name': [
        (f) => {
          writeFileSync(join(f, 'signed'), 'mine')
        },
        [],
      ],
      'has a link of its name': [
        (f) => {
          symlinkSync('elsewhere', join(f, 'signed'))
        },
        [],
      ],
      'is a file': [
        (f) => {
          writeFileSync(join(f, 'out'), 'mine')
        },
        ['-d', 'out'],
      ],
      'is below a file': [
        (f) => {
          writeFileSync(join(f, 'out'), 'mine')
        },
        ['-d', 'out/in'],
      ],
      'is a link to nowhere': [
        (f) => {
          symlinkSync('/proc/nowhere', join(f, 'out'))
        },
        ['-d', 'out'],
      ],
      'cannot be made': [() => undefined, ['-d', '/proc/out']],
      'cannot be made, deep': [() => undefined, ['--untardir', '/proc/out/a/b']],
      'cannot be written': [() => undefined, ['--untardir', '/proc/self']],
      'leads out': [() => undefined, ['-d', '../x']],
    }

    it.each(Object.keys(places))(
      'that %s: helm’s own words where it has any, and what was there stays',
      async (name) => {
        const [prepare, flags] = places[name] ?? []
        const options = prepare ? { prepare } : {}
        const before = (() => {
          const folder = mkdtempSync(join(bed.plainFolder, 'before-'))
          prepare?.(folder)
          return tree(folder)
        })()
        const { alone, shim } = await both([...pull(), ...(flags ?? [])], options)
        expect(alone.code).toBe(1)
        expect({ code: shim.code, stdout: shim.stdout }).toEqual({ code: 1, stdout: alone.stdout })
        expect(shim.left).toEqual(before)
        expect(shim).toMatchObject({ temporary: [], receipts: [] })
        expect(shim.stderr).toMatch(/^(Error|helm-verify-shim): /m)
      },
    )
  })

  it.each(['the destination', 'the temporary folder'])('%s is full: one clear line, and nothing left', async (what) => {
    const place = mkdtempSync(join(bed.plainFolder, 'full-'))
    for (const name of ['tmp', 'out', 'cache', 'state']) mkdirSync(join(place, name))
    const full = join(place, what === 'the destination' ? 'out' : 'tmp')
    const script = 'mount -t tmpfs -o size=1m none "$FULL" || exit 99; "$@"; code=$?; ls -A "$FULL" >&2; exit $code'
    const line = ['helm', ...pullBig(), '--verify', '--keyring', bed.signers.keyring]
    const env = {
      ...bed.sandbox.withHelm(helm, true),
      TMPDIR: join(place, 'tmp'),
      HELM_CACHE_HOME: join(place, 'cache'),
      XDG_STATE_HOME: join(place, 'state'),
      FULL: full,
    }
    const args = ['--map-root-user', '--user', '--mount', 'sh', '-c', script, 'sh', ...line]
    const { code, stderr } = await bed.sandbox.run('unshare', args, { cwd: place, env })
    expect([code, stderr]).toEqual([1, expect.stringMatching(/no space left on device/i)])
    // Nothing is listed behind the messages.
    const last = stderr.trimEnd().split('\n').at(-1) ?? ''
    expect(last).toMatch(/^(Error|helm-verify-shim): /)
    expect(existsSync(join(place, 'out/big'))).toBe(false)
    expect(readdirSync(join(place, 'tmp'))).toEqual([])
  })

  it('a helm that dies half-way leaves nothing', async () => {
    const place = mkdtempSync(join(bed.plainFolder, 'dies-'))
    const dying = join(place, 'dying-helm')
    writeFileSync(dying, `#!/bin/sh\nfor last; do :; done\necho half >&2\nkill -KILL $$\n`, { mode: 0o755 })
    const env = { HELM_VERIFY_SHIM_HELM: dying }
    const pulled = await runInEmptyFolder(bed, helm, true, ['pull', 'a', '--untar', '--verify'], { env })
    expect(pulled.code).not.toBe(0)
    expect(pulled.stderr).toContain('half')
    expect(pulled).toMatchObject({ stdout: '', left: {}, temporary: [], receipts: [] })
  })
})

/** Something that is waited for. */
function moment(): { readonly promise: Promise<void>; come(): void } {
  let come: () => void = () => undefined
  const promise = new Promise<void>((resolve) => {
    come = resolve
  })
  return {
    promise,
    come() {
      come()
    },
  }
}

/** Ports differ from one run to the next. */
function port(text: string): string {
  return text.replace(/127\.0\.0\.1:\d+/g, 'HOST').replace(/(->HOST|: read tcp HOST).*/g, '')
}
