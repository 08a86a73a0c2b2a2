import { defineConfig } from 'vitest/config'

// `unit` needs nothing but Node. `shim` runs the built gate and engine against a recording helm. `real` runs the real
// helm, helmfile, registry and API server, which are built on first use.
const results = process.env['TEST_RESULTS']
const buildShim = 'test/helpers/build-shim.ts'
export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 180_000,
    reporters: results === undefined ? ['default'] : ['default', ['json', { outputFile: results }]],
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: ['test/{gate,shim,e2e}/**'] },
      },
      {
        extends: true,
        test: { name: 'shim', include: ['test/{gate,shim}/**/*.test.ts'], globalSetup: [buildShim] },
      },
      {
        extends: true,
        test: {
          name: 'real',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: [buildShim, 'test/helpers/build-tools.ts'],
        },
      },
    ],
  },
})
