import { availableParallelism } from 'node:os'
import { pathToFileURL } from 'node:url'
import { buildTool, cacheFolder, isBuilt, linkTool } from './tools/build-tool.ts'
import { goVersion } from './tools/go.ts'
import { recipe, recipes } from './tools/recipe.ts'

/**
 * Builds the real tools that are missing, and links all of them into `.tools/bin`. One that fails stops the others.
 * @param names which; all if left out
 * @param stop ends everything early
 * @throws Error that says what is missing, or what go said
 */
export async function buildTools(
  names?: readonly string[],
  log: (line: string) => void = console.error,
  stop = new AbortController(),
): Promise<void> {
  const wanted = names ? names.map(recipe) : recipes()
  const go = await goVersion()
  // The longest first: they decide when all are done.
  const missing = wanted.filter((tool) => !isBuilt(tool, go)).sort((a, b) => b.seconds - a.seconds)
  if (missing.length > 0) {
    const minutes = Math.ceil(missing.reduce((sum, { seconds }) => sum + seconds, 0) / 60)
    log(`Building ${missing.length} real tools from source, once: ${missing.map(({ name }) => name).join(', ')}.`)
    log(`Up to ${minutes} min on two cores, much less with a warm Go cache. They are kept in ${cacheFolder()}.`)
  }
  let next = 0
  let done = 0
  const failures: unknown[] = []
  const worker = async () => {
    for (let tool = missing[next++]; tool && !stop.signal.aborted; tool = missing[next++]) {
      log(`  building ${tool.name} (up to ${tool.seconds} s) …`)
      const began = Date.now()
      try {
        await buildTool(tool, go, stop.signal)
        log(`  [${++done}/${missing.length}] ${tool.name} in ${Math.round((Date.now() - began) / 1000)} s`)
      } catch (error) {
        failures.push(error)
        stop.abort()
      }
    }
  }
  // go build uses all cores by itself while it compiles, but only one while it links.
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, worker))
  if (failures.length > 0) throw failures[0]
  for (const tool of wanted) linkTool(tool, go)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const names = process.argv.slice(2)
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      stop.abort()
    })
  }
  buildTools(names.length > 0 ? names : undefined, console.error, stop).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  })
}
