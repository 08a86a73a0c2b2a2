import { appendFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Outcome } from './sandbox.ts'

/** A place where a shim is installed in front of a real helm: this machine, or a root folder with little in it. */
export interface Place {
  /** Runs `helm` from PATH, the shim first. */
  readonly helm: (...args: readonly string[]) => Promise<Outcome>
  /** Runs the real helm alone. */
  readonly realHelm: (...args: readonly string[]) => Promise<Outcome>
  /** A classic repository with the charts `signed` and `unsigned`. */
  readonly url: string
  /** The keyring, and an empty folder to work in, as programs see them. */
  readonly keyring: string
  readonly work: string
  /** The same folder as this test sees it. */
  readonly workHere: string
}

/**
 * What an installed shim has to do, from nothing to a verified deployment. To be called within `describe`.
 * @param place asked for in each test: it is made in `beforeAll`
 */
export function itDoesItsJob(place: () => Place): void {
  it('hands helm version over, and prints nothing of its own', async () => {
    const { helm, realHelm } = place()
    expect(await helm('version', '--short')).toEqual(await realHelm('version', '--short'))
  })

  it('pulls, verifies and unpacks a signed chart, which then deploys with --verify', async () => {
    const { helm, realHelm, url, keyring, work, workHere } = place()
    const flags = ['--verify', '--keyring', keyring]
    const pulled = await helm('pull', 'signed', '--repo', url, '--untar', ...flags, '-d', work)
    expect(pulled).toMatchObject({ code: 0, stderr: '' })
    expect(pulled.stdout).toContain('Signed by: Trusted')
    expect(existsSync(join(workHere, 'signed/Chart.yaml'))).toBe(true)
    expect(await realHelm('template', 'demo', join(work, 'signed'), ...flags)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('unpacked charts cannot be verified') as string,
    })
    const rendered = await helm('template', 'demo', join(work, 'signed'), ...flags)
    expect(rendered).toMatchObject({ code: 0, stderr: '' })
    expect(rendered.stdout).toContain('name: demo-signed')
  })

  it('refuses a chart that was changed after that', async () => {
    const { helm, url, keyring, work, workHere } = place()
    const changed = join(workHere, 'changed')
    mkdirSync(changed)
    const options = ['--repo', url, '--untar', '--verify', '--keyring', keyring, '-d', join(work, 'changed')]
    expect(await helm('pull', 'signed', ...options)).toMatchObject({ code: 0 })
    appendFileSync(join(changed, 'signed/templates/configmap.yaml'), '  evil: "yes"\n')
    const { code, stdout, stderr } = await helm('template', 'demo', join(work, 'changed/signed'))
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('templates/configmap.yaml')
  })

  it('refuses an unsigned chart as helm does, and leaves nothing', async () => {
    const { helm, url, keyring, work, workHere } = place()
    mkdirSync(join(workHere, 'unsigned'))
    const options = ['--untar', '--verify', '--keyring', keyring, '-d', join(work, 'unsigned')]
    const { code, stderr } = await helm('pull', 'unsigned', '--repo', url, ...options)
    expect(code).toBe(1)
    expect(stderr).toContain('failed to fetch provenance')
    expect(readdirSync(join(workHere, 'unsigned'))).toEqual([])
  })
}
