/** How the keys are stored in a keyring file. */
export type KeyringFormat =
  /** Packets one after the other, or whatever else helm may find in it: every helm reads it by itself. */
  | 'binary'
  /** ASCII armor, as `gpg --export --armor` writes it. */
  | 'armored'
  /** GnuPG's `pubring.kbx`. */
  | 'keybox'

/** As many bytes as `keyringFormat` needs. */
export const headLength = 12

/**
 * The format that a keyring's first bytes tell. A packet begins with a byte whose highest bit is set, which no text in
 * ASCII does; a keybox has its magic in the first blob's header.
 *
 * helm: pkg/provenance/keybox.go isKeybox (4.3); go-crypto's packet.readHeader ("tag byte does not have MSB set")
 * @param head the first bytes, `headLength` of them if the file has so many
 */
export function keyringFormat(head: Uint8Array): KeyringFormat {
  const first = head[0]
  if (first === undefined) return 'binary'
  if (head[4] === 1 && Buffer.from(head.subarray(8, 12)).toString('latin1') === 'KBXf') return 'keybox'
  // Windows' editors put a byte order mark before text; as a packet it would have a tag that does not exist.
  const isMarked = first === 0xef && head[1] === 0xbb && head[2] === 0xbf
  return first < 0x80 || isMarked ? 'armored' : 'binary'
}
