/**
 * Whether helm's only complaint is that the provenance does not list the packed chart by its name. helm says so after it
 * has found the signature good, and before it compares the hash.
 *
 * helm: pkg/provenance/sign.go Verify, the same words from 3.7 to 4.3
 * @param stderr all that helm printed: its one error is the last line, whatever warnings stand before it
 */
export function helmNameComplaint(stderr: string): boolean {
  const lines = stderr.split(/\r?\n/).filter((line) => line !== '')
  const errors = lines.filter((line) => line.startsWith('Error: '))
  // Go's %q escapes quotes and line ends, so that a file name cannot end the sentence.
  return (
    errors.length === 1 &&
    errors[0] === lines.at(-1) &&
    /^Error: provenance does not contain a SHA for a file named "(?:[^"\\]|\\.)*"$/.test(lines.at(-1) ?? '')
  )
}
