import { cpSync, readFileSync, readdirSync, symlinkSync } from 'node:fs'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeChart, pack, signChart, writeChart } from '../helpers/charts.ts'
import { MatrixBed } from '../helpers/matrix-bed.ts'
import { knownError } from '../helpers/matrix-rules.ts'
import { unpack, type Unpacked } from '../helpers/matrix-unpacked.ts'
import { helms } from '../helpers/tools.ts'

// Commands that are to verify an unpacked chart: helm alone cannot, through the shim it verifies the packed one.
let bed: MatrixBed

beforeAll(async () => {
  bed = await new MatrixBed().start()
})

afterAll(async () => {
  await bed.stop()
})

/** Command lines around the chart, and where in the output the chart's path may stand. */
const commands: Record<string, string[]> = {
  'upgrade --install': ['upgrade', '--install', 'demo', 'CHART'],
  install: ['install', 'demo', 'CHART'],
  'install --generate-name': ['install', 'CHART', '--generate-name', '--dry-run=client'],
  template: ['template', 'demo', 'CHART'],
  'template without a name': ['template', 'CHART'],
  'show all': ['show', 'all', 'CHART'],
  'show chart': ['show', 'chart', 'CHART'],
  'show values': ['show', 'values', 'CHART'],
  'show readme': ['show', 'readme', 'CHART'],
  'show crds': ['show', 'crds', 'CHART'],
  'inspect, an alias': ['inspect', 'chart', 'CHART'],
}

const lineFor = (name: string, chart: string) => (commands[name] ?? []).map((word) => (word === 'CHART' ? chart : word))

