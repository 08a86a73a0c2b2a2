/** What has to be known of a Mach-O executable of 64 bits to sign it, or to check its signature. */
export interface MachO {
  readonly architecture: 'x64' | 'arm64' | undefined
  readonly commands: number
  readonly commandsSize: number
  /** Where the first section begins: load commands may reach up to there. */
  readonly room: number
  readonly text: { readonly fileOffset: number; readonly fileSize: number }
  readonly linkEdit: { readonly command: number; readonly fileOffset: number }
  readonly signature: { readonly command: number; readonly offset: number; readonly size: number } | undefined
}

/**
 * Reads the header and the load commands.
 * @throws where it is no Mach-O executable of 64 bits
 */
export function machO(file: Buffer): MachO {
  if (file.length < 32 || file.readUInt32LE(0) !== 0xfeedfacf) throw new Error('not a Mach-O file of 64 bits')
  const commands = file.readUInt32LE(16)
  const segments = new Map<string, { command: number; fileOffset: number; fileSize: number }>()
  let room = file.length
  let signature: MachO['signature']
  for (let i = 0, at = 32; i < commands; i++, at += file.readUInt32LE(at + 4)) {
    const kind = file.readUInt32LE(at)
    if (kind === 0x1d) signature = { command: at, offset: file.readUInt32LE(at + 8), size: file.readUInt32LE(at + 12) }
    if (kind !== 0x19) continue
    const name = file.toString('latin1', at + 8, at + 24).replace(/\0+$/, '')
    segments.set(name, {
      command: at,
      fileOffset: Number(file.readBigUInt64LE(at + 40)),
      fileSize: Number(file.readBigUInt64LE(at + 48)),
    })
    for (let section = 0; section < file.readUInt32LE(at + 64); section++) {
      const offset = file.readUInt32LE(at + 72 + section * 80 + 48)
      if (offset > 0) room = Math.min(room, offset)
    }
  }
  const text = segments.get('__TEXT')
  const linkEdit = segments.get('__LINKEDIT')
  if (!text || !linkEdit) throw new Error('the Mach-O file lacks a segment')
  const architecture = ({ 0x1000007: 'x64', 0x100000c: 'arm64' } as const)[file.readUInt32LE(4)]
  return { architecture, commands, commandsSize: file.readUInt32LE(20), room, text, linkEdit, signature }
}
