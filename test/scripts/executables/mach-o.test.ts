import { describe, expect, it } from 'vitest'
import { inspect } from '../../../scripts/executables/inspect.ts'
import { machO } from '../../../scripts/executables/mach-o.ts'
import { signMachO } from '../../../scripts/executables/sign-mach-o.ts'

/** A Mach-O file of two segments, with room for load commands, and content of a size that is no multiple of a page. */
function tiny({ cpu = 0x100000c, room = 4096, size = 9001 } = {}): Buffer {
  const file = Buffer.alloc(size, 0x5a)
  file.fill(0, 0, room)
  for (const [index, word] of [0xfeedfacf, cpu, 0, 2, 2, 152 + 72].entries()) file.writeUInt32LE(word, index * 4)
  segment(file, 32, '__TEXT', 0, 8192, [room])
  segment(file, 32 + 152, '__LINKEDIT', 8192, size - 8192, [])
  return file
}

function segment(file: Buffer, at: number, name: string, offset: number, size: number, sections: number[]): void {
  file.writeUInt32LE(0x19, at)
  file.writeUInt32LE(72 + 80 * sections.length, at + 4)
  file.write(name, at + 8, 'latin1')
  file.writeBigUInt64LE(BigInt(offset), at + 40)
  file.writeBigUInt64LE(BigInt(size), at + 48)
  file.writeUInt32LE(sections.length, at + 64)
  for (const [index, start] of sections.entries()) file.writeUInt32LE(start, at + 72 + index * 80 + 48)
}

describe('signMachO', () => {
  it('gives a file a signature whose hashes are those of its pages', () => {
    expect(inspect(tiny())).toMatchObject({ format: 'Mach-O', architecture: 'arm64', signature: 'none' })
    expect(inspect(signMachO(tiny(), 'x'))).toMatchObject({ architecture: 'arm64', signature: 'ad hoc' })
  })

  it('leaves the content as it was, and ends the last segment with the file', () => {
    const signed = signMachO(tiny(), 'x')
    expect(signed.subarray(4096, 9001)).toEqual(tiny().subarray(4096))
    const { linkEdit, signature } = machO(signed)
    expect(linkEdit.fileOffset + Number(signed.readBigUInt64LE(linkEdit.command + 48))).toBe(signed.length)
    expect(signature).toMatchObject({ offset: 9008, size: signed.length - 9008 })
  })

  it('signs anew what is signed already', () => {
    const once = signMachO(tiny(), 'x')
    expect(signMachO(once, 'x')).toEqual(once)
  })

  it.each([
    ['the header', 24],
    ['the content', 5000],
    ['the last byte before the signature', 9000],
  ])('is broken by a change of %s', (_, at) => {
    const signed = signMachO(tiny(), 'x')
    signed[at] = (signed[at] ?? 0) ^ 1
    expect(inspect(signed).signature).toBe('broken')
  })

  it('refuses a header that has no room for it', () => {
    expect(() => signMachO(tiny({ room: 32 + 152 + 72 + 15 }), 'x')).toThrow(/no room/)
  })

  it('refuses what is no Mach-O file', () => {
    expect(() => signMachO(Buffer.alloc(64), 'x')).toThrow(/not a Mach-O file/)
  })
})
