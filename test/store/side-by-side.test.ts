import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { expect, it } from 'vitest'
import { archivePath, statePaths, type StatePaths } from '../../src/store/paths.ts'
import { prune } from '../../src/store/prune.ts'
import { besideOthers } from '../../src/store/take-turns.ts'
import { folder } from '../helpers/folder.ts'

// Pulls of one chart, each to a directory of its own that soon goes away, and all of them pruning.
const worker = `
const { mkdirSync, rmSync } = require('node:fs')
const { join } = require('node:path')
const { parentPort, workerData } = require('node:worker_threads')
const { home, me, store } = workerData
Promise.all(['save', 'prune', 'find', 'paths'].map((name) => import(store + name + '.ts'))).then(
  ([{ saveReceipt }, { prune }, { readFound }, { statePaths }]) => {
    const paths = statePaths({ XDG_STATE_HOME: join(home, 'state') })
    const packed = join(home, 'pulled/demo-0.1.0.tgz')
    const lost = []
    for (let round = 0; round < 400; round++) {
      const directory = join(home, 'charts', String((me + round) % 5), String(me))
      mkdirSync(directory, { recursive: true })
      const digest = 'sha256:' + String(round % 2).repeat(64)
      saveReceipt(paths, {
        directory, digest, reference: 'oci://r/demo', name: 'demo', version: '0.1.0', archive: 'demo-0.1.0.tgz',
        provenance: true, verified: true, signers: [], unpackedAt: new Date().toISOString(),
      }, packed)
      const found = readFound(paths, directory)
      if (found.receipt === undefined || found.archive === undefined) lost.push({ round, ...found })
      prune(paths)
      if (readFound(paths, directory).archive === undefined) lost.push({ round, pruned: true })
      rmSync(directory, { recursive: true })
    }
    parentPort.postMessage(lost)
  },
)
`

it(
  'a pull that has ended has its receipt and its packed chart, however many others prune',
  { timeout: 120_000 },
  async () => {
    const home = folder({ 'pulled/demo-0.1.0.tgz': 'packed', 'pulled/demo-0.1.0.tgz.prov': 'signed' })
    const store = new URL('../../src/store/', import.meta.url).href
    const lost = await Promise.all(
      [0, 1, 2, 3, 4, 5].map(
        async (me) =>
          new Promise((resolve, reject) => {
            const one = new Worker(worker, { eval: true, workerData: { home, me, store } })
            one.once('message', resolve).once('error', reject)
          }),
      ),
    )
    expect(lost.flat()).toEqual([])
    const paths = statePaths({ XDG_STATE_HOME: join(home, 'state') }) as StatePaths
    prune(paths)
    expect([readdirSync(paths.archives), readdirSync(paths.dirs)]).toEqual([[], []])
  },
)

const setUp = () => {
  const paths = statePaths({ XDG_STATE_HOME: folder({}) }) as StatePaths
  const kept = archivePath(paths, `sha256:${'a'.repeat(64)}`, 'demo-0.1.0.tgz')
  mkdirSync(join(kept, '..'), { recursive: true })
  writeFileSync(kept, 'packed')
  const turn = (name: string, secondsAgo: number) => {
    mkdirSync(join(paths.archives, name))
    const time = Date.now() / 1000 - secondsAgo
    utimesSync(join(paths.archives, name), time, time)
  }
  return { paths, kept, turn }
}

it('removes nothing while a pull is keeping its chart', () => {
  const { paths, kept, turn } = setUp()
  turn('.saving-1.a', 60)
  expect([prune(paths), prune(paths, 50)]).toEqual([undefined, undefined])
  expect(existsSync(kept)).toBe(true)
  expect(readdirSync(paths.archives).sort()).toEqual(['.saving-1.a', 'a'.repeat(64)])
})

it('removes nothing while another prune does', () => {
  const { paths, kept, turn } = setUp()
  turn('.pruning', 0)
  expect([prune(paths), prune(paths, 50)]).toEqual([undefined, undefined])
  expect(existsSync(kept)).toBe(true)
  expect(readdirSync(paths.archives)).toContain('.pruning')
})

it('takes no notice of pulls and prunes that were killed long ago', () => {
  const { paths, turn } = setUp()
  turn('.saving-1.a', 7200)
  turn('.pruning', 60)
  expect(prune(paths)).toEqual({ receipts: 0, archives: 1 })
  expect(readdirSync(paths.archives)).toEqual([])
})

it('keeps a chart once a prune is over, or was killed', () => {
  const { paths, turn } = setUp()
  turn('.pruning', 9.8)
  const began = Date.now()
  let waited = 0
  besideOthers(paths, () => {
    waited = Date.now() - began
  })
  expect(waited).toBeGreaterThan(100)
  expect(readdirSync(paths.archives)).not.toContain(expect.stringContaining('.saving'))
})
