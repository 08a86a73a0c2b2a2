/**
 * The text of the first clear-signed message in a file: what its signature is over, but for line ends and white space at
 * the end of lines. The same message, by the same marks, that helm finds, or none: never another one, or a file could
 * show us one text and helm another.
 *
 * helm: go-crypto's clearsign.Decode (x/crypto's up to helm 3.8)
 */
export function clearSignedText(file: string): string | undefined {
  const lines = file.split('\n').map((line) => line.replace(/\r$/, ''))
  // Go looks for the mark at the start of a line; what stands before the message is passed over.
  const start = lines.findIndex((line) => line.startsWith('-----BEGIN PGP SIGNED MESSAGE-----'))
  if (start < 0 || lines[start] !== '-----BEGIN PGP SIGNED MESSAGE-----') return undefined
  const blank = lines.findIndex((line, at) => at > start && line.trim() === '')
  if (blank < 0 || !lines.slice(start + 1, blank).every((line) => /^ *Hash *:[\x20-\x7e]*$/.test(line)))
    return undefined
  const end = lines.findIndex((line, at) => at > blank && line === '-----BEGIN PGP SIGNATURE-----')
  const closed = lines.findIndex((line, at) => at > end && line.startsWith('-----END PGP SIGNATURE-----'))
  if (end < 0 || closed < 0) return undefined
  return lines
    .slice(blank + 1, end)
    .map((line) => (line.startsWith('- ') ? line.slice(2) : line).replace(/[ \t]+$/, ''))
    .join('\n')
}
