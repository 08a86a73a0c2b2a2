import { mkdirSync } from 'node:fs'
import type { Sandbox } from './sandbox.ts'
import { tool } from './tools.ts'

/**
 * Makes an authority and its certificate for loopback in a folder of the sandbox: ca.pem, server.pem, server-key.pem.
 * Neither Node nor helm can, and openssl may be missing.
 * @returns the folder
 */
export async function makeCertificates(sandbox: Sandbox, name: string): Promise<string> {
  const folder = sandbox.at(name)
  mkdirSync(folder, { recursive: true })
  await sandbox.must(tool('certificates'), [folder])
  return folder
}
