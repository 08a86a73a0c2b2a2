import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const kept = join(import.meta.dirname, '../../.tools/musl/ld-musl-x86_64.so.1')
const system = '/lib/ld-musl-x86_64.so.1'

/**
 * A musl that the executable for Alpine runs with: 1.2.4 or later, since the libraries of its Node have relative
 * relocations (DT_RELR), which 1.2.3 skips, to crash later. Debian 12 has 1.2.3; so there the package of Debian 13 is
 * unpacked, once.
 * @returns undefined where there is none to be had
 */
export function muslLoader(): string | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined
  if (existsSync(kept)) return kept
  if (existsSync(system) && isNewEnough()) return system
  try {
    download()
    return kept
  } catch {
    return undefined
  }
}

function isNewEnough(): boolean {
  // It prints its version, and ends with 1, as it got no program.
  const shown = execFileSync('sh', ['-c', `${system} 2>&1; true`], { encoding: 'utf8' })
  const [, minor = 0, patch = 0] = (/Version (\d+)\.(\d+)\.(\d+)/.exec(shown) ?? []).slice(1).map(Number)
  return minor > 2 || (minor === 2 && patch >= 4)
}

/** By apt, with lists of its own, so that the system's stay as they are. */
function download(): void {
  const folder = mkdtempSync(join(tmpdir(), 'musl-'))
  try {
    for (const name of ['sources', 'lists/partial', 'cache/archives/partial'])
      mkdirSync(join(folder, name), { recursive: true })
    const source = ['Types: deb', 'URIs: http://deb.debian.org/debian', 'Suites: trixie', 'Components: main']
    const key = 'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg'
    writeFileSync(join(folder, 'sources/trixie.sources'), [...source, key, ''].join('\n'))
    const settings = {
      'Dir::Etc::sourcelist': '/dev/null',
      'Dir::Etc::sourceparts': join(folder, 'sources'),
      'Dir::State::lists': join(folder, 'lists'),
      'Dir::Cache': join(folder, 'cache'),
    }
    const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`])
    execFileSync('apt-get', [...options, 'update'], { stdio: 'ignore' })
    execFileSync('apt-get', [...options, 'download', 'musl'], { cwd: folder, stdio: 'ignore' })
    const file = readdirSync(folder).find((name) => name.endsWith('.deb')) ?? ''
    execFileSync('dpkg', ['-x', join(folder, file), join(folder, 'unpacked')])
    mkdirSync(join(kept, '..'), { recursive: true })
    cpSync(join(folder, 'unpacked/usr/lib/x86_64-linux-musl/libc.so'), kept)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
