import { mkdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Bed } from './bed.ts'
import { shells } from './shells.ts'

describe.each(shells)('the gate under $name', (shell) => {
  it.each(['1', 'true', 'yes', 'no', ' '])('hands every command to the engine with REQUIRE=%j', async (value) => {
    const { helm, engine } = await new Bed(shell).run(['version'], { env: { HELM_VERIFY_SHIM_REQUIRE: value } })
    expect(helm).toEqual([])
    expect(engine).toMatchObject([{ words: ['as-helm', expect.any(String), 'version'] }])
  })

  it.each(['', '0', 'false'])('has REQUIRE off at %j', async (value) => {
    const { helm, engine } = await new Bed(shell).run(['version'], { env: { HELM_VERIFY_SHIM_REQUIRE: value } })
    expect(engine).toEqual([])
    expect(helm).toHaveLength(1)
  })

  it('passes everything through with OFF=1, REQUIRE and receipts included', async () => {
    const bed = new Bed(shell)
    mkdirSync(bed.at('chart'))
    bed.receipt(bed.at('chart'))
    const words = ['upgrade', '--untar', '--verify', 'chart']
    const { helm, engine } = await bed.run(words, {
      env: { HELM_VERIFY_SHIM_OFF: '1', HELM_VERIFY_SHIM_REQUIRE: '1' },
    })
    expect(engine).toEqual([])
    expect(helm).toMatchObject([{ words }])
  })

  it.each(['', '0', 'true', 'yes', '11', ' 1'])('is off only at the exact word 1, not at %j', async (value) => {
    const { helm, engine } = await new Bed(shell).run(['pull', '--untar'], { env: { HELM_VERIFY_SHIM_OFF: value } })
    expect(helm).toEqual([])
    expect(engine).toHaveLength(1)
  })
})
