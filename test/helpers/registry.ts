import { readFileSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'
import { makeCertificates } from './certificates.ts'
import type { Sandbox } from './sandbox.ts'
import { freePort, startServer, type Server } from './server.ts'
import { tool } from './tools.ts'

/** The registry's only user. The hash is bcrypt's of this password, which is all that the registry takes. */
export const user = { name: 'user', password: 'correct horse' }
const htpasswd = 'user:$2y$05$zRgSz4tQlKKTaekBWqjv4OdbbkZ3qPCxqR7fZFzvb9aKFMcoppZL2\n'

/** A real OCI registry with TLS and a password, on loopback. */
export interface Registry extends Server {
  /** HOST:PORT */
  readonly host: string
  /** Its authority's certificate: for `--ca-file`. */
  readonly caFile: string
  /** Logs a sandbox's helm in, whichever version; the one that the registry was started in is. */
  login(sandbox: Sandbox): Promise<void>
  /** Pushes a packed chart, with its provenance where there is one beside it, by the real helm. */
  push(archive: string, repository?: string): Promise<void>
}

/** Starts a registry that keeps its data in the sandbox, and logs the sandbox's helm in. */
export async function startRegistry(sandbox: Sandbox): Promise<Registry> {
  const folder = await makeCertificates(sandbox, 'registry')
  writeFileSync(join(folder, 'htpasswd'), htpasswd)
  const port = await freePort()
  const host = `127.0.0.1:${port}`
  const caFile = join(folder, 'ca.pem')
  const config = {
    version: '0.1',
    log: { level: 'error' },
    storage: { filesystem: { rootdirectory: join(folder, 'data') }, delete: { enabled: true } },
    http: {
      addr: host,
      secret: 's',
      tls: { certificate: join(folder, 'server.pem'), key: join(folder, 'server-key.pem') },
    },
    auth: { htpasswd: { realm: 'test', path: join(folder, 'htpasswd') } },
  }
  // JSON is YAML.
  writeFileSync(join(folder, 'config.yml'), JSON.stringify(config))
  const ca = readFileSync(caFile)
  const server = sandbox.owns(
    await startServer(tool('registry'), ['serve', join(folder, 'config.yml')], () => answers(host, ca), {
      env: { ...sandbox.env, OTEL_TRACES_EXPORTER: 'none' },
    }),
  )
  const registry: Registry = {
    ...server,
    host,
    caFile,
    async login(inside) {
      const as = ['--username', user.name, '--password', user.password]
      await inside.must(tool('helm3'), ['registry', 'login', host, ...as, '--ca-file', caFile])
    },
    async push(archive, repository = 'charts') {
      await sandbox.must(tool('helm3'), ['push', archive, `oci://${host}/${repository}`, '--ca-file', caFile])
    },
  }
  await registry.login(sandbox)
  return registry
}

async function answers(host: string, ca: Buffer): Promise<boolean> {
  return await new Promise((resolve) => {
    const asked = request(`https://${host}/v2/`, { ca }, (answer) => {
      answer.resume()
      resolve(answer.statusCode === 401)
    })
    asked.once('error', () => {
      resolve(false)
    })
    asked.end()
  })
}
