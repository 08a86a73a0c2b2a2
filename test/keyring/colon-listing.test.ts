import { expect, it } from 'vitest'
import { readColonListing } from '../../src/keyring/colon-listing.ts'

// As gpg 2.2 prints it, with the fields that are not read left as they were.
const listing = `tru::1:1795401129:0:3:1:5
pub:-:2048:1:F6C066213EFBD5A8:1795401129:::-:::scSC::::::23::0:
fpr:::::::::A392F8A5ACD4A9856459BC8EF6C066213EFBD5A8:
uid:-::::1795401129::9E0F1A2C::Zoë\\x3a one\\x5ctwo <a@x>::::::::::0:
uid:-::::1795401129::8E0F1A2C::Second::::::::::0:
sub:e:2048:1:7FFB0DA49B3C9E6A:1795401129:1795487529:::::s::::::23:
fpr:::::::::0123F8A5ACD4A9856459BC8E7FFB0DA49B3C9E6A:
pub:r:256:22:1E10BB52B5C6F4B4:1795401129:20991231T235958::-:::sc:::::ed25519:::0:
fpr:::::::::8D46557861B13D9E2B25A1901E10BB52B5C6F4B4:
uid:r::::1795401129::7E0F1A2C::B <b@x>::::::::::0:
`

const created = new Date(1795401129_000)

it('reads keys with their user ids, subkeys and dates', () => {
  expect(readColonListing(listing)).toEqual([
    {
      fingerprint: 'A392F8A5ACD4A9856459BC8EF6C066213EFBD5A8',
      keyId: 'F6C066213EFBD5A8',
      userIds: ['Zoë: one\\two <a@x>', 'Second'],
      created,
      expires: undefined,
      revoked: false,
      expired: false,
      subkeys: [
        {
          fingerprint: '0123F8A5ACD4A9856459BC8E7FFB0DA49B3C9E6A',
          keyId: '7FFB0DA49B3C9E6A',
          created,
          expires: new Date(1795487529_000),
          revoked: false,
          expired: true,
        },
      ],
    },
    {
      fingerprint: '8D46557861B13D9E2B25A1901E10BB52B5C6F4B4',
      keyId: '1E10BB52B5C6F4B4',
      userIds: ['B <b@x>'],
      created,
      expires: new Date('2099-12-31T23:59:58Z'),
      revoked: true,
      expired: false,
      subkeys: [],
    },
  ])
})

it('reads CRLF as Windows has it', () => {
  expect(readColonListing(listing.replaceAll('\n', '\r\n'))).toEqual(readColonListing(listing))
})

it('makes no keys of what lists none', () => {
  expect(readColonListing('gpg: no valid OpenPGP data found.\nuid:::::::::lost::\nsub:e\nfpr:::::::::AA:\n')).toEqual(
    [],
  )
})
