/** Quotes a name for a message. The name holds one byte per character; what is not printable UTF-8 is escaped. */
export function quote(name: string): string {
  return `"${escapeName(name)}"`
}

/** A name of bytes (one per character) as text that cannot move a terminal's cursor. */
export function escapeName(name: string): string {
  return escapeText(Buffer.from(name, 'latin1').toString('utf8'), name)
}

function escapeText(text: string, bytes: string): string {
  // A replacement character that the name did not hold means that it is not UTF-8: show its bytes.
  const shown = text.includes('\ufffd') ? bytes : text
  return shown.replace(/["\\]|[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]|[\x80-\xff]/gu, (char) => {
    const code = char.codePointAt(0) ?? 0
    if (char === '"' || char === '\\') return `\\${char}`
    if (shown === text && code > 0x9f && /[^\p{C}\p{Zl}\p{Zp}]/u.test(char)) return char
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`
  })
}
