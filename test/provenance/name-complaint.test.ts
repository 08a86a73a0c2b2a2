import { describe, expect, it } from 'vitest'
import { helmNameComplaint } from '../../src/provenance/name-complaint.ts'

const complaint = 'Error: provenance does not contain a SHA for a file named "alias-0.1.0.tgz"'

describe('it is the only complaint', () => {
  it.each([
    ['when it is alone', `${complaint}\n`],
    ['on Windows', `${complaint}\r\n`],
    ['after what the registry client says', `Pulled: localhost:5000/alias:0.1.0\nDigest: sha256:00\n${complaint}\n`],
    ['after a warning', `WARNING: Kubernetes configuration file is group-readable.\n${complaint}\n`],
    ['about a name with quotes', `${complaint.replace('alias', String.raw`a\"b\\`)}\n`],
  ])('%s', (_, stderr) => {
    expect(helmNameComplaint(stderr)).toBe(true)
  })
})

describe('it is not', () => {
  it.each([
    ['when helm says nothing', ''],
    ['when the signature is bad', 'Error: openpgp: signature made by unknown entity\n'],
    ['when the hash is another', 'Error: sha256 sum does not match for demo-0.1.0.tgz: "sha256:00" != "sha256:01"\n'],
    ['when another error comes first', `Error: out of luck\n${complaint}\n`],
    ['when another error comes last', `${complaint}\nError: out of luck\n`],
    ['when something else follows', `${complaint}\nand more\n`],
    ['when more stands in its line', `${complaint} and more\n`],
    ['when a name only holds the words', `Error: cannot read "x: ${complaint.slice(7)}"\n`],
    ['when a warning holds the words', `WARNING: ${complaint.slice(7)}\n`],
  ])('%s', (_, stderr) => {
    expect(helmNameComplaint(stderr)).toBe(false)
  })
})
