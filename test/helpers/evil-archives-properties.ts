import { lstatSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { MAX_CHART_SIZE } from '../../src/unpack/limits.ts'
import { UnpackError } from '../../src/unpack/unpack-error.ts'
import { compareChart } from '../../src/unpack/compare-chart.ts'
import { unpackChart } from '../../src/unpack/unpack-chart.ts'

/** No archive of the fuzzer's size may take longer. */
const MAX_MILLISECONDS = 10_000

/**
 * Unpacks an archive into a fresh folder and says which promise it broke, if any: nothing outside the target, only
 * files and directories, limits kept, only UnpackErrors, nothing left on failure, no hang, and what was unpacked equals
 * its archive. `scratch` must be an empty directory; it is empty again afterwards.
 */
export async function brokenPromise(
  archive: Buffer,
  scratch: string,
): Promise<{ unpacked: boolean; broken: string | undefined }> {
  const packed = join(scratch, 'demo-0.1.0.tgz')
  const home = join(scratch, 'home')
  const target = join(home, 'parent', 'target')
  mkdirSync(home)
  writeFileSync(packed, archive)
  const started = performance.now()
  const request = { archive: packed, helmVersion: () => Promise.resolve({ major: 4, minor: 3, patch: 0 }) }
  try {
    let unpacked = true
    let broken: string | undefined
    try {
      const chart = await unpackChart({ ...request, target, targetAsGiven: target, referenceName: 'demo' })
      broken = outside(scratch, home, target, chart.name) ?? wrongInside(join(target, chart.name), chart.files)
      const differences = await compareChart({ ...request, directory: chart.directory })
      if (differences[0] !== undefined) broken ??= `${differences[0].path} is ${differences[0].change}`
    } catch (error) {
      unpacked = false
      if (!(error instanceof UnpackError)) broken = `threw ${String(error)}`
      else if (readdirSync(home).length > 0) broken = `left ${readdirSync(home).join(', ')} (${error.message})`
    }
    const took = performance.now() - started
    if (took > MAX_MILLISECONDS) broken ??= `took ${took} ms`
    return { unpacked, broken }
  } finally {
    rmSync(home, { recursive: true, force: true })
    rmSync(packed)
  }
}

function outside(scratch: string, home: string, target: string, name: string): string | undefined {
  const expected: [string, string[]][] = [
    [scratch, ['demo-0.1.0.tgz', 'home']],
    [home, ['parent']],
    [join(home, 'parent'), ['target']],
    [target, [...new Set(['demo', name])]],
  ]
  for (const [directory, names] of expected) {
    const found = readdirSync(directory).sort()
    if (found.join('\0') !== names.sort().join('\0')) return `${directory} holds ${found.join(', ')}`
  }
  return undefined
}

function wrongInside(directory: string, files: number): string | undefined {
  let size = 0
  let count = 0
  const walk = (path: Buffer): string | undefined => {
    for (const name of readdirSync(path, { encoding: 'buffer' })) {
      const inner = Buffer.concat([path, Buffer.from('/'), name])
      const stat = lstatSync(inner)
      if (stat.isDirectory()) {
        const wrong = walk(inner)
        if (wrong !== undefined) return wrong
      } else if (!stat.isFile() || stat.nlink !== 1 || (stat.mode & 0o7133) !== 0) {
        return `${inner.toString('latin1')} is no plain file`
      }
      size += stat.isFile() ? stat.size : 0
      count += stat.isFile() ? 1 : 0
    }
    return undefined
  }
  const wrong = walk(Buffer.from(directory))
  if (wrong !== undefined) return wrong
  if (count !== files) return `${count} files, not ${files}`
  return size >= MAX_CHART_SIZE ? `${size} bytes` : undefined
}
