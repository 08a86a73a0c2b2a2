import { createHash } from 'node:crypto'
import { machO, type MachO } from './mach-o.ts'

const pageSize = 4096
const digestSize = 32
const headerSize = 88
const commandSize = 16

/**
 * Gives a Mach-O executable an ad-hoc signature, as `codesign --sign -` does, without a Mac: arm64 Macs run nothing
 * unsigned. The layout is the one that Go's linker writes for the same reason (cmd/internal/codesign).
 * @param file an executable with no signature, or with one that is the last thing in the file
 * @returns the signed file
 * @throws where there is no room for the load command
 */
export function signMachO(file: Buffer, identifier: string): Buffer {
  const header = machO(file)
  const end = header.signature ? header.signature.offset : align(file.length, 16)
  const size = align(signatureSize(end, identifier), 16)
  const signed = Buffer.alloc(end + size)
  file.copy(signed, 0, 0, Math.min(file.length, end))
  const command = header.signature?.command ?? addCommand(signed, header)
  signed.writeUInt32LE(end, command + 8)
  signed.writeUInt32LE(size, command + 12)
  // The signature belongs to the last segment. All of this comes before the hashing, which covers the header too.
  const { command: linkEdit, fileOffset } = header.linkEdit
  signed.writeBigUInt64LE(BigInt(align(end + size - fileOffset, 0x4000)), linkEdit + 32)
  signed.writeBigUInt64LE(BigInt(end + size - fileOffset), linkEdit + 48)
  writeSignature(signed, end, identifier, header)
  return signed
}

function addCommand(file: Buffer, { commands, commandsSize, room }: MachO): number {
  const at = 32 + commandsSize
  if (at + commandSize > room) throw new Error('the Mach-O header has no room for a signature')
  file.writeUInt32LE(0x1d, at) // LC_CODE_SIGNATURE
  file.writeUInt32LE(commandSize, at + 4)
  file.writeUInt32LE(commands + 1, 16)
  file.writeUInt32LE(commandsSize + commandSize, 20)
  return at
}

function signatureSize(end: number, identifier: string): number {
  return 20 + headerSize + identifier.length + 1 + Math.ceil(end / pageSize) * digestSize
}

function writeSignature(file: Buffer, at: number, identifier: string, { text }: MachO): void {
  const pages = Math.ceil(at / pageSize)
  const length = signatureSize(at, identifier)
  const hashes = headerSize + identifier.length + 1
  let position = at
  const u32 = (...values: number[]) => {
    for (const value of values) position = file.writeUInt32BE(value, position)
  }
  const u64 = (...values: number[]) => {
    for (const value of values) position = file.writeBigUInt64BE(BigInt(value), position)
  }
  u32(0xfade0cc0, length, 1) // a SuperBlob of one blob
  u32(0, 20) // slot 0, the code directory, at 20
  u32(0xfade0c02, length - 20, 0x20400, 0x2 /* ad hoc */, hashes, headerSize)
  u32(0 /* special slots */, pages, at)
  position = file.writeUInt8(digestSize, position)
  position = file.writeUInt8(2 /* SHA-256 */, position)
  position = file.writeUInt8(0, position)
  position = file.writeUInt8(Math.log2(pageSize), position)
  u32(0, 0 /* scatter */, 0 /* team */, 0)
  u64(0 /* code limit of 64 bits */, text.fileOffset, text.fileSize, 1 /* main binary */)
  position += file.write(`${identifier}\0`, position, 'latin1')
  for (let page = 0; page < pages; page++) {
    const hash = createHash('sha256').update(file.subarray(page * pageSize, Math.min((page + 1) * pageSize, at)))
    position += hash.digest().copy(file, position)
  }
}

function align(size: number, to: number): number {
  return Math.ceil(size / to) * to
}
