import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

/** Before the tests that run the shim: builds it. */
export default function setup(): void {
  execFileSync(process.execPath, [join(import.meta.dirname, '../../scripts/build.ts')], { stdio: 'inherit' })
}
