import { appendFileSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { writeChart } from '../test/helpers/charts.ts'
import { startRegistry } from '../test/helpers/registry.ts'
import { Sandbox } from '../test/helpers/sandbox.ts'
import { makeSigners } from '../test/helpers/signers.ts'
import './build.ts'
import { buildTools } from './tools.ts'

/** `npm run demo`: the main job on a really signed chart from a real registry on loopback, before and after. */
async function demo(): Promise<void> {
  await buildTools(['helm3', 'registry', 'certificates'])
  const sandbox = new Sandbox()
  try {
    const signers = await makeSigners(sandbox.root)
    const registry = await startRegistry(sandbox)
    try {
      const chart = writeChart(sandbox.at('source'), 'demo')
      const key = ['--sign', '--key', 'Trusted', '--keyring', signers.secretKeyring]
      const packed = await sandbox.helm('helm3', false, ['package', chart, '-d', sandbox.root, ...key])
      if (packed.code !== 0) throw new Error(packed.stderr)
      await registry.push(sandbox.at('demo-0.1.0.tgz'))
      await story(sandbox, `oci://${registry.host}/charts/demo`, registry.caFile, signers.keyring)
    } finally {
      await registry.stop()
    }
  } finally {
    sandbox.dispose()
  }
}

async function story(sandbox: Sandbox, reference: string, caFile: string, keyring: string): Promise<void> {
  const run = async (shim: boolean, ...args: string[]) => {
    const { stdout, stderr } = await sandbox.helm('helm3', shim, args, { cwd: sandbox.root })
    return (stderr + stdout)
      .trim()
      .split('\n')
      .filter((text) => /^(Signed|Using|Error|helm-verify)/.test(text))
  }
  const pull = (folder: string) => [
    'pull',
    reference,
    '--untar',
    '-d',
    folder,
    '--verify',
    '--keyring',
    keyring,
    '--ca-file',
    caFile,
  ]
  const render = (folder: string) => ['template', 'demo', `${folder}/demo`, '--verify', '--keyring', keyring]
  const tell = (...lines: string[]) => {
    console.log(lines.map((text) => text.replaceAll(sandbox.root, '…')).join('\n'))
  }
  const indent = (lines: readonly string[]) => lines.map((text) => `    ${text}`)

  tell('A chart, signed by its author, lies in an OCI registry. helmfile unpacks it, and deploys the directory.', '')
  await run(false, ...pull('before'))
  tell('Before: helm alone cannot verify what was unpacked.', '  $ helm template demo before/demo --verify')
  tell(...indent(await run(false, ...render('before'))), '')

  tell(
    'After: the same commands, with the shim in front of helm.',
    '  $ helm pull oci://…/charts/demo --untar -d after --verify',
  )
  tell(...indent(await run(true, ...pull('after'))))
  tell(`    unpacked: ${files(sandbox.at('after')).join(' ')}`)
  const { code, stdout } = await sandbox.helm('helm3', true, render('after'), { cwd: sandbox.root })
  const [kind] = /^kind: .*$/m.exec(stdout) ?? ['nothing']
  tell(
    '  $ helm template demo after/demo --verify',
    `    ${code === 0 ? 'verified and rendered' : 'refused'}: ${kind}`,
    '',
  )

  appendFileSync(sandbox.at('after/demo/values.yaml'), 'image: evil\n')
  tell('And when somebody changes the unpacked directory:', '  $ helm template demo after/demo')
  tell(...indent((await run(true, 'template', 'demo', 'after/demo')).slice(0, 2)))
}

function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true, encoding: 'utf8' })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort()
}

demo().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
