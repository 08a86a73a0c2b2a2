import { defineConfig } from 'vitest/config'

// `unit` needs nothing but Node; `real` runs the real helm, helmfile, registry and API server (built on first use).
export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 120_000,
    projects: [
      { extends: true, test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: ['test/e2e/**'], globalSetup: ['test/helpers/build-shim.ts'] } },
      { extends: true, test: { name: 'real', include: ['test/e2e/**/*.test.ts'], globalSetup: ['test/helpers/build-shim.ts', 'test/helpers/build-tools.ts'] } },
    ],
  },
})
