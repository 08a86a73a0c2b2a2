import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MatrixBed, type Place } from '../helpers/matrix-bed.ts'
import type { Outcome } from '../helpers/sandbox.ts'
import { helmfiles } from '../helpers/tools.ts'

// helmfile itself, with the shim as its helm: what it renders has to be what it renders without.
let bed: MatrixBed

beforeAll(async () => {
  bed = await new MatrixBed().start()
})

afterAll(async () => {
  await bed.stop()
})

const worlds = helmfiles.flatMap((helmfile) =>
  (helmfile === 'helmfile-1.8.0' ? (['helm3', 'helm4'] as const) : (['helm3'] as const)).map(
    (helm) => [helmfile, helm] as const,
  ),
)

describe.each(worlds)('%s template with %s', (helmfile, helm) => {
  const render = async (
    chart: string,
    how: { shim: boolean; byBinary?: boolean; env?: NodeJS.ProcessEnv },
  ): Promise<Outcome & { place: Place }> => {
    const place = await bed.place(`template-${Math.random().toString(36).slice(2)}`, helm)
    const release = {
      name: 'demo',
      chart,
      version: '0.1.0',
      verify: true,
      keyring: bed.signers.keyring,
      namespace: 'n',
    }
    return { ...(await place.helmfile({ helmfile, ...how }, [release], ['template'])), place }
  }
  const ways = [
    ['PATH', { shim: true }],
    ['--helm-binary', { shim: true, byBinary: true }],
  ] as const

  it.each(ways)('renders an OCI chart as with helm alone: %s', async (_, how) => {
    const alone = await render('oci/signed', { shim: false })
    const { code, stdout, place } = await render('oci/signed', how)
    expect({ code, stdout: plain(stdout) }).toEqual({ code: 0, stdout: plain(alone.stdout) })
    expect(stdout).toContain('name: demo-signed')
    // It did go through the shim.
    const receipts = readdirSync(join(place.folder, 'state/helm-verify-shim/dirs'), { recursive: true })
    expect(receipts.filter((path) => path.toString().endsWith('receipt.json'))).toHaveLength(1)
  })

  it.each(ways)('renders a classic chart as with helm alone: %s', async (_, how) => {
    const alone = await render('cls/signed', { shim: false })
    const { code, stdout } = await render('cls/signed', how)
    expect({ code, stdout: plain(stdout) }).toEqual({ code: 0, stdout: plain(alone.stdout) })
  })

  it.each(ways)('ends as with helm alone where the chart is not signed: %s', async (_, how) => {
    const alone = await render('oci/unsigned', { shim: false })
    const { code, stderr, place } = await render('oci/unsigned', how)
    // Only the newer helmfile asks to verify when it renders.
    expect(code).toBe(alone.code)
    expect(code === 0).toBe(helmfile === 'helmfile-0.167.1')
    if (code !== 0) expect(stderr).toContain('failed to fetch provenance')
    expect(readdirSync(join(place.folder, 'tmp')).filter((name) => name.startsWith('helm-verify-shim'))).toEqual([])
  })

  it.each(ways)('does not render what is not signed where the environment requires it: %s', async (_, how) => {
    const env = { HELM_VERIFY_SHIM_REQUIRE: '1', HELM_VERIFY_SHIM_KEYRING: bed.signers.keyring }
    const refused = await render('oci/unsigned', { ...how, env })
    expect(refused.code).not.toBe(0)
    expect(refused.stdout).not.toContain('kind: ConfigMap')
    expect(refused.stderr).toContain('failed to fetch provenance')
    const rendered = await render('oci/signed', { ...how, env })
    expect(rendered).toMatchObject({ code: 0, stdout: expect.stringContaining('name: demo-signed') as string })
  })
})

/** What helmfile prints of its own: names of temporary folders and the place's paths. */
function plain(stdout: string): string {
  return stdout.replace(/^(?!---|#|apiVersion|kind|metadata|data| ).*\n/gm, '')
}
