import { createReadStream } from 'node:fs'

/** The digest of a file, as `sha256:` and hex. What it needs is loaded here: most pulls have helm's own digest. */
export async function digestOf(file: string): Promise<string> {
  const [{ createHash }, { pipeline }] = await Promise.all([import('node:crypto'), import('node:stream/promises')])
  const hash = createHash('sha256')
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash)
  return `sha256:${hash.digest('hex')}`
}
