import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pack, signChart, writeChart } from '../helpers/charts.ts'
import { MatrixBed } from '../helpers/matrix-bed.ts'
import { unpackedCharts } from '../helpers/matrix-run.ts'
import { unpack } from '../helpers/matrix-unpacked.ts'
import { user } from '../helpers/registry.ts'
import { helms, shimFolder } from '../helpers/tools.ts'

// Attempts to have something deployed that nobody signed, by paths that nobody thought of. Each says how far it gets.
let bed: MatrixBed
const evil = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}-evil\n'

beforeAll(async () => {
  bed = await new MatrixBed().start()
  const newer = await signChart(
    await pack(writeChart(bed.sandbox.at('newer'), 'signed', { version: '0.2.0' }), bed.sandbox.at('newer packed')),
    bed.signers,
    'trusted',
  )
  await bed.registry.push(newer)
  // The registry's owner puts an old chart, rightly signed, under a new version's tag.
  await retag('signed', '0.1.0', '0.3.0')
  await retag('unsigned', '0.1.0', '0.3.0')
})

afterAll(async () => {
  await bed.stop()
})

async function ask(
  method: string,
  path: string,
  type: string,
  body?: string,
): Promise<{ status: number; body: string }> {
  const { host, caFile } = bed.registry
  return await new Promise((resolve, reject) => {
    const asked = request(`https://${host}${path}`, {
      method,
      ca: readFileSync(caFile),
      auth: `${user.name}:${user.password}`,
      headers: method === 'GET' ? { accept: type } : { 'content-type': type },
    })
    asked.once('error', reject)
    asked.once('response', (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (chunk: string) => (text += chunk))
      answer.on('end', () => {
        resolve({ status: answer.statusCode ?? 0, body: text })
      })
    })
    asked.end(body)
  })
}

async function retag(chart: string, from: string, to: string): Promise<void> {
  const type = 'application/vnd.oci.image.manifest.v1+json'
  const { body } = await ask('GET', `/v2/charts/${chart}/manifests/${from}`, type)
  const { status } = await ask('PUT', `/v2/charts/${chart}/manifests/${to}`, type, body)
  if (status !== 201) throw new Error(`${status}`)
}

describe.each(helms)('%s: a registry', (helm) => {
  const pull = async (chart: string, ...more: string[]) => {
    const place = await bed.place(`hostile-${Math.random().toString(36).slice(2)}`, helm)
    const { host, caFile } = bed.registry
    const line = [
      'pull',
      `oci://${host}/charts/${chart}`,
      '--ca-file',
      caFile,
      '--untar',
      '--verify',
      '--keyring',
      bed.signers.keyring,
    ]
    return await place.run(true, [...line, ...more])
  }

  it.each([['signed:0.3.0'], ['signed', '--version', '0.3.0'], ['signed', '--version', '>0.2'], ['signed']])(
    'cannot pass an old signed chart for a new one: %s %s %s',
    async (...line) => {
      const { code, stderr } = await pull(...(line as [string, ...string[]]))
      expect(code).toBe(1)
      expect(stderr).toContain('provenance does not contain a SHA for a file named "signed-0.3.0.tgz"')
    },
  )

  it.each([
    ['--verify=false', '--verify'],
    ['--verify', '--verify=true'],
    ['--prov'],
    ['--prov=false'],
    ['--devel'],
    ['--keyring', '/dev/null'],
    ['--keyring='],
    ['--untardir', '/proc/self/cwd'],
    ['--insecure-skip-tls-verify'],
    ['--debug'],
  ])('cannot have an unsigned chart pulled by flags: %s %s', async (...flags) => {
    expect((await pull('unsigned:0.1.0', ...flags)).code).toBe(1)
    expect((await pull('wrong-key:0.1.0', ...flags)).code).toBe(1)
    expect((await pull('altered:0.1.0', ...flags)).code).toBe(1)
  })
})

