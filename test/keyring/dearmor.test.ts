import fc from 'fast-check'
import { armor as armorPackets, enums } from 'openpgp'
import { beforeAll, describe, expect, it } from 'vitest'
import { ArmorError, dearmor, isOneBlock } from '../../src/keyring/dearmor.ts'
import { makeKeys, packets, publicKeys, type TestKeys } from './keys.ts'

let keys: TestKeys
beforeAll(async () => {
  keys = await makeKeys()
})

interface Armor {
  readonly kind?: string
  readonly headers?: readonly string[]
  readonly checksum?: string | undefined
  readonly width?: number
  readonly lineEnd?: string
}

/** Armors bytes without any of the code under test. */
function armor(bytes: Uint8Array, { kind = 'PUBLIC', headers = [], checksum, width = 64, lineEnd = '\n' }: Armor = {}) {
  const base64 = Buffer.from(bytes).toString('base64')
  const body = base64.match(new RegExp(`.{1,${width}}`, 'g')) ?? []
  const sum = checksum === undefined ? [] : [`=${checksum}`]
  const marks = [`-----BEGIN PGP ${kind} KEY BLOCK-----`, `-----END PGP ${kind} KEY BLOCK-----`] as const
  return [marks[0], ...headers, '', ...body, ...sum, marks[1], ''].join(lineEnd)
}

const latin1 = (text: string) => Buffer.from(text).toString('latin1')

describe('when the armor is whole', () => {
  it('gives back what OpenPGP.js armored, with and without the checksum', () => {
    for (const key of publicKeys(keys)) {
      for (const withChecksum of [true, false]) {
        const text = armorPackets(enums.armor.publicKey, key.write(), undefined, undefined, undefined, withChecksum)
        expect(text.includes('\n=')).toBe(withChecksum)
        expect(dearmor(text)).toEqual(Buffer.from(key.write()))
      }
    }
  })

  it('takes private key blocks too, as helm takes keyrings of secret keys', () => {
    expect(dearmor(keys.rsa.armor())).toEqual(Buffer.from(keys.rsa.write()))
  })

  it('joins the blocks in their order, whatever stands around them', () => {
    const blocks = publicKeys(keys).map((key) => key.armor())
    const text = `The keys of our team — read this:\r\n----------\n${blocks.join('\n# next\n\n')}\nThat is all.`
    expect(dearmor(latin1(text))).toEqual(packets(publicKeys(keys)))
  })

  it('gives back any bytes, at any width, with either line end, with any headers', () => {
    const headers = fc.array(fc.constantFrom('Version: GnuPG v1', 'Comment: https://gnupg.org', 'Comment:', 'Hash: x'))
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 300 }),
        fc.record({ headers, width: fc.integer({ min: 6, max: 400 }), lineEnd: fc.constantFrom('\n', '\r\n') }),
        (bytes, form) => {
          expect(dearmor(armor(bytes, form))).toEqual(Buffer.from(bytes))
        },
      ),
    )
  })

  it('reads a keyring of 5 MB', () => {
    const bytes = Buffer.alloc(5_000_000, 'keyring')
    expect(dearmor(armor(bytes)).length).toBe(bytes.length)
  })

  it('allows white space after the lines, and empty ones before the end', () => {
    const text = armor(Buffer.from('abcdef')).replaceAll('-----\n', '----- \t\n').replace('\nYWJjZGVm', '\nYWJjZGVm \n')
    expect(Buffer.from(dearmor(text)).toString()).toBe('abcdef')
  })
})

describe('when the armor is not whole', () => {
  // CRC-24/OPENPGP's check value: 0x21cf02 of "123456789".
  const good = armor(Buffer.from('123456789'), { checksum: 'Ic8C' })

  it('knows the checksum of RFC 9580', () => {
    expect(Buffer.from(dearmor(good)).toString()).toBe('123456789')
  })

  const refused: Record<string, [text: string, why: RegExp]> = {
    'a wrong checksum': [good.replace('=Ic8C', '=Ic8D'), /does not have the checksum/],
    'a changed body': [good.replace('MTIz', 'MTIy'), /does not have the checksum/],
    'no end': [good.slice(0, good.indexOf('-----END')), /has no end/],
    'an end of another kind': [good.replace('END PGP PUBLIC', 'END PGP PRIVATE'), /does not belong/],
    'a cut body': [good.replace('MTIzNDU2Nzg5', 'MTIzNDU2Nzg').replace('=Ic8C\n', ''), /not complete base64/],
    'an empty body': [good.replace('MTIzNDU2Nzg5\n=Ic8C\n', ''), /not complete base64/],
    'padding in the middle': [good.replace('MTIzNDU2Nzg5', 'MTI=\nNDU2').replace('=Ic8C\n', ''), /not complete base64/],
    'base64 after the checksum': [good.replace('=Ic8C\n', '=Ic8C\nMTIz\n'), /does not belong/],
    'two checksums': [good.replace('=Ic8C\n', '=Ic8C\n=Ic8C\n'), /does not belong/],
    'what is no base64': [good.replace('MTIz', 'MT_z'), /does not belong/],
    'no empty line after the headers': [good.replace('-----\n\n', '-----\n'), /is no armor header/],
    'a block within a block': [good.replace('MTIz', `${good}MTIz`), /does not belong/],
    'an end with no beginning': [`-----END PGP PUBLIC KEY BLOCK-----\n${good}`, /neither begins/],
    'a good block and a broken one': [good + good.replace('=Ic8C', '=AAAA'), /checksum/],
    'a signature': [good.replaceAll('PUBLIC KEY BLOCK', 'SIGNATURE'), /neither begins/],
    'a good block and a message': [`${good}-----BEGIN PGP MESSAGE-----\n\n`, /neither begins/],
    'an indented marker': [`${good}  ${good}`, /neither begins/],
    'packets beside the block': [`${good}\u0099\u0001\u0002`, /is not text/],
    'text alone': ['these are my keys', /no key block/],
    nothing: ['', /no key block/],
  }
  it.each(Object.entries(refused))('refuses all of a text with %s', (_, [text, why]) => {
    expect(() => dearmor(text)).toThrow(ArmorError)
    expect(() => dearmor(text)).toThrow(why)
  })

  it('refuses a block that is cut off anywhere', () => {
    for (let length = 0; length < good.trimEnd().length; length++) {
      expect(() => dearmor(good.slice(0, length))).toThrow(ArmorError)
    }
  })

  it('never throws anything but its own error', () => {
    const piece = fc.constantFrom(...good.split(/(?<=\n)/), '=', '\r', '\0', ' ', '-----BEGIN ', 'a:', 'AAAA', '\u00ff')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        try {
          dearmor(pieces.join(''))
        } catch (error) {
          expect(error).toBeInstanceOf(ArmorError)
        }
      }),
      { numRuns: 2000 },
    )
  })
})

describe('whether helm 4.3 reads it whole is known of', () => {
  const block = armor(Buffer.from('abcdef'))
  it.each<[string, string, boolean]>([
    ['one block', block, true],
    ['one block between empty lines', `\n \n${block}\n`, true],
    ['one block with text after it', `${block}that is all`, true],
    ['one block with text before it', `my key\n${block}`, false],
    ['one block behind a byte order mark', latin1(`\ufeff${block}`), false],
    ['two blocks', block + block, false],
    ['an indented second block', `${block}  ${block}`, false],
    ['no block', 'my key', false],
  ])('%s', (_, text, whole) => {
    expect(isOneBlock(text)).toBe(whole)
  })
})
