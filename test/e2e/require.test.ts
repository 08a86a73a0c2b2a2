import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeChart } from '../helpers/charts.ts'
import { MatrixBed } from '../helpers/matrix-bed.ts'
import { unpack } from '../helpers/matrix-unpacked.ts'
import { helms } from '../helpers/tools.ts'

// HELM_VERIFY_SHIM_REQUIRE=1: what nobody asked to verify is verified all the same.
let bed: MatrixBed
const required = () => ({ HELM_VERIFY_SHIM_REQUIRE: '1', HELM_VERIFY_SHIM_KEYRING: bed.signers.keyring })

beforeAll(async () => {
  bed = await new MatrixBed().start()
})

afterAll(async () => {
  await bed.stop()
})

describe.each(helms)('%s', (helm) => {
  const place = async () => await bed.place(`require-${Math.random().toString(36).slice(2)}`, helm)
  const oci = (chart: string) => [`oci://${bed.registry.host}/charts/${chart}`, '--ca-file', bed.registry.caFile]

  it('verifies a pull that does not ask for it, and says who signed', async () => {
    const here = await place()
    const { code, stdout } = await here.run(true, ['pull', ...oci('signed'), '--untar'], { env: required() })
    expect([code, stdout]).toEqual([0, expect.stringContaining('Signed by: Trusted')])
  })

  it.each([[], ['--verify=false'], ['--verify', '--verify=0']])(
    'refuses an unsigned chart whatever is said: %j',
    async (...flags) => {
      const here = await place()
      const { code, stderr } = await here.run(true, ['pull', ...oci('unsigned'), '--untar', ...flags], {
        env: required(),
      })
      expect(code).toBe(1)
      expect(stderr).toContain('failed to fetch provenance')
      expect((await here.run(true, ['template', 'demo', 'unsigned'], { env: required() })).code).toBe(1)
    },
  )

  it.each(['1', 'yes', 'true', 'on', '00'])('is on with %j', async (value) => {
    const here = await place()
    const env = { ...required(), HELM_VERIFY_SHIM_REQUIRE: value }
    expect((await here.run(true, ['pull', ...oci('unsigned'), '--untar'], { env })).code).toBe(1)
  })

  it.each(['', '0', 'false'])('is off with %j', async (value) => {
    const here = await place()
    const env = { ...required(), HELM_VERIFY_SHIM_REQUIRE: value }
    expect((await here.run(true, ['pull', ...oci('unsigned'), '--untar'], { env })).code).toBe(0)
  })

  it('takes the command’s keyring before the environment’s', async () => {
    const here = await place()
    const pull = ['pull', ...oci('signed'), '--untar', '--keyring', bed.signers.strangersKeyring]
    expect(await here.run(true, pull, { env: required() })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('unknown entity') as string,
    })
    const env = { ...required(), HELM_VERIFY_SHIM_KEYRING: bed.signers.strangersKeyring }
    const other = ['pull', ...oci('signed'), '--untar', '--keyring', bed.signers.keyring]
    expect(await here.run(true, other, { env })).toMatchObject({ code: 0 })
  })

  it('refuses a pull that it does not understand', async () => {
    const here = await place()
    const { code, stderr } = await here.run(true, ['pull', ...oci('unsigned'), '--untar', '--some-new-flag'], {
      env: required(),
    })
    expect(code).toBe(1)
    expect(stderr).toContain('helm-verify-shim: this pull cannot be checked')
  })

  const uses = ['template', 'upgrade --install', 'install', 'lint', 'package', 'show values']
  it.each(uses)('%s of a directory that was pulled unverified: only if its packed chart verifies now', async (name) => {
    for (const [chart, good] of [
      ['signed', true],
      ['unsigned', false],
      ['wrong-key', false],
      ['altered', false],
    ] as const) {
      const unpacked = await unpack(bed, helm, chart, { verify: false })
      const words = [
        ...name.split(' '),
        ...(/^(template|upgrade|install)/.test(name) ? ['demo'] : []),
        unpacked.directory,
      ]
      const { code, stderr } = await unpacked.helm([...words, '-n', unpacked.place.name], { env: required() })
      expect([chart, code, stderr]).toEqual([
        chart,
        good ? 0 : 1,
        good ? expect.anything() : expect.stringMatching(/Error: /),
      ])
      if (!good) expect(await unpacked.place.deployed()).toEqual([])
    }
  })

  it('takes the receipt’s keyring where neither command nor environment names one', async () => {
    const unpacked = await unpack(bed, helm)
    const env = { HELM_VERIFY_SHIM_REQUIRE: '1' }
    expect((await unpacked.helm(['template', 'demo', unpacked.directory], { env })).code).toBe(0)
    const blind = { ...env, HELM_VERIFY_SHIM_KEYRING: bed.signers.strangersKeyring }
    expect((await unpacked.helm(['template', 'demo', unpacked.directory], { env: blind })).code).toBe(1)
  })

  it('refuses a chart in helmfile’s cache that the shim has not unpacked', async () => {
    const unpacked = await unpack(bed, helm)
    const cached = join(unpacked.place.helmfileCache, 'host/signed/0.1.0/signed')
    cpSync(unpacked.directory, cached, { recursive: true })
    for (const line of [
      ['template', 'demo', cached],
      ['lint', cached],
      ['diff', 'upgrade', 'demo', cached],
    ]) {
      const { code, stderr } = await unpacked.helm(line, { env: required() })
      expect([code, stderr]).toEqual([
        1,
        expect.stringMatching(/lies in helmfile's cache, but was not unpacked by this shim/),
      ])
    }
    // Elsewhere it may be anybody's own chart.
    const own = join(unpacked.place.folder, 'my chart')
    cpSync(unpacked.directory, own, { recursive: true })
    expect((await unpacked.helm(['template', 'demo', own], { env: required() })).code).toBe(0)
    expect((await unpacked.helm(['template', 'demo', cached])).code).toBe(0)
  })

  it('refuses one that was put into helmfile’s cache by HELMFILE_CACHE_HOME, too', async () => {
    const unpacked = await unpack(bed, helm)
    const home = join(unpacked.place.folder, 'another cache')
    const cached = join(home, 'host/signed/0.1.0/signed')
    cpSync(unpacked.directory, cached, { recursive: true })
    const env = { ...required(), HELMFILE_CACHE_HOME: home }
    expect((await unpacked.helm(['template', 'demo', cached], { env })).code).toBe(1)
  })

  it('lets the user’s own chart be used', async () => {
    const here = await place()
    const own = bed.sandbox.at('charts/source unsigned/unsigned')
    expect((await here.run(true, ['template', 'demo', own], { env: required() })).code).toBe(0)
  })
})

