import { describe, expect, it } from 'vitest'
import type { HelmfileRepository, HelmfileState, ListedRelease } from '../../../src/commands/check/helmfile-output.ts'
import { targetOf, type TargetContext } from '../../../src/commands/check/target.ts'

const repositories: HelmfileRepository[] = [
  { name: 'oci', url: 'host:5000/charts/', oci: true, caFile: 'ca.pem' },
  { name: 'scheme', url: 'oci://host/charts', oci: true },
  { name: 'cls', url: 'https://charts.example.com' },
]
const state: HelmfileState = { directory: '/hf', keyring: undefined, devel: false, repositories, releases: [] }
const context: TargetContext = { keyring: '/mine.gpg', env: {}, isDirectory: () => false }
const listed = (chart: string, more: Partial<ListedRelease> = {}): ListedRelease => ({
  name: 'a',
  namespace: '',
  enabled: true,
  installed: true,
  chart,
  version: '',
  ...more,
})
const target = (chart: string, more: Partial<ListedRelease> = {}, with_: Partial<HelmfileState> = {}) =>
  targetOf(listed(chart, more), [{ ...state, ...with_ }], context)
const request = (...args: Parameters<typeof target>) => {
  const found = target(...args)
  return found.kind === 'chart' ? found.request : undefined
}

describe('targetOf', () => {
  it.each<[string, Partial<ListedRelease>, string, Record<string, unknown>]>([
    ['oci/demo', { version: '1.2.3' }, 'oci://host:5000/charts/demo', { version: '1.2.3', 'ca-file': '/hf/ca.pem' }],
    ['oci/a/demo', {}, 'oci://host:5000/charts/a/demo', { 'ca-file': '/hf/ca.pem' }],
    ['scheme/demo', {}, 'oci://host/charts/demo', {}],
    ['oci://other/demo', { version: '1' }, 'oci://other/demo', { version: '1' }],
    ['oci://other/demo', { version: '1.0.0@sha256:ab' }, 'oci://other/demo@sha256:ab', {}],
    ['cls/demo', { version: '^1' }, 'demo', { version: '^1', repo: 'https://charts.example.com' }],
    ['unknown/demo', {}, 'unknown/demo', {}],
    ['https://host/demo-1.0.0.tgz', {}, 'https://host/demo-1.0.0.tgz', {}],
  ])('%s %j is %s', (chart, more, reference, flags) => {
    expect(request(chart, more)).toEqual({ reference, flags, keyring: '/mine.gpg' })
  })

  it.each(['./chart', '../chart', '.', '/abs/chart', './demo-1.0.0.tgz', 'chart'])('%s is local', (chart) => {
    expect(target(chart)).toEqual({ kind: 'local' })
  })

  it('a directory is local, whatever it looks like', () => {
    const isDirectory = (path: string) => path === '/hf/charts/demo'
    expect(targetOf(listed('charts/demo'), [state], { ...context, isDirectory })).toEqual({ kind: 'local' })
  })

  it.each<[string, Partial<ListedRelease>]>([
    ['cls/demo', { enabled: false }],
    ['cls/demo', { installed: false }],
    ['git::https://host/repo.git@charts/demo?ref=v1', {}],
    ['https://user@host/x.git', {}],
  ])('%s %j is skipped, with a reason', (chart, more) => {
    expect(target(chart, more)).toMatchObject({ kind: 'skipped', why: expect.stringMatching(/./) as unknown })
  })

  it("takes the release's keyring, else its repository's, else the default, else ours", () => {
    const release = { name: 'a', chart: 'cls/demo' }
    const withRing = [{ name: 'cls', url: 'https://x', keyring: 'repository.gpg' }]
    const keyring = (with_: Partial<HelmfileState>) => request('cls/demo', {}, with_)?.keyring
    const all = { keyring: 'default.gpg', repositories: withRing, releases: [{ ...release, keyring: 'release.gpg' }] }
    expect(keyring(all)).toBe('/hf/release.gpg')
    expect(keyring({ ...all, releases: [release] })).toBe('/hf/repository.gpg')
    expect(keyring({ keyring: 'default.gpg' })).toBe('/hf/default.gpg')
    expect(keyring({ keyring: '/abs.gpg' })).toBe('/abs.gpg')
    expect(keyring({})).toBe('/mine.gpg')
  })

  it('finds a release among several helmfiles by its name, its chart and its namespace', () => {
    const other = { ...state, directory: '/other' }
    const releases = [
      { name: 'a', chart: 'cls/demo', namespace: 'x', keyring: 'x.gpg' },
      { name: 'a', chart: 'cls/demo', namespace: 'y', keyring: 'y.gpg' },
    ]
    const found = targetOf(listed('cls/demo', { namespace: 'y' }), [other, { ...state, releases }], context)
    expect(found).toMatchObject({ request: { reference: 'demo', keyring: '/hf/y.gpg' } })
  })

  it('takes prereleases only where no version is given', () => {
    const with_ = { releases: [{ name: 'a', chart: 'cls/demo', devel: true }] }
    expect(request('cls/demo', {}, with_)?.flags).toMatchObject({ devel: true })
    expect(request('cls/demo', { version: '1' }, with_)?.flags).not.toHaveProperty('devel')
  })

  it("hands a repository's certificates and credentials on", () => {
    const repository = {
      name: 'my-repo',
      url: 'https://x',
      certFile: 'c.pem',
      keyFile: '/k.pem',
      username: 'me',
      skipTLSVerify: true,
      passCredentials: true,
      plainHttp: true,
    }
    const env = { MY_REPO_PASSWORD: 'secret', MY_REPO_USERNAME: 'other' }
    const found = targetOf(listed('my-repo/demo'), [{ ...state, repositories: [repository] }], { ...context, env })
    expect(found).toMatchObject({
      request: {
        flags: {
          'cert-file': '/hf/c.pem',
          'key-file': '/k.pem',
          username: 'me',
          password: 'secret',
          'insecure-skip-tls-verify': true,
          'pass-credentials': true,
          'plain-http': true,
        },
      },
    })
    expect(request('cls/demo')?.flags).toEqual({ repo: 'https://charts.example.com' })
  })
})
