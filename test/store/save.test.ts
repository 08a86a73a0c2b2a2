import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findReceipts, readFound } from '../../src/store/find.ts'
import { archivePath, receiptPath, statePaths, type StatePaths } from '../../src/store/paths.ts'
import { listReceipts, prune } from '../../src/store/prune.ts'
import type { Receipt } from '../../src/store/receipt.ts'
import { saveReceipt } from '../../src/store/save.ts'
import { folder } from '../helpers/folder.ts'

function setUp() {
  const home = folder({
    'pulled/demo-0.1.0.tgz': 'packed',
    'pulled/demo-0.1.0.tgz.prov': 'signed',
    'charts/demo/x': '',
  })
  const paths = statePaths({ XDG_STATE_HOME: join(home, 'state') }) as StatePaths
  const directory = join(home, 'charts/demo')
  const receipt: Receipt = {
    directory,
    reference: 'oci://r/demo',
    repository: undefined,
    name: 'demo',
    version: '0.1.0',
    digest: `sha256:${'a'.repeat(64)}`,
    archive: 'demo-0.1.0.tgz',
    provenance: true,
    verified: true,
    signers: [],
    fingerprint: undefined,
    keyring: undefined,
    unpackedAt: new Date().toISOString(),
  }
  return { home, paths, directory, receipt, packed: join(home, 'pulled/demo-0.1.0.tgz') }
}

it('keeps the packed chart, its provenance and the receipt, for their owner only', () => {
  const { paths, directory, receipt, packed } = setUp()
  saveReceipt(paths, receipt, packed)
  const kept = archivePath(paths, receipt.digest, receipt.archive)
  expect(readFileSync(kept, 'utf8')).toBe('packed')
  expect(readFileSync(`${kept}.prov`, 'utf8')).toBe('signed')
  expect(findReceipts(paths, directory)[0]).toMatchObject({ directory, archive: kept, receipt: { verified: true } })
  const mode = (path: string) => statSync(path).mode & 0o777
  expect([kept, `${kept}.prov`, receiptPath(paths, directory)].map(mode)).toEqual([0o600, 0o600, 0o600])
  expect([paths.root, paths.dirs, paths.archives].map(mode)).toEqual([0o700, 0o700, 0o700])
})

it('leaves no half-written file when it cannot write', () => {
  const { paths, receipt, packed } = setUp()
  mkdirSync(paths.root, { recursive: true })
  writeFileSync(paths.dirs, 'not a folder')
  expect(() => {
    saveReceipt(paths, receipt, packed)
  }).toThrow()
  expect(readdirSync(join(paths.archives, 'a'.repeat(64))).sort()).toEqual(['demo-0.1.0.tgz', 'demo-0.1.0.tgz.prov'])
})

it('replaces a kept chart whose bytes were spoilt', () => {
  const { paths, receipt, packed } = setUp()
  saveReceipt(paths, receipt, packed)
  const kept = archivePath(paths, receipt.digest, receipt.archive)
  rmSync(kept)
  writeFileSync(kept, 'spoilt')
  saveReceipt(paths, receipt, packed)
  expect(readFileSync(kept, 'utf8')).toBe('packed')
})

