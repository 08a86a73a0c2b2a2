import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeChart } from '../helpers/charts.ts'
import { MatrixBed } from '../helpers/matrix-bed.ts'
import { unpack, Unpacked } from '../helpers/matrix-unpacked.ts'

// The state folder in all kinds of disorder: what it says may cost a verdict, but never make a wrong one.
let bed: MatrixBed

beforeAll(async () => {
  bed = await new MatrixBed().start()
  await bed.repository.add(await makeChart(bed.sandbox.at('other'), 'other', 'signed', bed.signers))
})

afterAll(async () => {
  await bed.stop()
})

const evil = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}-evil\n'

const edit = (file: string, change: (text: string) => string) => {
  writeFileSync(file, change(readFileSync(file, 'utf8')))
}

const packedOther = () => bed.sandbox.at('other/packed other/other-0.1.0.tgz')

/** What may have happened to the store. */
const spoilt: Record<string, (u: Unpacked) => void> = {
  'the receipt is empty': (u) => {
    writeFileSync(u.receipt, '')
  },
  'the receipt is no JSON': (u) => {
    writeFileSync(u.receipt, '\0\u{1F600}{{{')
  },
  'the receipt is cut off': (u) => {
    edit(u.receipt, (text) => text.slice(0, text.length / 2))
  },
  'the receipt is of a later format': (u) => {
    edit(u.receipt, (text) => text.replace('"format": 1', '"format": 2'))
  },
  'the receipt is of another directory': (u) => {
    edit(u.receipt, (text) => text.replace(u.directory, '/elsewhere'))
  },
  'the receipt leads out of the archives': (u) => {
    edit(u.receipt, (text) => text.replace(/"archive": ".*"/, '"archive": "../../../evil.tgz"'))
  },
  'the receipt names another digest': (u) => {
    edit(u.receipt, (text) => text.replace(/sha256:..../, 'sha256:0000'))
  },
  'the receipt is a directory': (u) => {
    rmSync(u.receipt)
    mkdirSync(u.receipt)
  },
  'the receipt is a link to nowhere': (u) => {
    rmSync(u.receipt)
    symlinkSync('nowhere', u.receipt)
  },
  'the packed chart is missing': (u) => {
    rmSync(u.archive)
  },
  'the packed chart is empty': (u) => {
    writeFileSync(u.archive, '')
  },
  'the packed chart is garbage': (u) => {
    writeFileSync(u.archive, 'no gzip at all')
  },
  'the packed chart has a byte more': (u) => {
    appendFileSync(u.archive, '\0')
  },
  'the packed chart is another, signed one': (u) => {
    cpSync(packedOther(), u.archive)
    cpSync(`${packedOther()}.prov`, `${u.archive}.prov`)
  },
  'the packed chart is an unsigned one': (u) => {
    cpSync(bed.sandbox.at('charts/packed unsigned/unsigned-0.1.0.tgz'), u.archive)
  },
  'the packed chart is a directory': (u) => {
    const { archive } = u
    rmSync(archive)
    mkdirSync(archive)
  },
  'the provenance is missing': (u) => {
    rmSync(`${u.archive}.prov`)
  },
  'the provenance is garbage': (u) => {
    writeFileSync(`${u.archive}.prov`, 'garbage')
  },
  'the archives are gone': (u) => {
    rmSync(join(u.state, 'archives'), { recursive: true })
  },
  'the receipts are gone': (u) => {
    rmSync(join(u.state, 'dirs'), { recursive: true })
  },
  'all is gone': (u) => {
    rmSync(u.state, { recursive: true })
  },
  'a file is in its place': (u) => {
    rmSync(u.state, { recursive: true })
    writeFileSync(u.state, '')
  },
}

/** Where the store still says that a verified pull made the directory, it is not used. */
const forgotten = ['the receipts are gone', 'all is gone', 'a file is in its place', 'the receipt is a link to nowhere']

