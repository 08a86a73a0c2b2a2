/** A path as one character per byte, as the names in archives are; Node's paths are UTF-8. */
export function toBytePath(path: string): string {
  return Buffer.from(path, 'utf8').toString('latin1')
}

/** The path for the file system: archives may name files with bytes that are not UTF-8. */
export function fromBytePath(bytes: string): Buffer {
  return Buffer.from(bytes, 'latin1')
}
