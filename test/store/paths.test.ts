import { expect, it } from 'vitest'
import { archivePath, receiptPath, selfAndAbove, statePaths } from '../../src/store/paths.ts'

it.each([
  [{ XDG_STATE_HOME: '/x', HOME: '/h' }, '/x/helm-verify-shim'],
  [{ XDG_STATE_HOME: '', HOME: '/h' }, '/h/.local/state/helm-verify-shim'],
  [{ HOME: '/h' }, '/h/.local/state/helm-verify-shim'],
  [{}, undefined],
  [{ XDG_STATE_HOME: 'relative', HOME: '/h' }, undefined],
])('the state folder of %j is %s', (env, root) => {
  expect(statePaths(env)?.root).toBe(root)
})

it("mirrors a directory's path, so that the gate finds its receipt with one test", () => {
  const paths = { root: '/s', dirs: '/s/dirs', archives: '/s/archives' }
  expect(receiptPath(paths, '/a b/c')).toBe('/s/dirs/a b/c/receipt.json')
  expect(receiptPath(paths, 'C:\\x'.replace('\\', '/'))).toBe('/s/dirs/C/x/receipt.json')
  expect(archivePath(paths, 'sha256:ab', 'demo-0.1.0.tgz')).toBe('/s/archives/ab/demo-0.1.0.tgz')
})

it('walks from a directory up to the root', () => {
  expect(selfAndAbove('/a/b')).toEqual(['/a/b', '/a', '/'])
  expect(selfAndAbove('/')).toEqual(['/'])
})
