import { createHash } from 'node:crypto'
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { execa } from 'execa'
import type { Server } from './server.ts'
import { nodeFolder, shimFolder, tool, type Helm } from './tools.ts'

/** How a program ended. */
export interface Outcome {
  /** -1 if a signal ended it. */
  readonly code: number
  readonly signal?: NodeJS.Signals
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  readonly input?: string
}

/** A private world for programs: their own home, caches and temporary folder, and nothing of the caller's settings. */
export class Sandbox {
  readonly root = mkdtempSync(join(realpathSync(tmpdir()), 'hvs box $-'))
  readonly env: NodeJS.ProcessEnv
  readonly #servers: Server[] = []

  constructor() {
    const names = { HOME: 'home', TMPDIR: 'tmp', XDG_CACHE_HOME: 'cache', XDG_CONFIG_HOME: 'config' }
    const more = { XDG_DATA_HOME: 'data', XDG_STATE_HOME: 'state', GNUPGHOME: 'gnupg', HELM_CACHE_HOME: 'helm/cache' }
    const helm = { HELM_CONFIG_HOME: 'helm/config', HELM_DATA_HOME: 'helm/data', HELM_PLUGINS: 'helm/data/plugins' }
    const folders = Object.entries({ ...names, ...more, ...helm }).map(([name, path]) => [name, this.at(path)] as const)
    for (const [, path] of folders) mkdirSync(path, { recursive: true, mode: 0o700 })
    this.env = { ...Object.fromEntries(folders), PATH: this.#path([]), LC_ALL: 'C', HELM_EXPERIMENTAL_OCI: '1' }
  }

  /** A path in the sandbox. */
  at(...names: string[]): string {
    return join(this.root, ...names)
  }

  /** The environment in which `helm` is this helm, behind the shim or not. */
  withHelm(helm: Helm, shim: boolean): NodeJS.ProcessEnv {
    const bin = this.at('bin', helm)
    mkdirSync(bin, { recursive: true })
    if (readdirSync(bin).length === 0) symlinkSync(tool(helm), join(bin, 'helm'))
    return { ...this.env, PATH: this.#path(shim ? [shimFolder, bin] : [bin]) }
  }

  /** Runs a program to its end, in the sandbox's root if not said otherwise. */
  async run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
    const { exitCode, signal, stdout, stderr, originalMessage } = await execa(command, args, {
      cwd: options.cwd ?? this.root,
      env: options.env ?? this.env,
      extendEnv: false,
      input: options.input ?? '',
      reject: false,
      stripFinalNewline: false,
    })
    if (exitCode === undefined && signal === undefined) throw new Error(originalMessage)
    return { code: exitCode ?? -1, ...(signal !== undefined && { signal }), stdout, stderr }
  }

  /** Runs `helm` from PATH. */
  async helm(helm: Helm, shim: boolean, args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
    return await this.run('helm', args, { ...options, env: { ...this.withHelm(helm, shim), ...options.env } })
  }

  /** Runs a program that has to succeed. */
  async must(command: string, args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
    const outcome = await this.run(command, args, options)
    if (outcome.code !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${outcome.stdout}${outcome.stderr}`)
    return outcome
  }

  /** Has the server stopped when the sandbox is. */
  owns<S extends Server>(server: S): S {
    this.#servers.push(server)
    return server
  }

  /** Stops the servers that were started in it, the last one first, and removes everything. */
  async stop(): Promise<void> {
    for (const server of this.#servers.splice(0).reverse()) await server.stop()
    this.dispose()
  }

  /** Removes everything: enough where no server was started. */
  dispose(): void {
    rmSync(this.root, { recursive: true, force: true, maxRetries: 3 })
  }

  #path(first: readonly string[]): string {
    return [...first, nodeFolder, '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter)
  }
}

/** A tree in words: each path with its kind, mode, and what is in it. */
export function tree(folder: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    const path = join(folder, name)
    const stats = lstatSync(path)
    const mode = (stats.mode & 0o777).toString(8)
    if (stats.isSymbolicLink()) found[name] = `link to ${readlinkSync(path)}`
    else if (stats.isDirectory()) found[name] = `directory ${mode}`
    else found[name] = `file ${mode} ${createHash('sha256').update(readFileSync(path)).digest('hex')}`
  }
  return found
}
