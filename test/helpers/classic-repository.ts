import { createReadStream, copyFileSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { basename, join } from 'node:path'
import { makeCertificates } from './certificates.ts'
import type { Sandbox } from './sandbox.ts'
import type { Server } from './server.ts'
import { tool } from './tools.ts'

/** Answers a request in another way than with the file; false leaves it to the repository. */
export type Misbehaviour = (request: IncomingMessage, response: ServerResponse) => boolean

const answerWith =
  (status: number, body = ''): Misbehaviour =>
  (_, response) => {
    response.writeHead(status).end(body)
    return true
  }

/** What goes wrong with repositories. */
export const misbehaviours = {
  hang: () => true,
  unauthorized: answerWith(401),
  notFound: answerWith(404),
  garbage: answerWith(200, '<html>Not what you asked for</html>'),
  cut: (request, response) => {
    response.writeHead(200, { 'content-length': 100_000 }).write('half of')
    setImmediate(() => request.socket.destroy())
    return true
  },
} satisfies Record<string, Misbehaviour>

/** Misbehaves only for these paths: `only(/\.prov$/, misbehaviours.hang)`. */
export function only(paths: RegExp, how: Misbehaviour): Misbehaviour {
  return (request, response) => paths.test(request.url ?? '') && how(request, response)
}

/** A classic chart repository over HTTP, on loopback. */
export interface ClassicRepository extends Server {
  readonly url: string
  /** Its authority's certificate, for `--ca-file`, if it has TLS. */
  readonly caFile?: string
  /** Adds packed charts, with their provenance where there is one beside them, and makes the index anew. */
  add(...archives: string[]): Promise<void>
  /** Makes it behave badly, for tests. */
  misbehave(how: Misbehaviour | undefined): void
}

export interface ClassicRepositoryOptions {
  readonly tls?: boolean
  /** Whom alone it answers. */
  readonly user?: { readonly name: string; readonly password: string }
}

/** Starts a classic repository that keeps its files in the sandbox. `helm repo index` makes its index. */
export async function startClassicRepository(
  sandbox: Sandbox,
  name = 'classic',
  { tls = false, user }: ClassicRepositoryOptions = {},
): Promise<ClassicRepository> {
  const folder = sandbox.at(name)
  mkdirSync(folder, { recursive: true })
  const certificates = tls ? await makeCertificates(sandbox, `${name} certificates`) : undefined
  const authorization = user && `Basic ${Buffer.from(`${user.name}:${user.password}`).toString('base64')}`
  let misbehaviour: Misbehaviour | undefined
  const answer: RequestListener = (request, response) => {
    if (misbehaviour?.(request, response)) return
    if (authorization !== undefined && request.headers.authorization !== authorization) {
      misbehaviours.unauthorized(request, response)
      return
    }
    const file = join(folder, basename(decodeURIComponent(new URL(request.url ?? '', 'http://host').pathname)))
    if (!existsSync(file) || !statSync(file).isFile()) {
      misbehaviours.notFound(request, response)
      return
    }
    response.writeHead(200, { 'content-length': statSync(file).size })
    createReadStream(file).pipe(response)
  }
  const pem = (file: string) => certificates && readFileSync(join(certificates, file))
  const server = certificates
    ? createTlsServer({ cert: pem('server.pem'), key: pem('server-key.pem') }, answer)
    : createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  const url = `${tls ? 'https' : 'http'}://127.0.0.1:${port}`
  return sandbox.owns({
    url,
    ...(certificates !== undefined && { caFile: join(certificates, 'ca.pem') }),
    async add(...archives: string[]) {
      for (const archive of archives) {
        copyFileSync(archive, join(folder, basename(archive)))
        if (existsSync(`${archive}.prov`)) copyFileSync(`${archive}.prov`, join(folder, `${basename(archive)}.prov`))
      }
      await sandbox.must(tool('helm3'), ['repo', 'index', folder, '--url', url])
    },
    misbehave(how: Misbehaviour | undefined) {
      misbehaviour = how
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  })
}
