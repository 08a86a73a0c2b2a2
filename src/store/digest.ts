import { closeSync, openSync, readSync } from 'node:fs'

/**
 * The digest of a file, as `sha256:` and hex. node:crypto is loaded here: most pulls have helm's own digest. Read in
 * one piece after another, which takes half the time of a stream.
 */
export async function digestOf(file: string): Promise<string> {
  const { createHash } = await import('node:crypto')
  const hash = createHash('sha256')
  const buffer = Buffer.allocUnsafeSlow(1 << 18)
  const descriptor = openSync(file, 'r')
  try {
    for (let read = readSync(descriptor, buffer); read > 0; read = readSync(descriptor, buffer)) {
      hash.update(buffer.subarray(0, read))
    }
  } finally {
    closeSync(descriptor)
  }
  return `sha256:${hash.digest('hex')}`
}
