import { createReadStream, copyFileSync, existsSync, mkdirSync, statSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { basename, join } from 'node:path'
import type { Sandbox } from './sandbox.ts'
import type { Server } from './server.ts'

/** Answers a request in another way than with the file; false leaves it to the repository. */
export type Misbehaviour = (request: IncomingMessage, response: ServerResponse) => boolean

/** A classic chart repository over HTTP, on loopback. */
export interface ClassicRepository extends Server {
  readonly url: string
  /** Adds packed charts, with their provenance where there is one beside them, and makes the index anew. */
  add(...archives: string[]): Promise<void>
  /** Makes it behave badly, for tests. */
  misbehave(how: Misbehaviour | undefined): void
}

/** Starts a classic repository that keeps its files in the sandbox. `helm repo index` makes its index. */
export async function startClassicRepository(sandbox: Sandbox, name = 'classic'): Promise<ClassicRepository> {
  const folder = sandbox.at(name)
  mkdirSync(folder, { recursive: true })
  let misbehaviour: Misbehaviour | undefined
  const server = createServer((request, response) => {
    if (misbehaviour?.(request, response)) return
    const file = join(folder, basename(decodeURIComponent(new URL(request.url ?? '', 'http://host').pathname)))
    if (!existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end()
      return
    }
    response.writeHead(200, { 'content-length': statSync(file).size })
    createReadStream(file).pipe(response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const url = `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`
  return {
    url,
    async add(...archives) {
      for (const archive of archives) {
        copyFileSync(archive, join(folder, basename(archive)))
        if (existsSync(`${archive}.prov`)) copyFileSync(`${archive}.prov`, join(folder, `${basename(archive)}.prov`))
      }
      const { code, stderr } = await sandbox.helm('helm3', false, ['repo', 'index', folder, '--url', url])
      if (code !== 0) throw new Error(stderr)
    },
    misbehave(how) {
      misbehaviour = how
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