describe('somebody who can write to helmfile’s cache', () => {
  const release = () => ({
    name: 'demo',
    chart: 'oci/signed',
    version: '0.1.0',
    verify: true,
    keyring: bed.signers.keyring,
  })
  const cached = async () => {
    const place = await bed.place(`cache-${Math.random().toString(36).slice(2)}`, 'helm3')
    const filled = await place.helmfile({ helmfile: 'helmfile-1.8.0', shim: true }, [release()], ['template'])
    const [chart = ''] = unpackedCharts(place.helmfileCache)
    if (filled.code !== 0 || chart === '') throw new Error(filled.stderr)
    const sync = async (env = {}) =>
      await place.helmfile({ helmfile: 'helmfile-1.8.0', shim: true, env }, [release()], ['sync'])
    const expectRefusal = async (says: string, env = {}) => {
      const { code, stderr } = await sync(env)
      expect([code === 0, stderr]).toEqual([false, expect.stringContaining(says)])
      expect(await place.deployed()).toEqual([])
    }
    return { place, chart, sync, expectRefusal }
  }
  const required = () => ({ HELM_VERIFY_SHIM_REQUIRE: '1', HELM_VERIFY_SHIM_KEYRING: bed.signers.keyring })

  const attacks: Record<string, (chart: string) => void> = {
    'replaces a folder above by a link to one of theirs': (chart) => {
      const above = dirname(dirname(chart))
      renameSync(above, `${above}-moved`)
      symlinkSync(`${above}-moved`, above)
      writeFileSync(join(chart, 'templates/evil.yaml'), evil)
    },
    'hides a template behind a .helmignore': (chart) => {
      writeFileSync(join(chart, '.helmignore'), 'templates/configmap.yaml\n')
    },
    'adds a subchart': (chart) => {
      cpSync(bed.sandbox.at('charts/source unsigned/unsigned'), join(chart, 'charts/unsigned'), { recursive: true })
    },
    'adds a packed subchart': (chart) => {
      mkdirSync(join(chart, 'charts'))
      cpSync(bed.sandbox.at('charts/packed unsigned/unsigned-0.1.0.tgz'), join(chart, 'charts/unsigned-0.1.0.tgz'))
    },
    'adds a values file that helm reads': (chart) => {
      rmSync(join(chart, 'values.yaml'))
      writeFileSync(join(chart, 'values.yaml'), 'greeting: evil\n')
    },
  }

  it.each(Object.keys(attacks))('%s: refused', async (name) => {
    const { chart, expectRefusal } = await cached()
    attacks[name]?.(chart)
    await expectRefusal('is not what was pulled any more')
  })

  // helmfile takes the first Chart.yaml below the folder that it pulled into. helmfile: state.go findChartDirectory
  const strangers: Record<string, (chart: string) => void> = {
    'puts another chart beside it': (chart) => {
      const other = join(chart, '../another')
      cpSync(chart, other, { recursive: true })
      writeFileSync(join(other, 'templates/evil.yaml'), evil)
    },
    'makes a chart of the folder above': (chart) => {
      cpSync(chart, dirname(chart), { recursive: true })
      writeFileSync(join(dirname(chart), 'templates/evil.yaml'), evil)
    },
  }

  it.each(Object.keys(strangers))('%s: refused where everything has to be verified', async (name) => {
    const { chart, expectRefusal } = await cached()
    strangers[name]?.(chart)
    await expectRefusal("lies in helmfile's cache", required())
  })

  it.each(Object.keys(strangers))('%s: refused otherwise, too', async (name) => {
    const { chart, sync, expectRefusal } = await cached()
    strangers[name]?.(chart)
    await expectRefusal('in a folder that was made for')
    rmSync(dirname(chart), { recursive: true })
    expect((await sync()).code).toBe(0)
  })

  it('puts a chart where none was pulled: refused only where everything has to be verified', async () => {
    const { place, chart, sync } = await cached()
    rmSync(dirname(chart), { recursive: true })
    cpSync(bed.sandbox.at('charts/source unsigned/unsigned'), join(dirname(chart), 'unsigned'), { recursive: true })
    expect((await place.run(true, ['template', 'demo', join(dirname(chart), 'unsigned')])).code).toBe(1)
    // The next prune forgets what is not there any more.
    await bed.sandbox.run(join(shimFolder, 'helm-verify-shim'), ['prune'], { env: place.environment(true) })
    expect((await sync(required())).code).not.toBe(0)
    expect(await place.deployed()).toEqual([])
    expect((await sync()).code).toBe(0)
  })
})

