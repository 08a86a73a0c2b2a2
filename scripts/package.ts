import { join } from 'node:path'
import { makePackage } from './package/make.ts'

/** `npm run package [FOLDER]`: makes the npm package, to be packed or published from dist/package or that folder. */
const root = join(import.meta.dirname, '..')
await makePackage(root, process.argv[2] ?? join(root, 'dist/package'))
