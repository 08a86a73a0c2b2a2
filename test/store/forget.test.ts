import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { forgetOtherWays } from '../../src/store/forget.ts'
import { receiptPath, statePaths } from '../../src/store/paths.ts'
import { folder } from '../helpers/folder.ts'

it('forgets what stood at a path that leads elsewhere now, and nothing else', () => {
  const root = folder()
  const paths = statePaths({ XDG_STATE_HOME: join(root, 'state') })
  if (!paths) throw new Error('no paths')
  mkdirSync(join(root, 'moved/chart'), { recursive: true })
  symlinkSync('moved', join(root, 'old'))
  const receipts = ['old/chart', 'moved/chart', 'old/other'].map((path) => receiptPath(paths, join(root, path)))
  for (const receipt of receipts) {
    mkdirSync(dirname(receipt), { recursive: true })
    writeFileSync(receipt, '')
  }
  forgetOtherWays(paths, join(root, 'old/chart'), join(root, 'moved/chart'))
  expect(receipts.map((receipt) => existsSync(receipt))).toEqual([false, true, true])
})
