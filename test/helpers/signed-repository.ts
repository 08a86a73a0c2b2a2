import { makeChart } from './charts.ts'
import { startClassicRepository, type ClassicRepository } from './classic-repository.ts'
import type { Sandbox } from './sandbox.ts'
import { makeSigners, type Signers } from './signers.ts'

/** A classic repository with the charts `signed` and `unsigned`, and the keys. */
export async function startSignedRepository(
  sandbox: Sandbox,
): Promise<{ readonly signers: Signers; readonly repository: ClassicRepository }> {
  const signers = await makeSigners(sandbox.root)
  const repository = await startClassicRepository(sandbox)
  for (const condition of ['signed', 'unsigned'] as const)
    await repository.add(await makeChart(sandbox.at('charts'), condition, condition, signers))
  return { signers, repository }
}
