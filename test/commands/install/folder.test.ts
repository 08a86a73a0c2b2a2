import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { installInto, isInstalledIn, uninstallFrom } from '../../../src/commands/install/folder.ts'
import { manifestName } from '../../../src/commands/install/manifest.ts'

let root: string
let folder: string
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'install-')))
  folder = join(root, 'a/b c/bin')
})
afterEach(() => {
  rmSync(root, { recursive: true })
})

const text = (words: string) => ({ text: Buffer.from(words) })
const parts = (version: string) => [
  { name: 'helm-verify-shim', content: text(`engine ${version}`) },
  { name: 'helm', content: text(`gate ${version}`) },
]
/** All that lies under a folder: names, contents, modes. */
function tree(at: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(at, { recursive: true, encoding: 'utf8' })
      .map((name) => [name, lstatSync(join(at, name))] as const)
      .map(([name, stats]) => [
        name,
        stats.isFile() ? `${(stats.mode & 0o777).toString(8)} ${readFileSync(join(at, name), 'utf8')}` : 'other',
      ]),
  )
}

describe('installInto', () => {
  it('makes the folder, and puts programs and a manifest into it', async () => {
    expect(await installInto(folder, parts('1'), '1')).toBe('installed')
    const { [manifestName]: manifest, ...programs } = tree(folder)
    expect(programs).toEqual({ helm: '755 gate 1', 'helm-verify-shim': '755 engine 1' })
    expect(manifest).toContain('644')
  })

  it('changes nothing the second time', async () => {
    await installInto(folder, parts('1'), '1')
    const before = [tree(root), lstatSync(join(folder, 'helm')).ino]
    expect(await installInto(folder, parts('1'), '1')).toBe('unchanged')
    expect([tree(root), lstatSync(join(folder, 'helm')).ino]).toEqual(before)
  })

  it('replaces an earlier version', async () => {
    await installInto(folder, parts('1'), '1')
    expect(await installInto(folder, parts('2'), '2')).toBe('updated')
    expect(tree(folder)).toMatchObject({ helm: '755 gate 2', 'helm-verify-shim': '755 engine 2' })
  })

  it('removes what an earlier version had and this one has not, but nothing that is not ours', async () => {
    const caches = ['helm-verify-shim.000000000000.cache', 'helm-verify-shim.111111111111.cache'].map((name) => ({
      name,
      content: text(name),
      plain: true,
    }))
    await installInto(folder, [...caches, ...parts('1')], '1')
    expect(tree(folder)).toMatchObject({
      'helm-verify-shim.000000000000.cache': '644 helm-verify-shim.000000000000.cache',
    })
    writeFileSync(join(folder, 'helm-verify-shim.111111111111.cache'), 'of another')
    expect(await installInto(folder, parts('2'), '2')).toBe('updated')
    expect(Object.keys(tree(folder)).sort()).toEqual([
      manifestName,
      'helm',
      'helm-verify-shim',
      'helm-verify-shim.111111111111.cache',
    ])
  })

  it('puts back a file that is gone', async () => {
    await installInto(folder, parts('1'), '1')
    rmSync(join(folder, 'helm'))
    expect(await installInto(folder, parts('1'), '1')).toBe('updated')
    expect(tree(folder)).toMatchObject({ helm: '755 gate 1' })
  })

  it('takes over files that are already what it would put there', async () => {
    mkdirSync(folder, { recursive: true })
    for (const { name, content } of parts('1')) writeFileSync(join(folder, name), content.text)
    expect(await installInto(folder, parts('1'), '1')).toBe('installed')
    expect(isInstalledIn(folder)).toBe(true)
  })

  it('can be repeated after an update that was cut short between two files', async () => {
    await installInto(folder, parts('1'), '1')
    // The update can write neither: it stops with the manifest of both versions and the files of the first.
    const [engine] = parts('2')
    await expect(
      installInto(
        folder,
        [engine ?? { name: '', content: text('') }, { name: 'helm', content: { file: '/dev/null/x' } }],
        '2',
      ),
    ).rejects.toThrow()
    expect(await installInto(folder, parts('3'), '3')).toBe('updated')
    expect(tree(folder)).toMatchObject({ helm: '755 gate 3', 'helm-verify-shim': '755 engine 3' })
  })

  describe('refuses, and leaves the folder as it was, where', () => {
    it.each<[string, () => void]>([
      [
        'a real helm lies there',
        () => {
          writeFileSync(join(folder, 'helm'), 'real')
        },
      ],
      [
        'a link to a real helm lies there',
        () => {
          symlinkSync('/bin/true', join(folder, 'helm'))
        },
      ],
      [
        'a link that leads nowhere lies there',
        () => {
          symlinkSync('/nowhere', join(folder, 'helm'))
        },
      ],
      [
        'a folder has the name',
        () => {
          mkdirSync(join(folder, 'helm'))
        },
      ],
      [
        'the manifest is not to be read',
        () => {
          writeFileSync(join(folder, manifestName), '{}')
        },
      ],
    ])('%s', async (_, prepare) => {
      mkdirSync(folder, { recursive: true })
      prepare()
      const before = tree(root)
      await expect(installInto(folder, parts('1'), '1')).rejects.toThrow(
        /is not ours; nothing was installed|is not a list/,
      )
      expect(tree(root)).toEqual(before)
    })

    it('our own file was changed since', async () => {
      await installInto(folder, parts('1'), '1')
      writeFileSync(join(folder, 'helm'), 'edited')
      const before = tree(root)
      await expect(installInto(folder, parts('2'), '2')).rejects.toThrow(/is not ours/)
      expect(tree(root)).toEqual(before)
    })

    it('the folder is a file', async () => {
      writeFileSync(join(root, 'a'), '')
      await expect(installInto(folder, parts('1'), '1')).rejects.toThrow(/cannot install in/)
      expect(readdirSync(root)).toEqual(['a'])
    })

    it('a part cannot be read', async () => {
      const gone = [{ name: 'helm', content: { file: join(root, 'gone') } }]
      await expect(installInto(folder, gone, '1')).rejects.toThrow(/ENOENT/)
      expect(readdirSync(root)).toEqual([])
    })
  })
})