describe('a chart that is reached by a way without its name', () => {
  // What helm itself follows from a chart of the user's own cannot be seen on its command line.
  const umbrella = async () => {
    const unpacked = await unpack(bed, 'helm3', 'signed', { version: '0.1.0' })
    writeFileSync(join(unpacked.directory, 'templates/evil.yaml'), evil)
    const own = writeChart(unpacked.place.folder, 'umbrella')
    return { unpacked, own }
  }

  it('is not noticed as a dependency of the user’s own chart, by file://', async () => {
    const { unpacked, own } = await umbrella()
    const dependency = `dependencies:\n  - name: signed\n    version: 0.1.0\n    repository: "file://${unpacked.directory}"\n`
    writeFileSync(join(own, 'Chart.yaml'), `apiVersion: v2\nname: umbrella\nversion: 0.1.0\n${dependency}`)
    expect((await unpacked.helm(['dependency', 'update', own])).code).toBe(0)
    expect((await unpacked.helm(['template', 'demo', own])).stdout).toContain('demo-evil')
  })

  it('is not noticed behind a link in the user’s own chart', async () => {
    const { unpacked, own } = await umbrella()
    mkdirSync(join(own, 'charts'))
    symlinkSync(unpacked.directory, join(own, 'charts/signed'))
    expect((await unpacked.helm(['template', 'demo', own])).stdout).toContain('demo-evil')
  })

  it.each([
    ['/proc/self/root', (d: string) => `/proc/self/root${d}`],
    ['/proc/self/cwd', (d: string) => `/proc/self/cwd/out/signed/../../out/${d.split('/').at(-1) ?? ''}`],
    ['a file URL', (d: string) => `file://${d}`],
    ['white space', (d: string) => `\n\t ${d}\v\f\r`],
  ])('is refused, or not found, by %s', async (_, spell) => {
    const { unpacked } = await umbrella()
    for (const verify of [[], unpacked.verify]) {
      const { code, stdout } = await unpacked.helm(['template', 'demo', spell(unpacked.directory), ...verify])
      expect([code, stdout]).toEqual([1, ''])
    }
  })

  it.each([
    ['a non-breaking space', (d: string) => `${d}\u00a0`],
    ['an em space', (d: string) => `\u2003${d}`],
    ['a next line', (d: string) => `${d}\u0085`],
  ])('is refused by %s where everything has to be verified', async (_, spell) => {
    const { unpacked } = await umbrella()
    const env = { HELM_VERIFY_SHIM_REQUIRE: '1' }
    const { code, stderr } = await unpacked.helm(['template', 'demo', spell(unpacked.directory)], { env })
    expect([code, stderr]).toEqual([1, expect.stringContaining('added: templates/evil.yaml')])
  })
})

describe('--verify', () => {
  it.each([
    ['twice, the last one on', ['--verify=false', '--verify']],
    ['as a number', ['--verify=1']],
    ['as a letter', ['--verify=t']],
    ['in capitals', ['--verify=TRUE']],
  ])('is not lost when written %s', async (_, flags) => {
    const unpacked = await unpack(bed, 'helm3', 'unsigned', { verify: false, version: '0.1.0' })
    const args = [...unpacked.upgrade, '--keyring', bed.signers.keyring]
    for (const line of [
      [...args, ...flags],
      [...flags, ...args],
    ]) {
      expect((await unpacked.helm(line)).code).toBe(1)
      expect((await unpacked.helm(line, { env: { HELM_VERIFY_SHIM_MODIFIED: 'allow' } })).code).toBe(1)
    }
    expect(await unpacked.place.deployed()).toEqual([])
  })

  it('is not lost where two directories are named', async () => {
    const signed = await unpack(bed, 'helm3', 'signed', { version: '0.1.0' })
    const { directory } = await unpack(bed, 'helm3', 'unsigned', { verify: false, version: '0.1.0' })
    for (const line of [
      ['template', signed.directory, directory],
      ['install', signed.directory, directory, '--generate-name'],
      ['template', 'demo', directory, '--set', `a=${signed.directory}`],
      ['template', 'demo', directory, '-f', join(signed.directory, 'values.yaml')],
      ['template', 'demo', signed.directory, directory],
    ]) {
      const { code, stdout } = await signed.helm([...line, ...signed.verify])
      expect([line.join(' '), code, stdout]).toEqual([line.join(' '), 1, ''])
    }
  })

  it('fails where an unsigned chart was unpacked in the place of a signed one, behind the shim’s back', async () => {
    const unpacked = await unpack(bed, 'helm3', 'signed', { version: '0.1.0' })
    rmSync(unpacked.directory, { recursive: true })
    cpSync(bed.sandbox.at('charts/source unsigned/unsigned'), unpacked.directory, { recursive: true })
    expect((await unpacked.helm(['template', 'demo', unpacked.directory])).code).toBe(1)
    expect((await unpacked.helm(['template', 'demo', unpacked.directory, ...unpacked.verify])).code).toBe(1)
  })

  it('fails where the packed chart itself stands in the directory’s place, unsigned', async () => {
    const unpacked = await unpack(bed, 'helm3', 'signed', { version: '0.1.0' })
    rmSync(unpacked.directory, { recursive: true })
    cpSync(bed.sandbox.at('charts/packed unsigned/unsigned-0.1.0.tgz'), unpacked.directory)
    expect((await unpacked.helm(['template', 'demo', unpacked.directory])).code).toBe(1)
    expect((await unpacked.helm(['template', 'demo', unpacked.directory, ...unpacked.verify])).code).toBe(1)
  })
})
