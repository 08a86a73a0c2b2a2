import { describe, expect, it } from 'vitest'
import { formatManifest, parseManifest } from '../../../src/commands/install/manifest.ts'

const manifest = {
  version: '1.2.3',
  files: { helm: ['sha256:00'], 'helm-verify-shim': ['sha256:01', 'sha256:02'] },
  folders: ['/a'],
}

describe('parseManifest', () => {
  it('reads what formatManifest wrote', () => {
    expect(parseManifest(formatManifest(manifest))).toEqual(manifest)
  })

  it.each([
    ['text that is not JSON', 'x'],
    ['a list', '[]'],
    ['a later format', JSON.stringify({ format: 2, ...manifest })],
    [
      'a file with a name that we never give',
      JSON.stringify({ format: 1, ...manifest, files: { '../x': ['sha256:00'] } }),
    ],
    ['digests that are no list', JSON.stringify({ format: 1, ...manifest, files: { helm: 'sha256:00' } })],
    ['folders that are no texts', JSON.stringify({ format: 1, ...manifest, folders: [1] })],
  ])('refuses %s', (_, text) => {
    expect(parseManifest(text)).toBeUndefined()
  })
})
