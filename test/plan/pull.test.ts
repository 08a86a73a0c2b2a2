import { expect, it } from 'vitest'
import { readHelmLine } from '../../src/argv/read.ts'
import { packedArgv, planPull, type PullPlan } from '../../src/plan/pull.ts'
import { readSettings } from '../../src/settings.ts'

function plan(line: string, env = {}): PullPlan {
  const reading = readHelmLine(line.split(' ').filter(Boolean))
  if (reading.kind === 'unread') throw new Error(reading.reason)
  const planned = planPull(reading.line, readSettings(env))
  if (!planned) throw new Error('cannot be edited')
  return planned
}

/** The packed pulls of a line, one a reference, into the folder T. */
function packed(line: string, env = {}): string[] {
  const planned = plan(line, env)
  return planned.references.map((reference) => packedArgv(planned, reference, 'T').join(' '))
}

const lines: [string, string][] = [
  ['pull oci://r/demo --untar --verify', 'pull --destination=T oci://r/demo --verify'],
  ['pull oci://r/demo --untar', 'pull --prov=true --destination=T oci://r/demo'],
  ['pull oci://r/demo --untar --prov', 'pull --destination=T oci://r/demo --prov'],
  ['pull oci://r/demo --untar --verify=false', 'pull --prov=true --destination=T oci://r/demo'],
  ['pull oci://r/demo --untar --verify=0 --verify', 'pull --destination=T oci://r/demo --verify=0 --verify'],
  ['fetch r/demo --untar=true -d out --untardir in --verify', 'fetch --destination=T r/demo --verify'],
  ['pull r/demo --untar -dout --verify', 'pull --destination=T r/demo --verify'],
  ['pull r/demo --untar -d=out --verify', 'pull --destination=T r/demo --verify'],
  ['-d out pull r/demo --untar --verify', 'pull --destination=T r/demo --verify'],
  ['pull --untar --verify -- r/demo', 'pull --destination=T --verify -- r/demo'],
  [
    'pull demo --repo https://x --username u --password p --ca-file c --devel --untar --verify --keyring k',
    'pull --destination=T demo --repo https://x --username u --password p --ca-file c --devel --verify --keyring k',
  ],
  ['--debug pull r/demo --plain-http --untar --verify', '--debug pull --destination=T r/demo --plain-http --verify'],
]
it.each(lines)('helm %s → helm %s', (line, expected) => {
  expect(packed(line)).toEqual([expected])
})

it('pulls each of several references by itself', () => {
  expect(packed('pull r/one r/two --untar --verify')).toEqual([
    'pull --destination=T r/one --verify',
    'pull --destination=T r/two --verify',
  ])
})

it("names the environment's keyring where the command names none", () => {
  const env = { HELM_VERIFY_SHIM_KEYRING: 'e' }
  expect(packed('pull r/demo --untar --verify', env)).toEqual(['pull --keyring=e --destination=T r/demo --verify'])
  expect(packed('pull r/demo --untar --verify --keyring k', env)).toEqual([
    'pull --destination=T r/demo --verify --keyring k',
  ])
})

it('names a converted keyring in place of the one that the command names', () => {
  const planned = plan('pull r/demo --untar --verify --keyring=k --keyring armored')
  const [reference] = planned.references
  expect(reference && packedArgv(planned, reference, 'T', 'converted').join(' ')).toBe(
    'pull --keyring=converted --destination=T r/demo --verify',
  )
})

it('verifies under REQUIRE whatever the command says', () => {
  const env = { HELM_VERIFY_SHIM_REQUIRE: '1' }
  expect(packed('pull r/demo --untar', env)).toEqual(['pull --verify=true --destination=T r/demo'])
  expect(packed('pull r/demo --untar --verify=false', env)).toEqual(['pull --verify=true --destination=T r/demo'])
  expect(packed('pull r/demo --untar --verify --verify=f', env)).toEqual(['pull --verify=true --destination=T r/demo'])
})

it.each([
  ['', '.'],
  ['-d out', 'out'],
  ['-d out/', 'out'],
  ['-d ./out//x/', 'out/x'],
  ['--untardir in', 'in'],
  ['-d out --untardir in', 'out/in'],
  ['-d out --untardir ../x', 'x'],
  ['-d ../x', '../x'],
  ['-d out --untardir /abs/in', '/abs/in'],
  ['-d /abs', '/abs'],
  ['-d /', '/'],
  ['-d a -d b', 'b'],
])("helm pull r/demo --untar %s unpacks into %s, as Go's filepath.Join has it", (flags, target) => {
  expect(plan(`pull r/demo --untar ${flags}`).target).toBe(target)
})
