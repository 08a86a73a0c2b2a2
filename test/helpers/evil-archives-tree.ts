import { createHash } from 'node:crypto'
import { lstatSync, readFileSync, readdirSync, readlinkSync } from 'node:fs'

/**
 * Everything below a directory, one line each: kind, mode, path and digest. Names are shown byte by byte where they are
 * not ASCII. A directory that is not there gives the empty list.
 */
export function tree(directory: string): string[] {
  const lines: string[] = []
  if (lstatSync(directory, { throwIfNoEntry: false }) === undefined) return lines
  const walk = (below: string): void => {
    const path = Buffer.from(`${Buffer.from(directory).toString('latin1')}${below}`, 'latin1')
    for (const name of readdirSync(path, { encoding: 'buffer' })) {
      const inner = `${below}/${name.toString('latin1')}`
      const full = Buffer.concat([path, Buffer.from('/'), name])
      const stat = lstatSync(full)
      const mode = (stat.mode & 0o7777).toString(8)
      const shown = JSON.stringify(inner.slice(1))
      if (stat.isDirectory()) {
        lines.push(`d ${mode} ${shown}`)
        walk(inner)
      } else if (stat.isSymbolicLink()) {
        lines.push(`l ${shown} ${readlinkSync(full)}`)
      } else if (stat.isFile()) {
        lines.push(`f ${mode} ${shown} ${createHash('sha256').update(readFileSync(full)).digest('hex').slice(0, 16)}`)
      } else {
        lines.push(`? ${shown}`)
      }
    }
  }
  walk('')
  return lines.sort()
}
