import { generateKeyPairSync } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'
import { makeCertificates } from './certificates.ts'
import type { Sandbox } from './sandbox.ts'
import { freePort, startServer, type Server } from './server.ts'
import { tool } from './tools.ts'

/** A real kube-apiserver with its etcd. No pods run; helm's releases are kept, as Secrets. */
export interface Cluster extends Server {
  /** The file for KUBECONFIG. */
  readonly kubeconfig: string
  /** The names of the objects of a kind (`secrets`, `configmaps`) in a namespace. */
  list(kind: string, namespace: string): Promise<string[]>
  /** An object as JSON. */
  read(kind: string, namespace: string, name: string): Promise<string>
  createNamespace(name: string): Promise<void>
  /** helm's releases in a namespace: `NAME REVISION STATUS`. */
  releases(namespace: string): Promise<string[]>
}

const token = 'token-of-the-test-admin'

/** Starts an API server that keeps its data in the sandbox. */
export async function startCluster(sandbox: Sandbox): Promise<Cluster> {
  const folder = await makeCertificates(sandbox, 'cluster')
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  writeFileSync(join(folder, 'sa.pub'), publicKey)
  writeFileSync(join(folder, 'sa.key'), privateKey, { mode: 0o600 })
  writeFileSync(join(folder, 'tokens.csv'), `${token},admin,admin,system:masters\n`, { mode: 0o600 })
  const [client, peer, port] = [await freePort(), await freePort(), await freePort()]
  const etcdUrl = `http://127.0.0.1:${client}`
  const peerUrl = `http://127.0.0.1:${peer}`
  const etcd = sandbox.owns(
    await startServer(
      tool('etcd'),
      [
        ...['--data-dir', join(folder, 'etcd'), '--log-level', 'error', '--unsafe-no-fsync'],
        ...['--listen-client-urls', etcdUrl, '--advertise-client-urls', etcdUrl],
        ...['--listen-peer-urls', peerUrl, '--initial-advertise-peer-urls', peerUrl],
        ...['--initial-cluster', `default=${peerUrl}`],
      ],
      async () => (await fetch(`${etcdUrl}/health`)).ok,
      { env: sandbox.env },
    ),
  )
  const ca = readFileSync(join(folder, 'ca.pem'))
  const ask = asker(port, ca)
  const server = await startServer(
    tool('kube-apiserver'),
    [
      ...['--etcd-servers', etcdUrl, '--bind-address', '127.0.0.1', '--secure-port', `${port}`],
      ...['--tls-cert-file', join(folder, 'server.pem'), '--tls-private-key-file', join(folder, 'server-key.pem')],
      ...['--token-auth-file', join(folder, 'tokens.csv'), '--authorization-mode', 'RBAC'],
      ...['--disable-admission-plugins', 'ServiceAccount', '--service-cluster-ip-range', '10.0.0.0/24'],
      ...['--service-account-issuer', 'https://localhost', '--service-account-key-file', join(folder, 'sa.pub')],
      ...['--service-account-signing-key-file', join(folder, 'sa.key'), '--cert-dir', folder],
    ],
    async () => (await ask('GET', '/readyz')).status === 200,
    { env: sandbox.env },
  )
  const kubeconfig = join(folder, 'kubeconfig')
  const clusters = [
    { name: 'test', cluster: { server: `https://127.0.0.1:${port}`, 'certificate-authority': join(folder, 'ca.pem') } },
  ]
  const contexts = [{ name: 'test', context: { cluster: 'test', user: 'admin' } }]
  const users = [{ name: 'admin', user: { token } }]
  const config = { apiVersion: 'v1', kind: 'Config', 'current-context': 'test', clusters, contexts, users }
  writeFileSync(kubeconfig, JSON.stringify(config), { mode: 0o600 })
  return sandbox.owns({
    kubeconfig,
    async list(kind, namespace) {
      const { body } = await ask('GET', `/api/v1/namespaces/${namespace}/${kind}`)
      const { items } = JSON.parse(body) as { items: { metadata: { name: string } }[] }
      // The API server puts this one into every namespace.
      return items.map(({ metadata }) => metadata.name).filter((name) => name !== 'kube-root-ca.crt')
    },
    async read(kind, namespace, name) {
      return (await ask('GET', `/api/v1/namespaces/${namespace}/${kind}/${name}`)).body
    },
    async createNamespace(name) {
      const { status, body } = await ask('POST', '/api/v1/namespaces', { metadata: { name } })
      if (status !== 201 && status !== 409) throw new Error(body)
    },
    async releases(namespace) {
      const { body } = await ask('GET', `/api/v1/namespaces/${namespace}/secrets?labelSelector=owner%3Dhelm`)
      const { items } = JSON.parse(body) as { items: { metadata: { labels: Record<string, string> } }[] }
      return items.map(({ metadata: { labels } }) => `${labels['name']} ${labels['version']} ${labels['status']}`)
    },
    async stop() {
      await server.stop()
      await etcd.stop()
    },
  })
}

interface Answer {
  readonly status: number
  readonly body: string
}

function asker(port: number, ca: Buffer) {
  return async (method: string, path: string, body?: object): Promise<Answer> =>
    await new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
      const asked = request({ host: '127.0.0.1', port, path, method, headers, ca }, (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('end', () => {
          resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks).toString() })
        })
      })
      asked.once('error', reject)
      asked.end(body && JSON.stringify(body))
    })
}
