/**
 * Every sentence that more than one place prints, and how names get into them. Names come from archives and registries:
 * control characters are escaped, so that no chart can write to the terminal.
 */

/** One of our lines for stderr, without the newline. */
export function line(sentence: string): string {
  return `helm-verify-shim: ${sentence}`
}

/** A name in quotes, with what could confuse a terminal escaped. */
export function quote(name: string): string {
  return `"${escapeName(name).replaceAll('"', '\\"')}"`
}

/** A name with control and invisible direction characters escaped. */
export function escapeName(name: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  return name.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, (char) =>
    char === '\n' ? '\\n' : `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`,
  )
}

/** A reference without the password that its URL may hold. */
export function hidePassword(reference: string): string {
  return reference.replace(/^([a-z+]+:\/\/[^/?#]*?):[^/?#]*@/i, '$1:…@')
}

/** Up to ten names, one a line, and how many were left out. */
export function listed(names: readonly string[]): string[] {
  const shown = names.slice(0, 10).map((name) => `  ${escapeName(name)}`)
  return names.length > 10 ? [...shown, `  … and ${names.length - 10} more`] : shown
}
