import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'

/** A program that runs until it is stopped; it never outlives this process. Stopping twice is no error. */
export interface Server {
  stop(): Promise<void>
}

// Becomes "$@", beside a watcher that ends it once stdin is closed: the kernel does that however the tests end, even
// where they are killed.
const untilStdinCloses = 'exec 3<&0; { read -r _ <&3; kill $$; } >/dev/null 2>&1 & exec "$@" 3<&- </dev/null'

/**
 * Starts a server and waits until it answers.
 * @param ready asked again and again until it says true
 * @throws Error with the server's output, if it ends by itself or does not answer
 */
export async function startServer(
  command: string,
  args: readonly string[],
  ready: () => Promise<boolean>,
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<Server> {
  const child = execa('sh', ['-c', untilStdinCloses, 'sh', command, ...args], {
    ...options,
    reject: false,
    all: true,
    stdin: 'pipe',
    cleanup: true,
    forceKillAfterDelay: 2000,
  })
  const state = { ended: false }
  void child.then(() => {
    state.ended = true
  })
  const stop = async () => {
    child.kill('SIGTERM')
    await child
  }
  for (let tries = 0; tries < 600 && !state.ended; tries++) {
    if (await ready().catch(() => false)) return { stop }
    await sleep(50)
  }
  child.kill('SIGKILL')
  const { all } = await child
  throw new Error(`${command} did not become ready:\n${all.slice(-4000)}`)
}

/**
 * A port on loopback that is free now. Not one that the system would give, from 32768 on: it gives these to outgoing
 * connections, too, maybe before the server has taken it.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries++) {
    const port = randomInt(15_000, 32_768)
    if (await isFree(port)) return port
  }
  throw new Error('no port is free')
}

async function isFree(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => {
      resolve(false)
    })
    server.listen(port, '127.0.0.1', () => {
      server.close(() => {
        resolve(true)
      })
    })
  })
}
