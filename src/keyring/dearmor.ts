/** Why a text is no well-formed armor. */
export class ArmorError extends Error {}

const begin = /^-----BEGIN PGP (PUBLIC|PRIVATE) KEY BLOCK-----[ \t]*$/
const base64Line = /^[A-Za-z0-9+/]+={0,2}$/
const checksumLine = /^=([A-Za-z0-9+/]{4})$/

/**
 * Undoes the ASCII armor of a keyring: RFC 9580, section 6.2. Transport decoding only, as `base64 -d` is: the bytes are
 * exactly those that were armored, and no packet is looked at. Blocks are joined in their order, as GnuPG imports them
 * and as helm 4.3 does; text before, between and after them is passed over. Public and private key blocks are keys to
 * helm, since a keyring of its own may hold either; no other block is.
 *
 * Stricter than helm 4.3 and GnuPG where they guess: a wrong CRC24, a cut-off block or a stray marker line refuses the
 * whole text, so that never a part of a damaged keyring is used.
 *
 * helm: pkg/provenance/sign.go loadArmoredKeyRing (4.3)
 * @param text the keyring's bytes as latin1, with either line end
 * @returns the packets of all blocks
 * @throws ArmorError that says what is wrong, and in which line
 */
export function dearmor(text: string): Uint8Array {
  const lines = text.split(/\r?\n/)
  const blocks: Uint8Array[] = []
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? ''
    const kind = begin.exec(line)?.[1]
    if (kind) {
      const block = readBlock(lines, at + 1, `-----END PGP ${kind} KEY BLOCK-----`)
      blocks.push(block.bytes)
      at = block.end
    } else if (/^\s*-----(BEGIN|END) /.test(line)) {
      throw new ArmorError(`line ${at + 1} neither begins a key block nor belongs to one`)
    } else if (isBinary(line)) {
      throw new ArmorError(`line ${at + 1} is not text`)
    }
  }
  if (blocks.length === 0) throw new ArmorError('there is no key block in it')
  return Buffer.concat(blocks)
}

/**
 * Whether a text is one block with nothing before it: the only armor that helm 4.3 reads whole. Of several blocks it may
 * pass over some without a word, since its armor reader throws away up to 100 bytes after each, and with them the next
 * one's first line; text before the first one makes it take the keyring for packets.
 *
 * helm: pkg/provenance/sign.go isArmored, loadArmoredKeyRing; go-crypto's armor.Decode
 */
export function isOneBlock(text: string): boolean {
  return text.trimStart().startsWith('-----BEGIN PGP') && text.match(/^[ \t]*-----BEGIN /gm)?.length === 1
}

/** Reads the block whose header lines begin at `start`; `end` is its last line. */
function readBlock(lines: readonly string[], start: number, endLine: string): { bytes: Buffer; end: number } {
  let at = start
  // `Version: …`, `Comment: …`: whatever they say, up to the empty line that has to be there.
  while ((lines[at] ?? '').trim() !== '') {
    if (!/^[^\s:]+:( |$)/.test(lines[at] ?? '')) throw new ArmorError(`line ${at + 1} is no armor header`)
    at++
  }
  const body: string[] = []
  let checksum: string | undefined
  for (at++; at < lines.length; at++) {
    const line = (lines[at] ?? '').trimEnd()
    if (line === endLine) return { bytes: decode(body, checksum, start), end: at }
    const sum = checksumLine.exec(line)?.[1]
    if (checksum !== undefined ? line !== '' : sum === undefined && line !== '' && !/^[A-Za-z0-9+/=]+$/.test(line)) {
      throw new ArmorError(`line ${at + 1} does not belong into a key block`)
    }
    if (sum === undefined) body.push(line)
    else checksum = sum
  }
  throw new ArmorError(`the key block in line ${start} has no end`)
}

function decode(body: readonly string[], checksum: string | undefined, line: number): Buffer {
  const base64 = body.join('')
  // Buffer.from passes over what is no base64, so that is looked for first.
  if (!base64Line.test(base64) || base64.length % 4 !== 0) {
    throw new ArmorError(`the key block in line ${line} is not complete base64`)
  }
  const bytes = Buffer.from(base64, 'base64')
  if (checksum !== undefined && crc24(bytes) !== Buffer.from(checksum, 'base64').readUIntBE(0, 3)) {
    throw new ArmorError(`the key block in line ${line} does not have the checksum that it names`)
  }
  return bytes
}

/** RFC 9580, section 6.1. */
function crc24(bytes: Uint8Array): number {
  let crc = 0xb704ce
  for (const byte of bytes) crc = ((crc << 8) & 0xffffff) ^ (crcTable[(crc >> 16) ^ byte] ?? 0)
  return crc
}

const crcTable = Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 16
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x800000 ? (crc << 1) ^ 0x1864cfb : crc << 1
  return crc & 0xffffff
})

/** Control characters other than white space: packets between the blocks, or UTF-16. */
function isBinary(line: string): boolean {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  return /[\u0000-\u0008\u000e-\u001f\u007f]/.test(line)
}
