import { availableParallelism } from 'node:os'
import { pathToFileURL } from 'node:url'
import { buildTool, cacheFolder, isBuilt, linkTool } from './tools/build-tool.ts'
import { goVersion } from './tools/go.ts'
import { recipe, recipes } from './tools/recipe.ts'

/**
 * Builds the real tools that are missing, and links all of them into `.tools/bin`.
 * @param names which; all if left out
 * @throws Error that says what is missing, or what go said
 */
export async function buildTools(
  names?: readonly string[],
  log: (line: string) => void = console.error,
): Promise<void> {
  const wanted = names ? names.map(recipe) : recipes()
  const go = await goVersion()
  // The longest first: they decide when all are done.
  const missing = wanted.filter((tool) => !isBuilt(tool, go)).sort((a, b) => b.seconds - a.seconds)
  if (missing.length > 0) {
    const minutes = Math.ceil(missing.reduce((sum, { seconds }) => sum + seconds, 0) / 60)
    log(`Building ${missing.length} real tools from source, once: ${missing.map(({ name }) => name).join(', ')}.`)
    log(`About ${minutes} minutes on two cores with an empty Go cache. They are kept in ${cacheFolder()}.`)
  }
  let next = 0
  let done = 0
  const worker = async () => {
    for (let tool = missing[next++]; tool; tool = missing[next++]) {
      log(`  building ${tool.name} …`)
      const began = Date.now()
      await buildTool(tool, go)
      log(`  [${++done}/${missing.length}] ${tool.name} in ${Math.round((Date.now() - began) / 1000)} s`)
    }
  }
  // go build uses all cores by itself while it compiles, but only one while it links.
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, worker))
  for (const tool of wanted) linkTool(tool, go)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const names = process.argv.slice(2)
  buildTools(names.length > 0 ? names : undefined).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  })
}
