import { execFile } from 'node:child_process'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as table from '../../src/argv/flag-table.ts'
import { readHelmLine } from '../../src/argv/read.ts'
import { helmEnv } from '../../scripts/flags/collect.ts'
import { mergeFlags } from '../../scripts/flags/table.ts'
import { askOracle } from '../../scripts/fuzz/command-lines/oracle.ts'
import type { OracleReading } from '../../scripts/fuzz/command-lines/oracle.ts'
import { compareLines, subjects } from '../../scripts/fuzz/command-lines/run.ts'
import type { Subject } from '../../scripts/fuzz/command-lines/run.ts'

const bin = process.env['TOOLS_BIN'] ?? join(import.meta.dirname, '../../.tools/bin')
const folder = mkdtempSync(join(tmpdir(), 'command-lines-'))
const home = join(folder, 'home')
let helms: Subject[]
let server: Server

beforeAll(async () => {
  mkdirSync(home)
  helms = await subjects(bin)
  mkdirSync(join(folder, 'demo/templates'), { recursive: true })
  writeFileSync(join(folder, 'demo/Chart.yaml'), 'apiVersion: v2\nname: demo\nversion: 0.1.0\n')
  const said = 'dict "release" .Release.Name "namespace" .Release.Namespace "a" (.Values.a | default "" | toString)'
  writeFileSync(join(folder, 'demo/templates/said.yaml'), `said: {{ ${said} | toJson | quote }}\n`)
  for (const name of ['v.yaml', 'nginx.yaml']) writeFileSync(join(folder, name), `a: from ${name}\n`)
  await run('helm3', ['package', 'demo'])
  const packed = readFileSync(join(folder, 'demo-0.1.0.tgz'))
  server = createServer((request, response) => {
    if (request.url === '/demo-0.1.0.tgz') response.end(packed)
    else response.writeHead(404).end()
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
})

afterAll(() => {
  server.close()
  rmSync(folder, { recursive: true, force: true })
})

it('the committed table is what helm 3.7, 3.22 and 4.3 say now', () => {
  expect(mergeFlags(helms.map(({ flags }) => flags))).toEqual({ ...table })
})

describe('generated command lines are read as cobra and pflag read them, or left to helm', () => {
  it.each(['helm3.7', 'helm3', 'helm4'])('%s: 6,000 lines', async (name) => {
    const subject = helms.find((helm) => helm.name === name)
    if (!subject) throw new Error(`no ${name}`)
    const { wrong, kinds, left, edits } = await compareLines(subject, helms, 6_000, 20_260_801)
    console.log(`${name}: ${JSON.stringify({ ...kinds, left, edits })}`)
    expect(wrong).toEqual([])
    // Both ways it would be worthless: a generator of nonsense, and a reader that shies away.
    expect(kinds.same).toBeGreaterThan(3_000)
    expect(kinds.left).toBeLessThan(600)
    expect(edits.refused).toBeLessThan(edits.done / 100)
  })
})

// URL, CHART and OUT are put in. What becomes of each is foretold from the oracle's reading, then helm is run.
const lines = `
pull URL -d OUT
pull URL -dOUT
pull URL -d=OUT
pull -d OUT URL --untar
-d OUT pull URL --untar
--untar=true pull URL -d OUT
pull URL --untar=false -d OUT
pull URL --untar=0 --untar -d nowhere --destination=OUT
pull URL --untar --untar=F --destination OUT
pull URL --untar --untardir OUT/deeper
pull URL --untar --untardir sub -dOUT
pull URL -d OUT --version --untar
pull --untar -d OUT -- URL
fetch URL --untar -d OUT
--debug fetch --untar URL -d OUT
-n pull pull URL -d OUT
pull URL --verify -d OUT
pull URL --verify=false --untar -d OUT
pull URL --verify=T -d OUT
template rel CHART
template rel CHART -nspace
template rel CHART -n=space
template rel CHART -n space --namespace last
-n space template rel CHART --set a=1
--namespace template template rel CHART
template rel CHART --set a=1 --set a=2
template rel CHART -fnginx.yaml
template rel CHART -f=nginx.yaml
template rel CHART -f v.yaml
template rel -fv.yaml CHART
template CHART -gn space --name-template fixed
template -- rel CHART
template rel CHART --set=a=--untar
template rel CHART --set-string a= --dry-run
template rel CHART --description --namespace
template rel CHART --timeout 5m --wait
template rel CHART -test.v
pull URL --untar=yes
pull URL --untar true --bogus
pull URL -Z
pull URL -gd OUT
pull URL -d
pull URL --destination
pull URL ---x
pull URL --=
pull URL -d=OUT -=
template rel CHART --timeout soon
template rel CHART --history-max 08
--untar pull URL
--verify template rel CHART
-gd pull OUT
pul URL
pull -h
pull URL --help --untar
pull URL --verify=0 -h=true
template rel CHART --help=false
show
show nothing
dep
--debug
`
  .trim()
  .split('\n')

describe('the oracle foretells what the real helm does', () => {
  it.each(['helm3.7', 'helm3', 'helm4'])(`%s: ${lines.length} lines`, async (name) => {
    const subject = helms.find((helm) => helm.name === name)
    if (!subject) throw new Error(`no ${name}`)
    const { port } = server.address() as AddressInfo
    const argvs = lines.map((line, at) => {
      const out = join(folder, `${name}-${at}`)
      mkdirSync(out)
      const words = line.replaceAll('OUT', out).replaceAll('CHART', join(folder, 'demo'))
      return words.replaceAll('URL', `http://127.0.0.1:${port}/demo-0.1.0.tgz`).split(' ')
    })
    const readings = await askOracle(subject.oracle, subject.flags, argvs)
    const expected: unknown[] = []
    const found: unknown[] = []
    for (const [at, argv] of argvs.entries()) {
      const reading = readings[at]
      if (!reading) throw new Error('no reading')
      expected.push([lines[at], foretold(reading)])
      found.push([lines[at], seen(await run(name, argv), reading)])
      const ours = readHelmLine(argv)
      if (ours.kind === 'read') expect(ours.line.command).toBe(reading.command)
    }
    expect(found).toEqual(expected)
    const counts = { refused: readings.filter(({ error }) => error !== undefined).length, of: readings.length }
    expect(counts.refused).toBeGreaterThan(15)
    expect(counts.of - counts.refused).toBeGreaterThan(30)
  })
})

interface Done {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** What the oracle's reading lets us expect of helm. */
function foretold(reading: OracleReading): unknown {
  if (reading.error === 'help') return { help: true }
  if (reading.error !== undefined) return { error: reading.error.split('\n', 1)[0] }
  const all = [...(reading.early ?? []), ...(reading.flags ?? [])]
  const last = (name: string) => all.findLast(([flag]) => flag === name)?.[1]
  const on = (name: string) => /^(1|t|true)$/i.test(last(name) ?? '')
  if (reading.command === 'pull') {
    if (on('verify')) return { unsigned: true }
    return {
      file: on('untar')
        ? join(untarDirectory(last), 'demo/Chart.yaml')
        : join(last('destination') ?? '.', 'demo-0.1.0.tgz'),
    }
  }
  const release = last('name-template') ?? reading.positionals?.[0]
  const values = last('values')
  const set = all
    .filter(([name]) => name === 'set' || name === 'set-string')
    .at(-1)?.[1]
    .replace('a=', '')
  return { release, namespace: last('namespace') ?? 'default', a: set ?? (values ? `from ${values}` : '') }
}

// helm: pkg/action/pull.go
function untarDirectory(last: (name: string) => string | undefined): string {
  const own = last('untardir') ?? '.'
  return own.startsWith('/') ? own : join(last('destination') ?? '.', own)
}

/** The same of what helm did. */
function seen({ code, stdout, stderr }: Done, reading: OracleReading): unknown {
  if (reading.error === 'help') return { help: code === 0 && stdout.includes('Usage:') }
  const error = /^Error: (.*)/m.exec(stderr)?.[1]
  if (reading.error !== undefined) return { error, ...(code === 0 ? { code } : {}) }
  if (reading.command === 'pull') {
    if (code !== 0) return { unsigned: /provenance|\.prov/.test(stderr) }
    const { file } = foretold(reading) as { file?: string }
    return { file: file && existsSync(resolve(folder, file)) ? file : { stderr, found: readdirSync(folder) } }
  }
  const said = /^said: (".*")$/m.exec(stdout)?.[1]
  return said === undefined ? { code, stdout, stderr } : JSON.parse(JSON.parse(said) as string)
}

function run(helm: string, argv: readonly string[]): Promise<Done> {
  return new Promise((done) => {
    execFile(join(bin, helm), argv, { cwd: folder, env: helmEnv(home) }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1
      done({ code, stdout, stderr })
    })
  })
}
