import { chmodSync, copyFileSync, lchownSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { fromBytePath, toBytePath } from './byte-path.ts'
import { escapeName } from './quote.ts'
import { UnpackError } from './unpack-error.ts'

/**
 * Copies a directory of files and directories, modes and (as root) owners kept. `to` must not exist. Throws an
 * UnpackError 'exists' for links and special files: what helm would write through them is not for a copy to repeat.
 */
export function copyDirectory(from: string, to: string): void {
  copy(toBytePath(from), toBytePath(to))
}

function copy(from: string, to: string): void {
  const source = fromBytePath(from)
  const target = fromBytePath(to)
  mkdirSync(target, 0o700)
  for (const entry of readdirSync(source, { withFileTypes: true, encoding: 'buffer' })) {
    const name = entry.name.toString('latin1')
    if (entry.isDirectory()) copy(`${from}/${name}`, `${to}/${name}`)
    else if (entry.isFile()) {
      copyFileSync(fromBytePath(`${from}/${name}`), fromBytePath(`${to}/${name}`))
      keepOwnerAndMode(`${from}/${name}`, `${to}/${name}`)
    } else {
      throw new UnpackError('exists', `${escapeName(`${from}/${name}`)} is a link or special file; remove it first`)
    }
  }
  keepOwnerAndMode(from, to)
}

function keepOwnerAndMode(from: string, to: string): void {
  const { mode, uid, gid } = statSync(fromBytePath(from))
  const target = fromBytePath(to)
  if (process.getuid?.() === 0) lchownSync(target, uid, gid)
  chmodSync(target, mode & 0o7777)
}
