import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Release } from '../helpers/helmfile.ts'
import { MatrixBed } from '../helpers/matrix-bed.ts'
import { unpack } from '../helpers/matrix-unpacked.ts'
import { helmfiles, helms } from '../helpers/tools.ts'

// HELM_VERIFY_SHIM_MODIFIED=allow: the packed original is verified, and the changed directory is deployed.
let bed: MatrixBed
const allow = { HELM_VERIFY_SHIM_MODIFIED: 'allow' }
const mine = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}-mine\n'

beforeAll(async () => {
  bed = await new MatrixBed().start()
})

afterAll(async () => {
  await bed.stop()
})

describe.each(helms)('%s', (helm) => {
  const changed = async (chart: string, verify: boolean) => {
    const unpacked = await unpack(bed, helm, chart, { verify })
    writeFileSync(join(unpacked.directory, 'templates/mine.yaml'), mine)
    return unpacked
  }

  it.each([true, false])('deploys a changed directory, with a warning (pulled with --verify: %j)', async (verify) => {
    const unpacked = await changed('signed', verify)
    const args = [...unpacked.upgrade, ...unpacked.verify]
    const { code, stderr } = await unpacked.helm(args, { env: allow })
    expect([code, stderr]).toEqual([0, expect.stringContaining('warning: ')])
    expect(stderr).toContain('added: templates/mine.yaml')
    expect(await unpacked.place.deployed()).toEqual(['demo-mine', 'demo-signed', 'sh.helm.release.v1.demo.v1'])
    // helm verified the packed original, and then got the directory, without --verify.
    const calls = unpacked.calls().filter((call) => !call.startsWith('version'))
    expect(calls).toEqual([
      `verify ${unpacked.archive} --keyring ${bed.signers.keyring}`,
      args.filter((word) => word !== '--verify').join(' '),
    ])
  })

  it('compares and verifies for a command that does not ask to verify, after a verified pull', async () => {
    const unpacked = await changed('signed', true)
    const { code, stdout, stderr } = await unpacked.helm(['template', 'demo', unpacked.directory], { env: allow })
    expect([code, stdout, stderr]).toEqual([
      0,
      expect.stringContaining('name: demo-mine'),
      expect.stringContaining('which helm verified just now'),
    ])
  })

  it.each(['unsigned', 'wrong-key', 'altered', 'expired', 'revoked'])(
    'refuses one whose original is %s',
    async (chart) => {
      const unpacked = await changed(chart, false)
      const args = [...unpacked.upgrade, ...unpacked.verify]
      const { code, stderr } = await unpacked.helm(args, { env: allow })
      expect([code, stderr]).toEqual([
        1,
        expect.stringMatching(/Error: .*\n.*helm does not verify the packed chart of/s),
      ])
      expect(await unpacked.place.deployed()).toEqual([])
    },
  )

  it('refuses one whose original is not kept any more', async () => {
    const unpacked = await changed('signed', true)
    rmSync(unpacked.archive)
    expect((await unpacked.helm(unpacked.upgrade, { env: allow })).code).toBe(1)
    expect((await unpacked.helm([...unpacked.upgrade, ...unpacked.verify], { env: allow })).code).toBe(1)
    expect(await unpacked.place.deployed()).toEqual([])
  })

  it('never says of a changed directory that it is verified: helm verify', async () => {
    const unpacked = await changed('signed', true)
    const args = ['verify', unpacked.directory, '--keyring', bed.signers.keyring]
    const { code, stdout } = await unpacked.helm(args, { env: allow })
    expect([code, stdout]).toEqual([1, ''])
  })

  it.each(['Allow', 'ALLOW', '1', 'yes', 'true', ' allow', ''])(
    'is only on at its exact word, not at %j',
    async (word) => {
      const unpacked = await changed('signed', true)
      const env = { HELM_VERIFY_SHIM_MODIFIED: word }
      expect((await unpacked.helm(['template', 'demo', unpacked.directory], { env })).code).toBe(1)
    },
  )

  it('still gives helm the packed chart where nothing was changed', async () => {
    const unpacked = await unpack(bed, helm)
    unpacked.calls()
    expect(
      await unpacked.helm(['template', 'demo', unpacked.directory, ...unpacked.verify], { env: allow }),
    ).toMatchObject({ code: 0, stderr: '' })
    expect(unpacked.calls().join()).toContain(unpacked.archive)
  })
})

describe.each(helmfiles)('%s, through chartify', (helmfile) => {
  const patches: Record<string, (namespace: string) => Partial<Release>> = {
    forceNamespace: (namespace) => ({ forceNamespace: namespace }),
    strategicMergePatches: () => ({
      strategicMergePatches: [
        { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'demo-signed' }, data: { patched: 'by chartify' } },
      ],
    }),
    jsonPatches: () => ({
      jsonPatches: [
        {
          target: { version: 'v1', kind: 'ConfigMap', name: 'demo-signed' },
          patch: [{ op: 'add', path: '/data/patched', value: 'by chartify' }],
        },
      ],
    }),
    dependencies: () => ({ dependencies: [{ chart: 'cls/wrong-key', version: '0.1.0', alias: 'more' }] }),
  }

  it.each(Object.keys(patches))('%s: deploys what chartify makes of a verified chart', async (kind) => {
    const place = await bed.place(`modified-${Math.random().toString(36).slice(2)}`, 'helm3')
    const release = { name: 'demo', chart: 'cls/signed', version: '0.1.0', verify: true, keyring: bed.signers.keyring }
    const releases = [{ ...release, ...patches[kind]?.(place.name) }]
    const refused = await place.helmfile({ helmfile, shim: true }, releases, ['sync'])
    expect(refused.code).not.toBe(0)
    expect(await place.deployed()).toEqual([])
    const { code, stderr } = await place.helmfile({ helmfile, shim: true, env: allow }, releases, ['sync'])
    expect([code, code === 0 ? '' : stderr]).toEqual([0, ''])
    expect(await place.deployed()).toContain('demo-signed')
    const object = await bed.cluster.read('configmaps', place.name, 'demo-signed')
    if (kind.endsWith('Patches')) expect(object).toContain('by chartify')
  })
})
