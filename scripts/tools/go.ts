import { execa } from 'execa'

/** The oldest Go that all tools build with: what their go.mod files ask for. */
const needed = [1, 26] as const

/**
 * Makes sure that Go is there and new enough.
 * @returns its version, major and minor: 1.26
 * @throws Error that says what is missing and what to do
 */
export async function goVersion(): Promise<string> {
  const { stdout, exitCode } = await execa('go', ['env', 'GOVERSION'], { reject: false })
  const found = /^go(\d+)\.(\d+)/.exec(stdout)
  const ask = `Go ${needed.join('.')} or later builds the real tools (helm, helmfile, the registry, …) that the tests and the demo run`
  if (exitCode !== 0 || !found) {
    throw new Error(`There is no working "go" on PATH. ${ask}: install it from https://go.dev/dl and run this again.`)
  }
  const [major, minor] = [Number(found[1]), Number(found[2])]
  if (major < needed[0] || (major === needed[0] && minor < needed[1])) {
    throw new Error(`This is ${stdout}. ${ask}: install it from https://go.dev/dl and run this again.`)
  }
  return `${major}.${minor}`
}