describe('uninstallFrom', () => {
  it('undoes an installation exactly, with the folders that it made', async () => {
    mkdirSync(join(root, 'a'))
    const before = tree(root)
    await installInto(folder, parts('1'), '1')
    expect(await uninstallFrom(folder)).toEqual({
      removed: ['helm', 'helm-verify-shim'],
      left: [],
      folders: [folder, join(root, 'a/b c')],
    })
    expect(tree(root)).toEqual(before)
  })

  it('undoes an update with the folders that the first installation made', async () => {
    await installInto(folder, parts('1'), '1')
    await installInto(folder, parts('2'), '2')
    await uninstallFrom(folder)
    expect(readdirSync(root)).toEqual([])
  })

  it('leaves what others put there', async () => {
    await installInto(folder, parts('1'), '1')
    writeFileSync(join(folder, 'other'), '')
    expect((await uninstallFrom(folder))?.folders).toEqual([])
    expect(readdirSync(folder)).toEqual(['other'])
  })

  it('leaves a file that was changed since, says so, and keeps the manifest for another try', async () => {
    await installInto(folder, parts('1'), '1')
    writeFileSync(join(folder, 'helm'), 'a real helm')
    const first = await uninstallFrom(folder)
    expect(first?.left).toEqual([{ name: 'helm', why: 'it was changed since' }])
    expect(readdirSync(folder).sort()).toEqual([manifestName, 'helm'])
    expect((await uninstallFrom(folder))?.left).toEqual(first?.left)
  })

  it('does nothing where nothing is installed', async () => {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'helm'), 'real')
    expect(await uninstallFrom(folder)).toBeUndefined()
    expect(existsSync(join(folder, 'helm'))).toBe(true)
  })

  it('removes no folder but its own and those above it, whatever the manifest says', async () => {
    await installInto(folder, parts('1'), '1')
    mkdirSync(join(root, 'empty'))
    const manifest = join(folder, manifestName)
    writeFileSync(
      manifest,
      readFileSync(manifest, 'utf8').replace('"folders": [', `"folders": [${JSON.stringify(join(root, 'empty'))},`),
    )
    await uninstallFrom(folder)
    expect(readdirSync(root)).toEqual(['empty'])
  })

  it('can be repeated after it was cut short', async () => {
    await installInto(folder, parts('1'), '1')
    rmSync(join(folder, 'helm'))
    expect((await uninstallFrom(folder))?.removed).toEqual(['helm-verify-shim'])
    expect(readdirSync(root)).toEqual([])
  })

  it('does not need the right to write to the files themselves', async () => {
    await installInto(folder, parts('1'), '1')
    chmodSync(join(folder, 'helm'), 0o555)
    expect((await uninstallFrom(folder))?.left).toEqual([])
  })
})