describe('chartify’s copy of a chart', () => {
  // chartify copies a chart that is already unpacked into a folder of its own before it patches it, so what helm gets
  // is not the directory that was pulled. helmfile: chartify tempdir.go
  const copy = async (chart: string, options: { verify?: boolean; shim?: boolean } = {}) => {
    const unpacked = await unpack(bed, 'helm3', chart, options)
    const cached = join(unpacked.place.helmfileCache, 'host', chart, '0.1.0', chart)
    const at = join(unpacked.place.folder, 'tmp/chartify1234567/ns/demo')
    const take = (from: string) => {
      rmSync(at, { recursive: true, force: true })
      cpSync(from, at, { recursive: true })
    }
    return { unpacked, cached, at, take }
  }
  const evil = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}-evil\n'

  it('is used where it equals a chart that verifies now', async () => {
    const { unpacked, at, take } = await copy('signed')
    take(unpacked.directory)
    expect((await unpacked.helm(['template', 'demo', at], { env: required() })).code).toBe(0)
  })

  it('is refused where it does not, unless that is allowed', async () => {
    const { unpacked, at, take } = await copy('signed')
    take(unpacked.directory)
    writeFileSync(join(at, 'templates/evil.yaml'), evil)
    const upgrade = ['upgrade', '--install', 'demo', at, '-n', unpacked.place.name]
    const { code, stderr } = await unpacked.helm(upgrade, { env: required() })
    expect([code, stderr]).toEqual([1, expect.stringContaining('added: templates/evil.yaml')])
    expect(await unpacked.place.deployed()).toEqual([])
    const allowed = await unpacked.helm(upgrade, { env: { ...required(), HELM_VERIFY_SHIM_MODIFIED: 'allow' } })
    expect([allowed.code, allowed.stderr]).toEqual([0, expect.stringContaining('added: templates/evil.yaml')])
  })

  it('is refused where it was copied from what nobody signed, under its own name or another', async () => {
    const { unpacked, at, take } = await copy('unsigned', { verify: false })
    take(unpacked.directory)
    const line = ['template', 'demo', at]
    expect((await unpacked.helm(line, { env: required() })).code).toBe(1)
    expect((await unpacked.helm(line, { env: { ...required(), HELM_VERIFY_SHIM_MODIFIED: 'allow' } })).code).toBe(1)
  })

  it('is refused where helmfile’s cache holds a chart that the shim has not unpacked', async () => {
    const { unpacked, cached, at, take } = await copy('signed')
    mkdirSync(dirname(cached), { recursive: true })
    cpSync(unpacked.directory, cached, { recursive: true })
    writeFileSync(join(cached, 'Chart.yaml'), 'apiVersion: v2\nname: spoofed\nversion: 9.9.9\n')
    take(cached)
    const { code, stderr } = await unpacked.helm(['template', 'demo', at], { env: required() })
    expect([code, stderr]).toEqual([1, expect.stringContaining("lies in helmfile's cache")])
  })

  it('is refused where a chart in helmfile’s cache was given another name', async () => {
    const { unpacked, cached, at, take } = await copy('signed')
    // Pulled into the cache, as helmfile does.
    const { registry } = bed
    const pull = [
      'pull',
      `oci://${registry.host}/charts/signed`,
      '--ca-file',
      registry.caFile,
      '--untar',
      '-d',
      dirname(cached),
    ]
    expect((await unpacked.helm([...pull, ...unpacked.verify])).code).toBe(0)
    writeFileSync(join(cached, 'Chart.yaml'), 'apiVersion: v2\nname: spoofed\nversion: 9.9.9\n')
    take(cached)
    const { code, stderr } = await unpacked.helm(['template', 'demo', at], { env: required() })
    expect([code, stderr]).toEqual([1, expect.stringContaining('altered: Chart.yaml')])
  })

  describe('where nothing has to be verified', () => {
    const pulledIntoCache = async (options: { verify?: boolean } = {}) => {
      const made = await copy('signed', options)
      const { registry } = bed
      const pull = ['pull', `oci://${registry.host}/charts/signed`, '--ca-file', registry.caFile, '--untar']
      const flags = options.verify === false ? [] : made.unpacked.verify
      const { code } = await made.unpacked.helm([...pull, '-d', dirname(made.cached), ...flags])
      if (code !== 0) throw new Error('not pulled')
      return made
    }
    const patch = (at: string) => {
      writeFileSync(join(at, 'templates/patched.yaml'), evil)
    }

    it('is used, patched, where what it was made of is as it was pulled', async () => {
      const { unpacked, cached, at, take } = await pulledIntoCache()
      take(cached)
      patch(at)
      expect(await unpacked.helm(['template', 'demo', at])).toMatchObject({ code: 0, stderr: '' })
    })

    it.each([
      [
        'with another template',
        (cached: string) => {
          patch(cached)
        },
      ],
      [
        'and given another name',
        (cached: string) => {
          writeFileSync(join(cached, 'Chart.yaml'), 'apiVersion: v2\nname: spoofed\nversion: 9.9.9\n')
        },
      ],
    ])('is refused where what it was made of was changed, %s', async (_, change) => {
      const { unpacked, cached, at, take } = await pulledIntoCache()
      change(cached)
      take(cached)
      patch(at)
      for (const line of [
        ['template', 'demo', at],
        ['diff', 'upgrade', 'demo', at],
        ['lint', at],
      ]) {
        const { code, stderr } = await unpacked.helm(line)
        expect([code, stderr]).toEqual([1, expect.stringContaining(`"${cached}" is not what was pulled any more`)])
      }
      const allowed = await unpacked.helm(['template', 'demo', at], { env: { HELM_VERIFY_SHIM_MODIFIED: 'allow' } })
      expect([allowed.code, allowed.stderr]).toEqual([0, expect.stringContaining('differs from its packed chart')])
    })

    it('is used where what it was made of was never verified, or lies elsewhere', async () => {
      const unverified = await pulledIntoCache({ verify: false })
      patch(unverified.cached)
      unverified.take(unverified.cached)
      expect((await unverified.unpacked.helm(['template', 'demo', unverified.at])).code).toBe(0)
      const { unpacked, cached, at, take } = await pulledIntoCache()
      patch(unpacked.directory)
      take(cached)
      expect((await unpacked.helm(['template', 'demo', at])).code).toBe(0)
    })
  })

  it('is used where it is the user’s own chart', async () => {
    const { unpacked, at, take } = await copy('signed')
    const own = await makeChart(join(unpacked.place.folder, 'own'), 'own', 'unsigned', bed.signers)
    take(join(dirname(own), '../source own/own'))
    expect((await unpacked.helm(['template', 'demo', at], { env: required() })).code).toBe(0)
  })
})