describe.each(Object.keys(spoilt))('when %s', (name) => {
  const make = async () => {
    const unpacked = await unpack(bed, 'helm3')
    spoilt[name]?.(unpacked)
    return unpacked
  }

  it('`upgrade --verify` of what was changed fails, and deploys nothing', async () => {
    const unpacked = await make()
    writeFileSync(join(unpacked.directory, 'templates/evil.yaml'), evil)
    const { code, stderr } = await unpacked.helm([...unpacked.upgrade, ...unpacked.verify])
    expect([code, stderr]).toEqual([1, expect.stringMatching(/helm-verify-shim: /)])
    expect(await unpacked.place.deployed()).toEqual([])
  })

  it('`upgrade --verify` of what was not changed fails, or deploys what is signed', async () => {
    const unpacked = await make()
    const { code, stderr } = await unpacked.helm([...unpacked.upgrade, ...unpacked.verify])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^Error: .*|helm was not run/m)
    expect(await unpacked.place.deployed()).toEqual([])
  })

  it('what was changed is refused without --verify as well, unless the store has forgotten it', async () => {
    const unpacked = await make()
    writeFileSync(join(unpacked.directory, 'templates/evil.yaml'), evil)
    const { code } = await unpacked.helm(unpacked.upgrade)
    expect(code).toBe(forgotten.includes(name) ? 0 : 1)
    const env = { HELM_VERIFY_SHIM_REQUIRE: '1', HELM_VERIFY_SHIM_MODIFIED: 'allow' }
    if (!forgotten.includes(name)) expect((await unpacked.helm(unpacked.upgrade, { env })).code).toBe(1)
  })

  it('the chart can be pulled again, and all is well, or there is a warning', async () => {
    const unpacked = await make()
    for (const path of [unpacked.directory, `${unpacked.directory}:0.1.0`])
      rmSync(path, { recursive: true, force: true })
    const { code, stdout, stderr } = await unpacked.pull()
    expect([code, stdout]).toEqual([0, expect.stringContaining('Signed by: Trusted')])
    if (stderr.includes('warning: no receipt could be kept')) {
      expect(name).toMatch(/in its place|is a directory/)
      return
    }
    expect(await unpacked.helm([...unpacked.upgrade, ...unpacked.verify])).toMatchObject({ code: 0, stderr: '' })
    expect(await unpacked.place.deployed()).toContain('demo-signed')
  })
})

describe('a store that says what is not so', () => {
  it('cannot turn an unsigned chart into a verified one: a receipt that claims it', async () => {
    const unpacked = await unpack(bed, 'helm3', 'unsigned', { verify: false })
    edit(unpacked.receipt, (text) =>
      text.replace('"verified": false', '"verified": true').replace('"provenance": false', '"provenance": true'),
    )
    const { code } = await unpacked.helm([...unpacked.upgrade, ...unpacked.verify])
    expect(code).toBe(1)
    expect(await unpacked.place.deployed()).toEqual([])
  })

  it('cannot have a directory pass for another signed chart’s: its receipt and archive swapped', async () => {
    const unpacked = await unpack(bed, 'helm3')
    const digest = execFileSync('sha256sum', [packedOther()]).toString().slice(0, 64)
    const folder = join(unpacked.state, 'archives', digest)
    mkdirSync(folder)
    cpSync(packedOther(), join(folder, 'other-0.1.0.tgz'))
    cpSync(`${packedOther()}.prov`, join(folder, 'other-0.1.0.tgz.prov'))
    edit(unpacked.receipt, (text) =>
      text.replace(/sha256:[0-9a-f]{64}/, `sha256:${digest}`).replace('signed-0.1.0.tgz', 'other-0.1.0.tgz'),
    )
    const { code, stderr } = await unpacked.helm(['template', 'demo', unpacked.directory, ...unpacked.verify])
    expect([code, stderr]).toEqual([1, expect.stringContaining('is not what was pulled any more')])
  })
})

