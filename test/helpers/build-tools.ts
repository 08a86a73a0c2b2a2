import { buildTools } from '../../scripts/tools.ts'

/** Before the tests that run real tools: builds those that are missing, and says so. */
export default async function setup(): Promise<void> {
  await buildTools()
}
