import { expect, it } from 'vitest'
import { earlyGlobals } from '../../src/argv/early.ts'

it.each([
  ['pull x --debug -n ns', 'debug=true namespace=ns'],
  ['--namespace=a pull x --namespace b', 'namespace=a namespace=b'],
  // An unknown flag takes the next word with it, but not one that begins with a dash.
  ['pull --version 1 --untar --debug', 'debug=true'],
  ['pull --version --debug', 'debug=true'],
  ['pull --version -n -d out', 'namespace=-d'],
  // Letters of unknown flags, then -n with the rest of the word.
  ['upgrade r c -fnginx.yaml', 'namespace=ginx.yaml'],
  ['upgrade r c -if=nginx.yaml', ''],
  ['upgrade r c -in ns', 'namespace=ns'],
  ['upgrade r c -if --debug', 'debug=true'],
  ['upgrade r c -xtest.n -n ns', 'namespace=ns'],
  // What stops helm's early reading.
  ['pull -h --debug', ''],
  ['pull --help --debug', ''],
  ['pull -fvalues.yaml --debug', ''],
  ['pull --=x --debug', ''],
  ['pull ---x --debug', ''],
  ['pull -- --debug', ''],
  ['pull --debug=maybe -n ns', ''],
  ['pull -n', ''],
])('helm %s', (argv, found) => {
  expect(
    earlyGlobals(argv.split(' '))
      .map(([name, value]) => `${name}=${value}`)
      .join(' '),
  ).toBe(found)
})
