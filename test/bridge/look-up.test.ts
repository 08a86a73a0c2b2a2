import { appendFileSync, cpSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { create } from 'tar'
import { expect, it } from 'vitest'
import { lookUp } from '../../src/bridge/look-up.ts'
import type { Demand } from '../../src/plan/verdict.ts'
import { digestOf } from '../../src/store/digest.ts'
import type { Found } from '../../src/store/find.ts'
import { folder } from '../helpers/folder.ts'

const plain: Demand = { verify: false, require: false, allowModified: false, isVerify: false }
const demands = { 'helm looks at it': { ...plain, verify: true }, 'nobody else looks': plain }

async function pack(source: string, archive: string): Promise<void> {
  await create({ gzip: true, file: archive, cwd: join(source, '..') }, ['demo'])
}

async function setUp() {
  const root = folder({ 'demo/Chart.yaml': 'name: demo\nversion: 0.1.0\n', 'demo/values.yaml': 'a: 1\n' })
  const [directory, archive] = [join(root, 'demo'), join(root, 'demo-0.1.0.tgz')]
  await pack(directory, archive)
  const receipt = {
    ...{ directory, name: 'demo', version: '0.1.0', archive: 'demo-0.1.0.tgz', digest: await digestOf(archive) },
    ...{ verified: true, provenance: true, signers: [], reference: 'r/demo', unpackedAt: '' },
    ...{ repository: undefined, fingerprint: undefined, keyring: undefined },
  }
  const found: Found = { directory, physical: directory, receipt, archive }
  return { root, directory, archive, found }
}

type Bed = Awaited<ReturnType<typeof setUp>>

const changes: Record<string, { change: (bed: Bed) => Promise<void> | void; kinds: readonly [string, string] }> = {
  'as it was': { change: () => undefined, kinds: ['same', 'same'] },
  'the directory changed': {
    change: ({ directory }) => {
      appendFileSync(join(directory, 'values.yaml'), 'b: 2\n')
    },
    kinds: ['changed', 'changed'],
  },
  'the packed chart no archive any more': {
    change: ({ archive }) => {
      writeFileSync(archive, 'spoilt')
    },
    kinds: ['unknown', 'unknown'],
  },
  'the packed chart another': {
    change: async ({ root, directory, archive }) => {
      const other = join(root, 'other/demo')
      cpSync(directory, other, { recursive: true })
      rmSync(join(other, 'values.yaml'))
      await pack(other, archive)
    },
    kinds: ['unknown', 'unknown'],
  },
  // Then helm, given these bytes, says that they are not what was signed.
  'both changed alike': {
    change: async ({ directory, archive }) => {
      appendFileSync(join(directory, 'values.yaml'), 'b: 2\n')
      await pack(directory, archive)
    },
    kinds: ['same', 'unknown'],
  },
}

it.each(Object.keys(changes))('%s', async (name) => {
  const bed = await setUp()
  await changes[name]?.change(bed)
  const version = () => Promise.reject(new Error('not asked'))
  const kinds = Object.values(demands).map(async (demand) => {
    const { state } = await lookUp(bed.found, true, demand, version, new AbortController().signal)
    return state.kind
  })
  expect(await Promise.all(kinds)).toEqual(changes[name]?.kinds)
})
