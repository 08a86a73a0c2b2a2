import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createHash } from 'node:crypto'
import { statePaths, type StatePaths } from '../../src/store/paths.ts'
import { saveReceipt } from '../../src/store/save.ts'
import { folder } from '../helpers/folder.ts'

/** A folder with helmfile's cache and a state folder, in which charts can be said to have been unpacked. */
export class Bed {
  readonly root = folder({ 'pulled.tgz': 'packed', 'pulled.tgz.prov': 'signed' })
  readonly env: NodeJS.ProcessEnv = {
    XDG_STATE_HOME: join(this.root, 'state'),
    HELMFILE_CACHE_HOME: join(this.root, 'cache'),
    HOME: join(this.root, 'home'),
  }
  readonly paths = statePaths(this.env) as StatePaths

  at(path: string): string {
    return join(this.root, path)
  }

  /** A chart's directory, at a path below the root. */
  chart(path: string, name = 'demo', version = '0.1.0'): string {
    const file = join(this.root, path, 'Chart.yaml')
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, `name: ${name}\nversion: ${version}\n`)
    return dirname(file)
  }

  /** The same, with a receipt. */
  unpacked(path: string, options: { verified?: boolean; name?: string; version?: string; at?: string } = {}): string {
    const { verified = true, name = 'demo', version = '0.1.0' } = options
    const directory = this.chart(path, name, version)
    const packed = this.at('pulled.tgz')
    saveReceipt(
      this.paths,
      {
        ...{ directory, name, version, verified, archive: `${name}-${version}.tgz`, provenance: true },
        digest: `sha256:${createHash('sha256').update('packed').digest('hex')}`,
        ...{
          reference: 'oci://r/demo',
          repository: undefined,
          signers: [],
          fingerprint: undefined,
          keyring: undefined,
        },
        unpackedAt: options.at ?? '2026-01-01T00:00:00.000Z',
      },
      packed,
    )
    return directory
  }
}
