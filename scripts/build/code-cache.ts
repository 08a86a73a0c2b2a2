import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { create } from 'tar'

/**
 * Makes V8's code cache of the engine for the Node that runs this, after the engine has done its work once: a split
 * pull and a bridged command, with a helm that copies a chart. Another Node ignores it, and compiles by itself.
 * @param engine the engine as one function expression
 * @param file where the cache is written
 */
export async function writeCodeCache(engine: string, file: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'helm-verify-shim-build-'))
  try {
    mkdirSync(join(folder, 'demo'))
    writeFileSync(join(folder, 'demo/Chart.yaml'), 'apiVersion: v2\nname: demo\nversion: 0.1.0\ndescription: warm\n')
    await create({ gzip: true, file: join(folder, 'demo-0.1.0.tgz'), cwd: folder }, ['demo'])
    const helm = `#!/bin/sh\nfor a; do case $a in --destination=*) cp '${folder}/demo-0.1.0.tgz' "\${a#*=}" ;; esac; done\n`
    writeFileSync(join(folder, 'helm'), helm, { mode: 0o755 })
    writeFileSync(join(folder, 'engine.js'), engine)
    writeFileSync(join(folder, 'warm.cjs'), warm)
    const env = { ...process.env, XDG_STATE_HOME: join(folder, 'state'), TMPDIR: folder, NODE_OPTIONS: '' }
    execFileSync(process.execPath, [join(folder, 'warm.cjs'), folder, file], {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    if (!existsSync(file)) throw new Error('the engine ended before its code cache was written')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const warm = `
const fs = require('node:fs'), vm = require('node:vm'), [folder, file] = process.argv.slice(2)
const script = new vm.Script(fs.readFileSync(folder + '/engine.js', 'latin1'), { filename: 'helm-verify-shim' })
// Becoming helm would end this process before the cache is written: the engine then runs helm as a child.
process.execve = undefined
const work = [
  ['pull', 'r/demo', '--untar', '--verify', '--keyring', folder + '/helm', '-d', folder + '/out'],
  ['template', folder + '/out/demo', '--verify', '--keyring', folder + '/helm'],
]
function next() {
  const argv = work.shift()
  if (!argv) return fs.writeFileSync(file, script.createCachedData())
  process.argv = [process.execPath, 'helm-verify-shim', 'as-helm', folder + '/helm', ...argv]
  process.once('beforeExit', next)
  script.runInThisContext()(require, { exports: {} })
}
next()
`
