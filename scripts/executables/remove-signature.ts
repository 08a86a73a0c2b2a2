/**
 * Takes the publisher's signature off a Windows executable: it does not hold for a Node with something injected, and a
 * broken signature is judged worse than none.
 */
export function removeSignature(file: Buffer): Buffer {
  const entry = file.readUInt32LE(0x3c) + 24 + 112 + 4 * 8
  const [offset, size] = [file.readUInt32LE(entry), file.readUInt32LE(entry + 4)]
  const unsigned = Buffer.from(file.subarray(0, offset > 0 && offset + size >= file.length ? offset : file.length))
  unsigned.fill(0, entry, entry + 8)
  return unsigned
}
