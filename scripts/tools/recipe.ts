import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'

/** How a real tool is built: what its folder under tools/ says. */
export interface Recipe {
  readonly name: string
  readonly folder: string
  /** The Go package of its program: the one that tools.go imports, or the folder itself. */
  readonly package: string
  readonly ldflags: string
  /** A helm plugin: plugin.yaml beside bin/NAME. */
  readonly plugin: boolean
  /** How long it takes on two cores with an empty build cache, about. */
  readonly seconds: number
  /** Of all files of the folder: what was built from the same ones need not be built again. */
  readonly digest: string
}

const tools = join(import.meta.dirname, '../../tools')

/** All tools: a folder under tools/ is one. */
export function recipes(): Recipe[] {
  return names().map(recipe)
}

function names(): string[] {
  const entries = readdirSync(tools, { withFileTypes: true })
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
}

/**
 * The recipe of one tool.
 * @throws Error that names the tools there are, if this is none
 */
export function recipe(name: string): Recipe {
  const folder = join(tools, name)
  if (!existsSync(join(folder, 'go.mod')))
    throw new Error(`There is no tool "${name}"; there are ${names().join(', ')}.`)
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort()
  const said = files.includes('tool.json')
    ? (JSON.parse(readFileSync(join(folder, 'tool.json'), 'utf8')) as Partial<Recipe>)
    : {}
  const hash = createHash('sha256')
  for (const file of files)
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(folder, file)))
      .update('\0')
  // A module that builds a program of a folder beside it depends on that folder's files too.
  const beside = /=> \.\.\/([\w.-]+)/.exec(readFileSync(join(folder, 'go.mod'), 'utf8'))?.[1]
  if (beside !== undefined) hash.update(recipe(beside).digest)
  return {
    name,
    folder,
    package: said.package ?? importedPackage(folder),
    ldflags: ['-s', '-w', said.ldflags ?? ''].join(' ').trim(),
    plugin: said.plugin ?? false,
    seconds: said.seconds ?? 20,
    digest: hash.digest('hex'),
  }
}

function importedPackage(folder: string): string {
  const found = /^import _ "(.+)"$/m.exec(readFileSync(join(folder, 'tools.go'), 'utf8'))?.[1]
  if (found === undefined) throw new Error(`${folder}/tools.go imports no program`)
  return found
}
