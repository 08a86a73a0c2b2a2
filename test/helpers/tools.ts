import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')

/** The path of a real tool in `.tools/bin`. */
export function tool(name: string): string {
  return join(process.env['TOOLS_BIN'] ?? join(root, '.tools/bin'), name)
}

/** The built shim: `helm` and `helm-verify-shim`. */
export const shimFolder = process.env['SHIM_BIN'] ?? join(root, 'dist/bin')

/** The folder of the Node that runs the tests, for a PATH. */
export const nodeFolder = join(process.execPath, '..')

/** The helms that most tests run with; `helm3.7` is the oldest that is supported. */
export const helms = ['helm3', 'helm4'] as const
export type Helm = (typeof helms)[number] | 'helm3.7'

export const helmfiles = ['helmfile-0.167.1', 'helmfile-1.8.0'] as const
export type Helmfile = (typeof helmfiles)[number]
