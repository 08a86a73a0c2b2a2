import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { delimiter, dirname } from 'node:path'
import { describe, expect, it } from 'vitest'
import { which } from '../gate/shells.ts'
import { nodeFolder } from '../helpers/tools.ts'
import { Bed } from './bed.ts'

const outdated = (version: string) =>
  `helm-verify-shim: this is Node ${version}, and 22.15 or later is needed; nothing was run.\n` +
  'helm-verify-shim: next: put a newer Node first on PATH, or use the single executable, which needs none.\n'

/** Makes Node say that it is another version. */
function pretending(bed: Bed, version: string): NodeJS.ProcessEnv {
  const versions = `{ ...process.versions, node: '${version}' }`
  writeFileSync(bed.at('pretend.cjs'), `Object.defineProperty(process, 'versions', { value: ${versions} })`)
  return { NODE_OPTIONS: `--require=${JSON.stringify(bed.at('pretend.cjs'))}` }
}

describe('Node', () => {
  it('is asked for where PATH has none, and helm is not run', async () => {
    const bed = new Bed()
    bed.helm()
    // Some systems have a node among the system's programs.
    const env = { PATH: [bed.at('shim'), bed.at('real')].join(':') }
    const { code, stdout, stderr, helm } = await bed.run(['pull', 'x', '--untar'], { env })
    expect([code, stdout, helm]).toEqual([1, '', []])
    expect(stderr).toMatch(
      /^helm-verify-shim: Node is not on PATH, and this command needs it \(22\.15 or later\); nothing was run\.\n.*next: .*\n$/,
    )
  })

  it('is not asked for by what is passed through', async () => {
    const bed = new Bed()
    bed.helm()
    const env = { PATH: [bed.at('shim'), bed.at('real')].join(':') }
    expect(await bed.run(['version'], { env })).toMatchObject({ code: 0, stderr: '', helm: [{ words: ['version'] }] })
  })

  it.each(['22.14.0', '20.20.2', '18.0.0', '0.10.48'])('is refused where it is %s, in one line', async (version) => {
    const bed = new Bed()
    bed.helm()
    const { code, stderr, helm } = await bed.run(['pull', 'x', '--untar'], { env: pretending(bed, version) })
    expect([code, stderr, helm]).toEqual([1, outdated(version), []])
  })

  it.each(['22.15.0', '23.11.0', '24.0.0', '100.0.0'])('is taken where it is %s', async (version) => {
    const bed = new Bed()
    await bed.pulling()
    const { code, stderr } = await bed.run(['pull', 'x', '--untar'], { env: pretending(bed, version) })
    expect([code, stderr]).toEqual([0, ''])
  })

  const other = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== nodeFolder)
  const found = which(
    'node',
    other.filter((folder) => !folder.includes('node_modules')),
  )
  const version = found === undefined ? '' : execFileSync(found, ['--version'], { encoding: 'utf8' }).trim().slice(1)
  const isOld = found !== undefined && /^(1?\d|2[01])\./.test(version)
  it.runIf(isOld)(`is refused where it is really old: this machine’s ${version || 'is not'}`, async () => {
    const bed = new Bed()
    bed.helm()
    const env = { PATH: [bed.at('shim'), bed.at('real'), dirname(found ?? ''), '/usr/bin', '/bin'].join(':') }
    const { code, stderr, helm } = await bed.run(['pull', 'x', '--untar'], { env })
    expect([code, stderr, helm]).toEqual([1, outdated(version), []])
  })
})