describe('a state folder that cannot be written', () => {
  const pull = async (prepare: (state: string) => Record<string, string | undefined>) => {
    const place = await bed.place(`state-${Math.random().toString(36).slice(2)}`, 'helm3')
    const unpacked = new Unpacked(bed, place, 'signed')
    const env = prepare(join(place.folder, 'state'))
    const pulled = await unpacked.pull({ env })
    return { unpacked, pulled, env }
  }
  const unwritable = {
    'is a file': (state: string) => {
      rmSync(state, { recursive: true })
      writeFileSync(state, '')
      return {}
    },
    'is a link to nowhere': (state: string) => {
      rmSync(state, { recursive: true })
      symlinkSync('/proc/nowhere', state)
      return {}
    },
    'is on a file system of the kernel': () => ({ XDG_STATE_HOME: '/proc' }),
    'is not named': () => ({ XDG_STATE_HOME: '', HOME: '' }),
    'is named by a relative path': () => ({ XDG_STATE_HOME: 'state' }),
  }

  it.each(Object.entries(unwritable))(
    '%s: the chart is pulled, with a warning, and cannot be verified later',
    async (_, prepare) => {
      const { unpacked, pulled, env } = await pull(prepare)
      expect(pulled.code).toBe(0)
      expect(pulled.stdout).toContain('Signed by: Trusted')
      expect(pulled.stderr).toMatch(
        /helm-verify-shim: warning: no receipt could be kept for .*\nhelm-verify-shim: next: /,
      )
      const { code, stderr } = await unpacked.helm(['template', 'demo', unpacked.directory, ...unpacked.verify], {
        env,
      })
      expect([code, stderr]).toEqual([1, expect.stringContaining('unpacked charts cannot be verified')])
      expect((await unpacked.helm(['template', 'demo', unpacked.directory], { env })).code).toBe(0)
    },
  )

  it('belongs to someone else: the chart is pulled, with a warning', async () => {
    // Only another user can be kept from writing; a test that runs as one uses the modes.
    const { unpacked, pulled } = await pull((state) => {
      chmodSync(state, 0o500)
      return {}
    })
    chmodSync(join(unpacked.state, '..'), 0o700)
    expect(pulled.code).toBe(0)
    expect(pulled.stderr.includes('warning: no receipt could be kept')).toBe(process.getuid?.() !== 0)
  })

  it('is full: the chart is pulled, with a warning, and nothing half-written is taken for a receipt', async () => {
    const place = await bed.place('state-full', 'helm3')
    const unpacked = new Unpacked(bed, place, 'signed')
    const state = join(place.folder, 'state')
    // In a mount namespace of its own, with a state folder of a few kilobytes that are all taken.
    const script = `mount -t tmpfs -o size=16k none "$XDG_STATE_HOME" && cat /dev/zero > "$XDG_STATE_HOME/ballast" 2>/dev/null; "$@"; code=$?; ls -R "$XDG_STATE_HOME" >&2; exit $code`
    const { registry } = bed
    const line = [
      'helm',
      'pull',
      `oci://${registry.host}/charts/signed`,
      '--ca-file',
      registry.caFile,
      '--untar',
      ...unpacked.verify,
    ]
    const { code, stderr } = await bed.sandbox.run(
      'unshare',
      ['--map-root-user', '--user', '--mount', 'sh', '-c', script, 'sh', ...line],
      {
        cwd: place.folder,
        env: { ...place.environment(true), XDG_STATE_HOME: state },
      },
    )
    expect([code, stderr]).toEqual([0, expect.stringContaining('warning: no receipt could be kept')])
    expect(stderr).toContain('ENOSPC')
    const left = stderr.slice(stderr.indexOf(`${state}:\n`))
    expect(left).toContain('ballast')
    expect(left).not.toContain('receipt.json')
    expect(left).not.toContain('.tmp')
    expect(existsSync(join(place.folder, 'signed/Chart.yaml'))).toBe(true)
  })
})

it('is readable by its owner only, whatever the umask', async () => {
  const unpacked = await unpack(bed, 'helm3')
  const files = readdirSync(unpacked.state, { recursive: true, encoding: 'utf8' }).map((path) =>
    join(unpacked.state, path),
  )
  expect(files.length).toBeGreaterThan(4)
  for (const path of [unpacked.state, ...files]) expect([path, lstatSync(path).mode & 0o077]).toEqual([path, 0])
  expect(statSync(dirname(unpacked.receipt)).isDirectory()).toBe(true)
})
