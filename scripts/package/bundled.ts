import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

/** A package whose code is in the engine. */
export interface Bundled {
  readonly name: string
  readonly version: string
  readonly license: string
  /** The text of its licence. */
  readonly text: string
}

/**
 * The packages that the engine is bundled from, by name.
 * @throws where one of them says nothing of its licence, which has to go with the engine
 */
export async function bundledPackages(root: string): Promise<Bundled[]> {
  const { metafile } = await build({
    entryPoints: [join(root, 'src/main.ts')],
    bundle: true,
    platform: 'node',
    write: false,
    metafile: true,
    absWorkingDir: root,
    logLevel: 'silent',
  })
  const folders = Object.keys(metafile.inputs).flatMap((file) => {
    return /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []
  })
  return [...new Set(folders)].sort().map((folder) => describe(join(root, folder)))
}

function describe(folder: string): Bundled {
  const { name, version, license, author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly [field in 'name' | 'version' | 'license']: string
  } & { readonly author?: string | { readonly name: string } }
  const file = readdirSync(folder).find((entry) => /^licen[cs]e(\.\w+)?$/i.test(entry))
  if (file !== undefined) return { name, version, license, text: readFileSync(join(folder, file), 'utf8').trim() }
  const by = typeof author === 'string' ? author : author?.name
  if (!license || by === undefined) throw new Error(`${name} ${version} has neither a licence nor an author`)
  return { name, version, license, text: `It has no file of its licence; its package.json says: ${license}, by ${by}.` }
}

/** The file of licences that goes with the engine. */
export function notices(packages: readonly Bundled[]): string {
  const blocks = packages.map(({ name, version, license, text }) => `${name} ${version} (${license})\n\n${text}\n`)
  return ['The engine of helm-verify-shim contains these packages.\n', ...blocks].join(`\n${'-'.repeat(80)}\n\n`)
}
