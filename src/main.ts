import { basename } from 'node:path'
import { sayError } from './messages/say.ts'

/** The only file that acts on import. `as-helm HELM …` is the gate's call; all else is our own command. */
async function main(argv: readonly string[]): Promise<number> {
  const [word, helm, ...rest] = argv
  if (word === 'as-helm' && helm !== undefined) {
    const { runAsHelm } = await import('./run.ts')
    return await runAsHelm(helm, rest, process.env)
  }
  if (/^helm(\.exe)?$/i.test(basename(process.execPath))) {
    const { runAsHelmFrom } = await import('./helm/executable.ts')
    return await runAsHelmFrom(process.execPath, argv, process.env)
  }
  const { runCommand } = await import('./commands/command.ts')
  return await runCommand(argv, process.env)
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    process.exitCode = sayError(error)
  },
)
