import { createHash } from 'node:crypto'
import { machO } from './mach-o.ts'

/** What the header of an executable says. */
export interface Inspected {
  readonly format: 'ELF' | 'Mach-O' | 'PE' | undefined
  readonly architecture: 'x64' | 'arm64' | undefined
  /** The loader that an ELF file asks for: that of glibc is not on Alpine. */
  readonly interpreter?: string
  readonly signature: 'none' | 'ad hoc' | 'other' | 'broken'
}

/** Reads what an executable's header says of it. */
export function inspect(file: Buffer): Inspected {
  if (file.readUInt32BE(0) === 0x7f454c46) return elf(file)
  if (file.readUInt32LE(0) === 0xfeedfacf) return mach(file)
  if (file.toString('latin1', 0, 2) === 'MZ') return pe(file)
  return { format: undefined, architecture: undefined, signature: 'none' }
}

function elf(file: Buffer): Inspected {
  const architecture = ({ 62: 'x64', 183: 'arm64' } as const)[file.readUInt16LE(18)]
  const [table, size, count] = [Number(file.readBigUInt64LE(32)), file.readUInt16LE(54), file.readUInt16LE(56)]
  for (let at = table; at < table + size * count; at += size) {
    if (file.readUInt32LE(at) !== 3) continue // PT_INTERP
    const offset = Number(file.readBigUInt64LE(at + 8))
    const interpreter = file.toString('latin1', offset, offset + Number(file.readBigUInt64LE(at + 32)) - 1)
    return { format: 'ELF', architecture, interpreter, signature: 'none' }
  }
  return { format: 'ELF', architecture, signature: 'none' }
}

function mach(file: Buffer): Inspected {
  const { architecture, signature } = machO(file)
  return { format: 'Mach-O', architecture, signature: signature ? judged(file, signature.offset) : 'none' }
}

/** Checks the hashes of a signature's code directory against the file. */
function judged(file: Buffer, at: number): Inspected['signature'] {
  for (let blob = 0; blob < file.readUInt32BE(at + 8); blob++) {
    const directory = at + file.readUInt32BE(at + 12 + blob * 8 + 4)
    if (file.readUInt32BE(directory) !== 0xfade0c02 || file.readUInt8(directory + 37) !== 2) continue
    const [hashes, pages, limit] = [16, 28, 32].map((field) => file.readUInt32BE(directory + field)) as [
      number,
      number,
      number,
    ]
    const pageSize = 2 ** file.readUInt8(directory + 39)
    for (let page = 0; page < pages; page++) {
      const hash = createHash('sha256').update(file.subarray(page * pageSize, Math.min((page + 1) * pageSize, limit)))
      const stated = file.subarray(directory + hashes + page * 32, directory + hashes + page * 32 + 32)
      if (!hash.digest().equals(stated)) return 'broken'
    }
    return file.readUInt32BE(directory + 12) & 0x2 ? 'ad hoc' : 'other'
  }
  return 'broken'
}

function pe(file: Buffer): Inspected {
  const header = file.readUInt32LE(0x3c)
  const architecture = ({ 0x8664: 'x64', 0xaa64: 'arm64' } as const)[file.readUInt16LE(header + 4)]
  // The fifth data directory of a PE32+ file: its certificates.
  const certificates = file.readUInt32LE(header + 24 + 112 + 4 * 8 + 4)
  return { format: 'PE', architecture, signature: certificates > 0 ? 'other' : 'none' }
}