describe('the receipt that covers a directory', () => {
  it('is its own, or that of the nearest directory above it', () => {
    const { paths, directory, receipt, packed } = setUp()
    saveReceipt(paths, receipt, packed)
    mkdirSync(join(directory, 'charts/sub'), { recursive: true })
    expect(findReceipts(paths, join(directory, 'charts/sub'))[0]?.directory).toBe(directory)
    expect(findReceipts(paths, join(directory, '..'))).toEqual([])
    expect(findReceipts(paths, `${directory}-other`)).toEqual([])
  })

  it('is found through links, and where a link took the place of its directory or of one above', () => {
    const { home, paths, directory, receipt, packed } = setUp()
    saveReceipt(paths, receipt, packed)
    symlinkSync(directory, join(home, 'to-chart'))
    expect(findReceipts(paths, join(home, 'to-chart'))).toMatchObject([{ directory, physical: directory }])
    mkdirSync(join(home, 'evil/demo'), { recursive: true })
    rmSync(join(home, 'charts'), { recursive: true })
    symlinkSync('evil', join(home, 'charts'))
    const replaced = [{ directory, physical: join(home, 'evil/demo') }]
    expect(findReceipts(paths, directory)).toMatchObject(replaced)
    expect(findReceipts(paths, join(home, 'to-chart'))).toMatchObject(replaced)
  })

  it('is found where a file took the place of its directory, but not for a file in it', () => {
    const { paths, directory, receipt, packed } = setUp()
    saveReceipt(paths, receipt, packed)
    expect(findReceipts(paths, join(directory, 'x'))).toEqual([])
    rmSync(directory, { recursive: true })
    writeFileSync(directory, 'packed')
    expect(findReceipts(paths, directory)).toMatchObject([{ directory, physical: undefined }])
  })

  it('does not lead into a circle of links', () => {
    const { home, paths } = setUp()
    symlinkSync('b', join(home, 'a'))
    symlinkSync('a', join(home, 'b'))
    expect(findReceipts(paths, join(home, 'a'))).toEqual([])
  })

  it('is found but not read when it was spoilt, or speaks of another directory', () => {
    const { paths, directory, receipt, packed } = setUp()
    saveReceipt(paths, { ...receipt, directory: `${directory}2` }, packed)
    saveReceipt(paths, receipt, packed)
    writeFileSync(receiptPath(paths, directory), readFileSync(receiptPath(paths, `${directory}2`)))
    expect(readFound(paths, directory)).toMatchObject({ directory, receipt: undefined, archive: undefined })
  })

  it('has no archive when that is gone', () => {
    const { paths, directory, receipt, packed } = setUp()
    saveReceipt(paths, receipt, packed)
    rmSync(paths.archives, { recursive: true })
    expect(findReceipts(paths, directory)[0]).toMatchObject({ archive: undefined, receipt: { name: 'demo' } })
  })
})

describe('prune', () => {
  it('removes receipts whose directory is gone, and the packed charts that only they named', () => {
    const { paths, directory, receipt, packed } = setUp()
    saveReceipt(paths, receipt, packed)
    expect(prune(paths)).toEqual({ receipts: 0, archives: 0 })
    rmSync(directory, { recursive: true })
    expect(prune(paths)).toEqual({ receipts: 1, archives: 1 })
    expect(readdirSync(paths.dirs)).toEqual([])
    expect(readdirSync(paths.archives)).toEqual([])
    expect(readdirSync(paths.root).sort()).toEqual(['archives', 'dirs'])
  })

  it('spares a packed chart that another receipt names', () => {
    const { home, paths, directory, receipt, packed } = setUp()
    saveReceipt(paths, receipt, packed)
    mkdirSync(join(home, 'charts/second'))
    saveReceipt(paths, { ...receipt, directory: join(home, 'charts/second') }, packed)
    rmSync(directory, { recursive: true })
    expect(prune(paths)).toEqual({ receipts: 1, archives: 0 })
    expect(listReceipts(paths).map((listed) => listed.receipt?.directory)).toEqual([join(home, 'charts/second')])
  })

  it('spares a receipt that cannot be read: what it stands for is not known', () => {
    const { paths, directory, receipt, packed } = setUp()
    saveReceipt(paths, receipt, packed)
    writeFileSync(receiptPath(paths, directory), '{')
    expect(prune(paths)?.receipts).toBe(0)
    expect(existsSync(receiptPath(paths, directory))).toBe(true)
  })

  it('has nothing to do where there is no state folder', () => {
    const { paths } = setUp()
    expect(prune(paths)).toEqual({ receipts: 0, archives: 0 })
    expect(existsSync(paths.root)).toBe(false)
  })

  it('survives folders that it may not read', () => {
    const { paths, receipt, packed } = setUp()
    saveReceipt(paths, receipt, packed)
    chmodSync(paths.archives, 0o000)
    expect(() => prune(paths)).not.toThrow()
    chmodSync(paths.archives, 0o700)
  })
})
