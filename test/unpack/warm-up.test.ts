import { expect, it } from 'vitest'
import { warmUp } from '../../src/unpack/warm-up.ts'

it('is a chart that can be read', async () => {
  await expect(warmUp()).resolves.toBeUndefined()
})
