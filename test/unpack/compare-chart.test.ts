import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { chartMetadata } from '../../src/unpack/chart-metadata.ts'
import { compareChart } from '../../src/unpack/compare-chart.ts'
import { unpackChart } from '../../src/unpack/unpack-chart.ts'
import { CHART_YAML, chart, entry, file } from '../helpers/evil-archives-build.ts'

let scratch = ''
let directory = ''
let archive = ''

const helmVersion = () => Promise.resolve({ major: 3, minor: 22, patch: 0 })

async function unpacked(tgz: Buffer): Promise<void> {
  archive = join(scratch, 'demo-0.1.0.tgz')
  writeFileSync(archive, tgz)
  const target = join(scratch, 'out')
  ;({ directory } = await unpackChart({ archive, target, targetAsGiven: target, referenceName: 'demo', helmVersion }))
}

const compare = async (): Promise<string[]> =>
  (await compareChart({ archive, directory, helmVersion })).map(({ path, change }) => `${change} ${path}`)

beforeEach(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'hvs-compare-'))
  await unpacked(
    chart(
      file('demo/values.yaml', 'a: 1\n'),
      file('demo/templates/a.yaml', 'a\n'),
      file('demo/templates/b.yaml', 'b\n'),
      file('demo/bom', '\ufeffbom'),
      file('demo/large', 'x'.repeat(300_000)),
      file('demo/twice', 'first'),
      file('demo/twice', 'last'),
    ),
  )
})

afterEach(() => {
  rmSync(scratch, { recursive: true, force: true })
})

const at = (path: string): string => join(directory, path)

describe('when a directory is compared with its packed chart', () => {
  it('what was just unpacked is equal', async () => {
    expect(await compare()).toEqual([])
  })

  it('modes, times and directories without files do not count', async () => {
    chmodSync(at('values.yaml'), 0o755)
    chmodSync(at('templates'), 0o700)
    utimesSync(at('bom'), 1, 1)
    mkdirSync(at('empty/inside'), { recursive: true })
    expect(await compare()).toEqual([])
  })

  it.each<[string, () => void, string[]]>([
    [
      'a byte changed',
      () => {
        writeFileSync(at('values.yaml'), 'a: 2\n')
      },
      ['altered values.yaml'],
    ],
    [
      'a byte added',
      () => {
        appendFileSync(at('values.yaml'), '\n')
      },
      ['altered values.yaml'],
    ],
    [
      'a byte taken away',
      () => {
        writeFileSync(at('values.yaml'), 'a: 1')
      },
      ['altered values.yaml'],
    ],
    [
      'emptied',
      () => {
        writeFileSync(at('values.yaml'), '')
      },
      ['altered values.yaml'],
    ],
    [
      'a byte changed far inside',
      () => {
        writeFileSync(at('large'), `${'x'.repeat(250_000)}y${'x'.repeat(49_999)}`)
      },
      ['altered large'],
    ],
    [
      'the first of two equal names',
      () => {
        writeFileSync(at('twice'), 'first')
      },
      ['altered twice'],
    ],
    [
      'the byte order mark put back',
      () => {
        writeFileSync(at('bom'), '\ufeffbom')
      },
      ['altered bom'],
    ],
    [
      'a file added',
      () => {
        writeFileSync(at('templates/c.yaml'), '')
      },
      ['added templates/c.yaml'],
    ],
    [
      'a file added in a new directory',
      () => {
        mkdirSync(at('crds'))
        writeFileSync(at('crds/x'), '')
      },
      ['added crds/x'],
    ],
    [
      'a file removed',
      () => {
        rmSync(at('templates/a.yaml'))
      },
      ['removed templates/a.yaml'],
    ],
    [
      'a directory removed',
      () => {
        rmSync(at('templates'), { recursive: true })
      },
      ['removed templates/a.yaml', 'removed templates/b.yaml'],
    ],
    [
      'a file renamed',
      () => {
        renameSync(at('bom'), at('mob'))
      },
      ['removed bom', 'added mob'],
    ],
    [
      'a link added',
      () => {
        symlinkSync('values.yaml', at('link'))
      },
      ['added link'],
    ],
    [
      'a link to the same content',
      () => {
        renameSync(at('bom'), join(scratch, 'bom'))
        symlinkSync('../../bom', at('bom'))
      },
      ['replaced bom'],
    ],
    [
      'a link to nothing',
      () => {
        rmSync(at('bom'))
        symlinkSync('nowhere', at('bom'))
      },
      ['replaced bom'],
    ],
    [
      'a directory for a file',
      () => {
        rmSync(at('bom'))
        mkdirSync(at('bom'))
      },
      ['replaced bom'],
    ],
    [
      'a pipe for a file',
      () => {
        rmSync(at('bom'))
        execFileSync('mkfifo', [at('bom')])
      },
      ['replaced bom'],
    ],
    [
      'a file for a directory',
      () => {
        rmSync(at('templates'), { recursive: true })
        writeFileSync(at('templates'), '')
      },
      ['replaced templates', 'removed templates/a.yaml', 'removed templates/b.yaml'],
    ],
    [
      'a link to the same directory',
      () => {
        renameSync(at('templates'), join(scratch, 't'))
        symlinkSync('../../t', at('templates'))
      },
      ['replaced templates', 'removed templates/a.yaml', 'removed templates/b.yaml'],
    ],
    [
      'names of other letters',
      () => {
        writeFileSync(Buffer.from(`${directory}/\xff\n`, 'latin1'), '')
      },
      ['added \ufffd\n'],
    ],
  ])('%s', async (_, change, differences) => {
    change()
    expect(await compare()).toEqual(differences)
  })

  it('a pipe that was added is not read', async () => {
    execFileSync('mkfifo', [at('pipe')])
    expect(await compare()).toEqual(['added pipe'])
  })

  it('names that are not UTF-8 are compared byte by byte', async () => {
    rmSync(join(scratch, 'out'), { recursive: true })
    await unpacked(
      chart(file('demo/\xff', '1'), file('demo/\xfe', '2'), entry({ name: 'demo/l', type: '2', link: 'x' })),
    )
    expect(await compare()).toEqual([])
    writeFileSync(Buffer.from(`${directory}/\xfe`, 'latin1'), '3')
    expect(await compare()).toEqual(['altered \ufffd'])
  })

  it('a directory that is not there, or an archive that helm refuses, is an error', async () => {
    const request = { archive, directory: join(scratch, 'nowhere'), helmVersion }
    await expect(compareChart(request)).rejects.toMatchObject({ name: 'UnpackError', code: 'io' })
    writeFileSync(archive, chart(file('demo/../x')))
    await expect(compareChart({ ...request, directory })).rejects.toMatchObject({ name: 'UnpackError', code: 'path' })
    await expect(compareChart({ ...request, directory, signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'aborted',
    })
  })
})

it('the name and version of a packed chart can be had alone', async () => {
  expect(await chartMetadata({ archive, helmVersion })).toEqual({ name: 'demo', version: '0.1.0' })
  writeFileSync(archive, chart(file('demo/Chart.yaml', CHART_YAML.replace('demo', '..'))))
  await expect(chartMetadata({ archive, helmVersion })).rejects.toMatchObject({ code: 'chart-yaml' })
})
