import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeChart } from '../helpers/charts.ts'
import { MatrixBed } from '../helpers/matrix-bed.ts'
import { unpack, type Unpacked } from '../helpers/matrix-unpacked.ts'
import { helms } from '../helpers/tools.ts'

// A directory from a verified pull that is not what was pulled any more: no command may use it, asked to verify or not.
let bed: MatrixBed

beforeAll(async () => {
  bed = await new MatrixBed().start()
  const archive = await makeChart(bed.sandbox.at('rich'), 'rich', 'signed', bed.signers, {
    subcharts: ['sub'],
    files: 20,
  })
  await bed.registry.push(archive)
})

afterAll(async () => {
  await bed.stop()
})

const evil = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}-evil\n'

/** What may be done to a directory, and what is said of it. */
const changes: Record<string, [(directory: string) => void, string]> = {
  'a file altered': [
    (d) => {
      writeFileSync(join(d, 'values.yaml'), 'greeting: evil\n')
    },
    'altered: values.yaml',
  ],
  'a file altered, as long as before': [
    (d) => {
      writeFileSync(join(d, 'values.yaml'), 'greeting: hellO\n')
    },
    'altered: values.yaml',
  ],
  'a byte appended': [
    (d) => {
      writeFileSync(join(d, 'values.yaml'), '\n', { flag: 'a' })
    },
    'altered: values.yaml',
  ],
  'a file emptied': [
    (d) => {
      writeFileSync(join(d, 'values.yaml'), '')
    },
    'altered: values.yaml',
  ],
  'a file added': [
    (d) => {
      writeFileSync(join(d, 'templates/evil.yaml'), evil)
    },
    'added: templates/evil.yaml',
  ],
  'a file in a new directory': [
    (d) => {
      mkdirSync(join(d, 'new'))
      writeFileSync(join(d, 'new/file'), '')
    },
    'added: new/file',
  ],
  'a subchart added': [
    (d) => {
      cpSync(join(d, 'charts/sub'), join(d, 'charts/evil'), { recursive: true })
    },
    'added: charts/evil/Chart.yaml',
  ],
  'a file removed': [
    (d) => {
      rmSync(join(d, 'templates/configmap.yaml'))
    },
    'removed: templates/configmap.yaml',
  ],
  'a directory removed': [
    (d) => {
      rmSync(join(d, 'charts'), { recursive: true })
    },
    'removed: charts/sub/Chart.yaml',
  ],
  'a file renamed': [
    (d) => {
      renameSync(join(d, 'values.yaml'), join(d, 'Values.yaml'))
    },
    'removed: values.yaml',
  ],
  'a file replaced by a link to an equal file': [
    (d) => {
      renameSync(join(d, 'values.yaml'), join(d, '../values.yaml'))
      symlinkSync('../values.yaml', join(d, 'values.yaml'))
    },
    'replaced: values.yaml',
  ],
  'a directory replaced by a link to an equal one': [
    (d) => {
      renameSync(join(d, 'templates'), join(d, '../templates'))
      symlinkSync('../templates', join(d, 'templates'))
    },
    'templates',
  ],
  'a file replaced by a directory': [
    (d) => {
      rmSync(join(d, 'values.yaml'))
      mkdirSync(join(d, 'values.yaml'))
    },
    'values.yaml',
  ],
  'the chart replaced by a link to a changed copy': [
    (d) => {
      renameSync(d, `${d}-real`)
      writeFileSync(join(`${d}-real`, 'templates/evil.yaml'), evil)
      symlinkSync(`${d}-real`, d)
    },
    'is not what was pulled any more',
  ],
  'the folder above replaced by a link': [
    (d) => {
      renameSync(join(d, '..'), join(d, '../../moved'))
      symlinkSync('moved', join(d, '..'))
      writeFileSync(join(d, 'templates/evil.yaml'), evil)
    },
    'replaced: .',
  ],
  'a .helmignore added': [
    (d) => {
      writeFileSync(join(d, '.helmignore'), 'templates/*\n')
    },
    'added: .helmignore',
  ],
}

