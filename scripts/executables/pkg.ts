import { createRequire } from 'node:module'

/** pkg's maker of simple single executables, with the options that are used here; its command line offers no nodePath. */
export type MakeSea = (
  entry: string,
  options: {
    seaConfig: { assets: Record<string, string>; disableExperimentalSEAWarning: boolean }
    nodePath: string
    signature: boolean
    targets: { nodeRange: string; platform: string; arch: string; output: string }[]
  },
) => Promise<void>

const require = createRequire(import.meta.url)

export const { default: makeSea } = require('@yao-pkg/pkg/lib-es5/sea.js') as {
  default: MakeSea
}

/** What puts a blob into an executable: pkg brings it along. */
export type Inject = (
  file: string,
  name: string,
  blob: Buffer,
  options: { sentinelFuse: string; machoSegmentName: string | undefined; overwrite: boolean },
) => Promise<void>

export const { inject } = createRequire(require.resolve('@yao-pkg/pkg'))('postject') as { readonly inject: Inject }
