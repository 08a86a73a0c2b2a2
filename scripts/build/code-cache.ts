import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { create } from 'tar'
import { cacheName, compileScript, runScripts, scriptNames, type Scripts } from './engine.ts'

/**
 * Makes V8's code caches of the engine's scripts for the Node that runs this, after the engine has done its work once:
 * a split pull and a bridged command, with a helm that copies a chart. Another Node ignores them, and compiles by itself.
 * @param out the folder where they are written, under the names that the scripts give them
 */
export async function writeCodeCaches(scripts: Scripts, out: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'helm-verify-shim-build-'))
  try {
    mkdirSync(join(folder, 'demo'))
    writeFileSync(join(folder, 'demo/Chart.yaml'), 'apiVersion: v2\nname: demo\nversion: 0.1.0\ndescription: warm\n')
    await create({ gzip: true, file: join(folder, 'demo-0.1.0.tgz'), cwd: folder }, ['demo'])
    const helm = `#!/bin/sh\nfor a; do case $a in --destination=*) cp '${folder}/demo-0.1.0.tgz' "\${a#*=}" ;; esac; done\n`
    writeFileSync(join(folder, 'helm'), helm, { mode: 0o755 })
    for (const name of scriptNames) writeFileSync(join(folder, `${name}.js`), scripts[name])
    writeFileSync(join(folder, 'warm.cjs'), warm)
    const env = { ...process.env, XDG_STATE_HOME: join(folder, 'state'), TMPDIR: folder, NODE_OPTIONS: '' }
    execFileSync(process.execPath, [join(folder, 'warm.cjs'), folder], { env, stdio: ['ignore', 'ignore', 'pipe'] })
    for (const name of scriptNames) {
      const cache = join(folder, `${name}.cache`)
      if (!existsSync(cache)) throw new Error('the engine ended before its code cache was written')
      copyFileSync(cache, join(out, cacheName(scripts[name])))
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const warm = `
const fs = require('node:fs'), folder = process.argv[2]
const names = ${JSON.stringify(scriptNames)}
const scripts = names.map((name) => (${compileScript})(fs.readFileSync(folder + '/' + name + '.js', 'latin1')))
// Becoming helm would end this process before the caches are written: the engine then runs helm as a child.
process.execve = undefined
const asHelm = ['as-helm', folder + '/helm']
const work = [
  ['--version'],
  [...asHelm, 'pull', 'r/demo', '--untar', '--verify', '--keyring', folder + '/helm', '-d', folder + '/out'],
  [...asHelm, 'template', folder + '/out/demo', '--verify', '--keyring', folder + '/helm'],
]
function next() {
  const argv = work.shift()
  if (!argv) {
    return names.forEach((name, i) => fs.writeFileSync(folder + '/' + name + '.cache', scripts[i].createCachedData()))
  }
  process.argv = [process.execPath, 'helm-verify-shim', ...argv]
  process.once('beforeExit', next)
  ;(${runScripts})((i) => scripts[i], require)
}
next()
`