describe.each(helms)('%s', (helm) => {
  it.each(Object.keys(changes))('refuses: %s', async (name) => {
    const [change, said] = changes[name] ?? []
    const unpacked = await unpack(bed, helm, 'rich')
    change?.(unpacked.directory)
    for (const args of [unpacked.upgrade, [...unpacked.upgrade, ...unpacked.verify]]) {
      const { code, stdout, stderr } = await unpacked.helm(args)
      expect([code, stdout]).toEqual([1, ''])
      expect(stderr).toContain(said)
      expect(stderr).toContain('is not what was pulled any more (rich 0.1.0 from oci://')
      expect(stderr).toMatch(/next: delete that directory and pull the chart again/)
      expect(stderr).toMatch(/helm was not run/)
    }
    expect(unpacked.calls().filter((call) => !call.startsWith('version'))).toEqual([])
    expect(await unpacked.place.deployed()).toEqual([])
    // As the message says.
    for (const path of [unpacked.directory, join(unpacked.directory, '../rich:0.1.0')])
      rmSync(path, { recursive: true, force: true })
    expect((await unpacked.pull()).code).toBe(0)
    expect((await unpacked.helm(unpacked.upgrade)).code).toBe(0)
  })

  describe('a changed directory', () => {
    let unpacked: Unpacked
    beforeAll(async () => {
      unpacked = await unpack(bed, helm, 'rich')
      changes['a file added']?.[0](unpacked.directory)
      symlinkSync(unpacked.directory, join(unpacked.place.folder, 'link'))
      symlinkSync('out', join(unpacked.place.folder, 'link above'))
    })

    const lines: Record<string, (u: Unpacked) => string[]> = {
      upgrade: (u) => ['upgrade', 'demo', u.directory],
      install: (u) => ['install', 'demo', u.directory],
      'install --dry-run': (u) => ['install', 'demo', u.directory, '--dry-run=client'],
      template: (u) => ['template', 'demo', u.directory],
      'template --verify': (u) => ['template', 'demo', u.directory, ...u.verify],
      'template --verify=false': (u) => ['template', 'demo', u.directory, '--verify=false'],
      lint: (u) => ['lint', u.directory],
      'lint of several': (u) => ['lint', u.bed.sandbox.at('charts/source signed/signed'), u.directory],
      package: (u) => ['package', u.directory],
      'show values': (u) => ['show', 'values', u.directory],
      'inspect all': (u) => ['inspect', 'all', u.directory],
      verify: (u) => ['verify', u.directory, '--keyring', u.bed.signers.keyring],
      'dependency build': (u) => ['dependency', 'build', u.directory],
      'dep list': (u) => ['dep', 'list', u.directory],
      'dependency update': (u) => ['dependency', 'update', u.directory],
      push: (u) => ['push', u.directory, 'oci://127.0.0.1:1/x'],
      'flags in front': (u) => ['--debug', '-n', 'x', 'template', '--set', 'a=b', 'demo', u.directory],
      'behind --': (u) => ['template', 'demo', '--', u.directory],
      'an unknown flag': (u) => ['template', 'demo', u.directory, '--no-such-flag'],
      'an unknown command': (u) => ['frobnicate', u.directory],
      'a flag’s value': (u) => ['frobnicate', `--chart=${u.directory}`],
      'its subchart': (u) => ['template', 'demo', join(u.directory, 'charts/sub')],
      'its templates': (u) => ['lint', join(u.directory, 'templates')],
      'a relative path': () => ['template', 'demo', 'out/rich'],
      'a path with dots': () => ['template', 'demo', './out/../out//rich/.'],
      'a link': () => ['template', 'demo', 'link'],
      'a link above': () => ['template', 'demo', 'link above/rich'],
      'white space around': (u) => ['template', 'demo', ` ${u.directory}\t`],
    }

    it.each(Object.keys(lines))('is refused: %s', async (name) => {
      unpacked.calls()
      const args = lines[name]?.(unpacked) ?? []
      const { code, stdout, stderr } = await unpacked.helm(args, { cwd: unpacked.place.folder })
      expect([code, stdout]).toEqual([1, ''])
      expect(stderr).toContain('added: templates/evil.yaml')
      expect(unpacked.calls().filter((call) => !call.startsWith('version'))).toEqual([])
    })

    it('is refused as the current directory', async () => {
      for (const args of [
        ['lint'],
        ['template', 'demo', '.'],
        ['lint', './'],
        ['dependency', 'list'],
        ['dep', 'build'],
      ]) {
        const { code, stderr } = await unpacked.helm(args, { cwd: unpacked.directory })
        expect([args.join(' '), code, stderr]).toEqual([args.join(' '), 1, expect.stringContaining('evil.yaml')])
      }
      const sub = await unpacked.helm(['lint'], { cwd: join(unpacked.directory, 'charts/sub') })
      expect([sub.code, sub.stderr]).toEqual([1, expect.stringContaining('evil.yaml')])
    })

    it('is left alone by commands that do not name it', async () => {
      expect((await unpacked.helm(['version', '--short'], { cwd: unpacked.directory })).code).toBe(0)
      expect((await unpacked.helm(['list', '-n', 'x'], { cwd: unpacked.place.folder })).code).toBe(0)
    })

    it('is used with HELM_VERIFY_SHIM_OFF=1, as by helm alone', async () => {
      const env = { HELM_VERIFY_SHIM_OFF: '1' }
      const { code, stdout } = await unpacked.helm(['template', 'demo', unpacked.directory], { env })
      expect([code, stdout]).toEqual([0, expect.stringContaining('name: demo-evil')])
    })
  })

  it('names ten files, and says how many more there are', async () => {
    const unpacked = await unpack(bed, helm, 'rich')
    for (let index = 10; index < 25; index++) writeFileSync(join(unpacked.directory, `more-${index}`), '')
    const { stderr } = await unpacked.helm(['template', 'demo', unpacked.directory])
    expect(stderr.split('\n').filter((line) => line.includes('added: more-'))).toHaveLength(10)
    expect(stderr).toContain('… and 5 more')
  })

  it('does not take modes, times or empty directories for changes', async () => {
    const unpacked = await unpack(bed, helm, 'rich')
    mkdtempSync(join(unpacked.directory, 'empty-'))
    expect((await unpacked.helm(['template', 'demo', unpacked.directory])).code).toBe(0)
  })

  it('does not look at a directory that no verified pull has made', async () => {
    const unpacked = await unpack(bed, helm, 'rich', { verify: false })
    writeFileSync(join(unpacked.directory, 'templates/mine.yaml'), evil)
    const { code, stdout } = await unpacked.helm(['template', 'demo', unpacked.directory])
    expect([code, stdout]).toEqual([0, expect.stringContaining('name: demo-evil')])
  })
})

describe('helm diff', () => {
  it('is refused a changed directory, and shows a good one', async () => {
    const unpacked = await unpack(bed, 'helm3', 'rich')
    const args = ['diff', ...unpacked.upgrade]
    const shown = await unpacked.helm(args)
    expect([shown.code, shown.stdout]).toEqual([0, expect.stringContaining('demo-rich')])
    writeFileSync(join(unpacked.directory, 'templates/evil.yaml'), evil)
    const refused = await unpacked.helm(args)
    expect([refused.code, refused.stdout]).toEqual([1, ''])
    expect(refused.stderr).toContain('added: templates/evil.yaml')
  })
})