describe.each(helms)('%s', (helm) => {
  let signed: Unpacked

  beforeAll(async () => {
    signed = await unpack(bed, helm)
  })

  it.each(Object.keys(commands))('%s --verify DIR does what it does with the packed chart', async (name) => {
    const unpacked = name.startsWith('show') || name.startsWith('template') ? signed : await unpack(bed, helm)
    const args = [...lineFor(name, unpacked.directory), ...unpacked.verify, '--namespace', unpacked.place.name]
    const flags = /^(show|inspect)/.test(name) ? args.slice(0, -2) : args
    const alone = await unpacked.alone(flags)
    expect(alone).toMatchObject({ code: 1, stderr: expect.stringMatching(knownError) as string })
    unpacked.calls()
    const bridged = await unpacked.helm(flags)
    expect(bridged).toMatchObject({ code: 0, stderr: '' })
    // helm got the kept archive, and `--verify` with it; all else was as it was.
    expect(unpacked.calls()).toEqual([flags.join(' ').replace(unpacked.directory, unpacked.archive)])
    expect(readFileSync(unpacked.archive)).toEqual(readFileSync(unpacked.packed))
    if (/^(show|inspect|template)/.test(name)) {
      const packed = await unpacked.alone(flags.map((word) => (word === unpacked.directory ? unpacked.packed : word)))
      expect(bridged.stdout).toBe(packed.stdout)
    }
    if (name === 'install' || name.startsWith('upgrade')) {
      expect(await unpacked.place.deployed()).toEqual(['demo-signed', 'sh.helm.release.v1.demo.v1'])
    }
  })

  it('helm verify DIR says who signed it', async () => {
    const args = ['verify', signed.directory, '--keyring', bed.signers.keyring]
    expect((await signed.alone(args)).code).toBe(1)
    const verified = await signed.helm(args)
    expect(verified).toMatchObject({ code: 0, stderr: '' })
    expect(verified.stdout).toContain('Signed by: Trusted')
    expect(verified.stdout).toBe(
      (await signed.alone(['verify', signed.packed, '--keyring', bed.signers.keyring])).stdout,
    )
  })

  it.each([
    ['a trailing slash', (at: string) => `${at}/`],
    ['dots on the way', (at: string) => at.replace('/out/', '/out/../out/./')],
    ['a doubled slash', (at: string) => at.replace('/out/', '//out///')],
  ])('takes the directory by %s', async (_, spell) => {
    const spelled = await signed.helm(['template', 'demo', spell(signed.directory), ...signed.verify])
    expect(spelled).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('demo-signed') as string })
  })

  it('takes the directory by a relative path, by a link, and by a link to a folder above it', async () => {
    const cwd = signed.place.folder
    symlinkSync(signed.directory, join(cwd, 'link'))
    symlinkSync(join(signed.directory, '..'), join(cwd, 'link above'))
    const spellings = [relative(cwd, signed.directory), './link', 'link', 'link above/signed', `${cwd}/link`]
    for (const chart of spellings) {
      const rendered = await signed.helm(['template', 'demo', chart, ...signed.verify], { cwd })
      expect([chart, rendered.code, rendered.stderr]).toEqual([chart, 0, ''])
    }
    const inside = await signed.helm(['template', 'demo', '.', ...signed.verify], { cwd: signed.directory })
    expect(inside).toMatchObject({ code: 0, stderr: '' })
  })

  it.each([
    ['--verify before the command', (d: string, k: string) => ['--keyring', k, '--verify', 'template', 'demo', d]],
    ['--verify=true', (d: string, k: string) => ['template', '--verify=true', '--keyring', k, 'demo', d]],
    ['--keyring=', (d: string, k: string) => ['template', 'demo', '--verify', d, `--keyring=${k}`]],
    [
      'many flags around',
      (d: string, k: string) => ['template', '--set', `a=${d}`, 'demo', '--verify', d, '--keyring', k, '-n', 'x'],
    ],
  ])('understands %s as helm does', async (_, line) => {
    const args = line(signed.directory, bed.signers.keyring)
    const packed = await signed.alone(line(signed.packed, bed.signers.keyring))
    const bridged = await signed.helm(args)
    expect([bridged.code, bridged.stdout]).toEqual([packed.code, packed.stdout])
  })

  it('leaves `--verify` of other meanings to helm: dependency build', async () => {
    const unpacked = await unpack(bed, helm)
    const args = ['dependency', 'build', unpacked.directory, ...unpacked.verify]
    expect(await unpacked.helm(args)).toEqual(await unpacked.alone(args))
  })

  it.each(['lint', 'package', 'dependency list'])('%s of a good directory does what helm alone does', async (name) => {
    const unpacked = await unpack(bed, helm)
    const args = [...name.split(' '), unpacked.directory]
    const bridged = await unpacked.helm(args)
    expect(bridged).toEqual(await unpacked.alone(args))
    expect(bridged.code).toBe(0)
  })

  it('lints the current directory as helm alone does', async () => {
    const cwd = signed.directory
    expect(await signed.helm(['lint'], { cwd })).toEqual(await signed.alone(['lint'], { cwd }))
  })

  it.each(['unsigned', 'wrong-key', 'altered', 'expired', 'revoked'])(
    'refuses a directory whose packed chart is %s, though it was pulled without --verify',
    async (chart) => {
      const unpacked = await unpack(bed, helm, chart, { verify: false })
      const args = ['upgrade', '--install', 'demo', unpacked.directory, '--namespace', unpacked.place.name]
      const refused = await unpacked.helm([...args, ...unpacked.verify])
      expect(refused.code).toBe(1)
      expect(refused.stderr).toContain('Error: ')
      const packed = args.map((word) => (word === unpacked.directory ? unpacked.packed : word))
      const alone = await unpacked.alone([...packed, ...unpacked.verify])
      expect(alone.code).toBe(1)
      // helm's own words, but for the path of the archive.
      const gist = (text: string, archive: string) => /^Error: (.*)$/m.exec(text)?.[1]?.replaceAll(archive, 'IT')
      expect(gist(refused.stderr, unpacked.archive)).toBe(gist(alone.stderr, unpacked.packed))
      expect(await unpacked.place.deployed()).toEqual([])
    },
  )

  it('bridges a directory that was pulled without --verify, if it is signed', async () => {
    const unpacked = await unpack(bed, helm, 'signed', { verify: false })
    const args = ['template', 'demo', unpacked.directory, ...unpacked.verify]
    expect(await unpacked.helm(args)).toMatchObject({ code: 0, stderr: '' })
  })

  it('says why, before helm refuses a directory that it knows nothing of', async () => {
    const copy = join(signed.place.folder, `copy-${Math.random()}`)
    cpSync(signed.directory, copy, { recursive: true })
    const { code, stderr } = await signed.helm(['template', 'demo', copy, ...signed.verify])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^helm-verify-shim: ".*" was not unpacked by this shim/)
    expect(stderr).toMatch(knownError)
  })

  it('verifies with the bytes that it deploys: what is changed in both archive and directory fails in helm', async () => {
    const unpacked = await unpack(bed, helm)
    const source = writeChart(unpacked.place.folder, 'signed', { extra: { 'templates/evil.yaml': evil } })
    const archive = await pack(source, join(unpacked.place.folder, 'evil'))
    cpSync(archive, unpacked.archive)
    cpSync(source, unpacked.directory, { recursive: true })
    const { code, stderr } = await unpacked.helm([...unpacked.upgrade, ...unpacked.verify])
    expect(code).toBe(1)
    expect(stderr).toMatch(/sha256 sum does not match|unpacked charts cannot be verified/)
    expect(await unpacked.place.deployed()).toEqual([])
  })

  it('deploys charts with subcharts, 1,000 files and a .helmignore', async () => {
    const { sandbox, signers, registry } = bed
    const folder = sandbox.at(`rich ${helm}`)
    const archive = await makeChart(folder, `rich-${helm}`, 'signed', signers, {
      subcharts: ['one', 'two'],
      files: 1000,
      extra: { '.helmignore': '*.md\n.git/\n', 'NOTES.md': '# ignored\n', 'crds/a.yaml': 'kind: None\n' },
    })
    await registry.push(archive)
    const unpacked = await unpack(bed, helm, `rich-${helm}`)
    expect(readdirSync(unpacked.directory)).toContain('NOTES.md')
    const { code, stderr } = await unpacked.helm([...unpacked.upgrade, ...unpacked.verify, '--skip-crds'])
    expect([code, stderr]).toEqual([0, ''])
    expect(await unpacked.place.deployed()).toContain(`demo-rich-${helm}`)
    expect(await unpacked.place.deployed()).toContain('demo-two')
  })

  it('finds no other chart that was signed for the same directory', async () => {
    const unpacked = await unpack(bed, helm)
    const other = await signChart(
      await pack(
        writeChart(join(unpacked.place.folder, 'other'), 'other'),
        join(unpacked.place.folder, 'packed other'),
      ),
      bed.signers,
      'trusted',
    )
    cpSync(other, unpacked.archive)
    cpSync(`${other}.prov`, `${unpacked.archive}.prov`)
    const { code, stderr } = await unpacked.helm([...unpacked.upgrade, ...unpacked.verify])
    expect(code).toBe(1)
    expect(stderr).toContain('helm-verify-shim: ')
    expect(await unpacked.place.deployed()).toEqual([])
  })
})

const evil = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}-evil\n'
