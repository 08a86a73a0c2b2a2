import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, existsSync, mkdirSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import type { Outcome } from './sandbox.ts'

/** Enters a root folder, with a /proc that goes away with the program: dynamic loaders look up their program there. */
const enter = '/bin/mount -t proc proc "$0/proc" && exec /usr/sbin/chroot "$0" "$@"'

/** Whether root folders can be entered here: that takes root, mounts, and a busybox without libraries to put into them. */
export const canEnterRootFolders =
  process.platform === 'linux' &&
  process.getuid?.() === 0 &&
  spawnSync('busybox', ['true']).status === 0 &&
  spawnSync('ldd', [realpathSync('/bin/sh')]).error === undefined &&
  spawnSync('unshare', ['--mount', 'mount', '-t', 'proc', 'proc', '/proc']).status === 0

/** A root folder whose only shell and tools are busybox's: no bash, no coreutils, no glibc. */
export class RootFolder {
  readonly path: string

  constructor(path: string) {
    this.path = path
    for (const name of ['bin', 'dev', 'proc', 'root', 'tmp', 'opt', 'work'])
      mkdirSync(this.at(name), { recursive: true })
    const busybox = execFileSync('sh', ['-c', 'command -v busybox'], { encoding: 'utf8' }).trim()
    this.add(busybox, 'bin/busybox')
    execFileSync('/usr/sbin/chroot', [path, '/bin/busybox', '--install', '-s', '/bin'])
    execFileSync('mknod', [this.at('dev/null'), 'c', '1', '3'])
    chmodSync(this.at('dev/null'), 0o666)
  }

  /** A path in the folder, as seen from outside. */
  at(...names: string[]): string {
    return join(this.path, ...names)
  }

  /** Copies a program into the folder, without what it may need. */
  add(program: string, to: string): void {
    mkdirSync(dirname(this.at(to)), { recursive: true })
    copyFileSync(program, this.at(to))
    chmodSync(this.at(to), 0o755)
  }

  /** Copies a program and the libraries of this system that it needs. */
  addWithLibraries(program: string, to: string): void {
    this.add(program, to)
    const listed = execFileSync('ldd', [program], { encoding: 'utf8' })
    for (const [, library = ''] of listed.matchAll(/(?:=> |^\s+)(\/\S+) \(0x/gm))
      if (!existsSync(this.at(library))) this.add(library, library)
  }

  /** Runs a program in the folder, with nothing but busybox and /usr/local/bin behind `first` on PATH. */
  async run(first: string, command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
    const PATH = [first, '/usr/local/bin', '/bin'].filter(Boolean).join(':')
    const { exitCode, stdout, stderr, originalMessage } = await execa(
      '/usr/bin/unshare',
      ['--mount', '/bin/sh', '-c', enter, this.path, command, ...args],
      {
        env: { PATH, HOME: '/root', TMPDIR: '/tmp', ...env },
        extendEnv: false,
        input: '',
        reject: false,
        stripFinalNewline: false,
      },
    )
    if (exitCode === undefined) throw new Error(originalMessage)
    return { code: exitCode, stdout, stderr }
  }
}
