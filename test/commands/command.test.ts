import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { runCommand } from '../../src/commands/command.ts'
import { help, helps } from '../../src/commands/help.ts'
import { write } from '../../src/messages/say.ts'

vi.mock('../../src/messages/say.ts', () => ({ write: vi.fn(), say: vi.fn() }))

beforeEach(() => {
  vi.stubGlobal('VERSION', '1.2.3')
})
afterEach(() => {
  vi.clearAllMocks()
  vi.unstubAllGlobals()
})

describe('runCommand', () => {
  it.each<[string[], string]>([
    [[], help()],
    [['help'], help()],
    [['--help'], help()],
    [['-h'], help()],
    [['help', 'prune'], help('prune')],
    [['version'], '1.2.3\n'],
    [['--version'], '1.2.3\n'],
    [['-v'], '1.2.3\n'],
    ...Object.keys(helps).flatMap((name): [string[], string][] => [
      [[name, '--help'], help(name)],
      [[name, '-h'], help(name)],
    ]),
  ])('%j prints text on stdout and succeeds', async (argv, text) => {
    expect(await runCommand(argv, {})).toBe(0)
    expect(vi.mocked(write).mock.calls).toEqual([[1, text]])
  })

  it.each<[string[], RegExp]>([
    [['nonsense'], /there is no command "nonsense"/],
    [['constructor'], /there is no command "constructor"/],
    [['receipts', '--jsonn'], /receipts has no option "--jsonn"/],
    [['receipts', '-x'], /receipts has no option "-x"/],
    [['receipts', 'word'], /receipts does not take "word"/],
    [['install', '--dir'], /install takes --dir once, with a value/],
    [['install', '--dir='], /install takes --dir once, with a value/],
    [['install', '--no-dir'], /install takes --dir once, with a value/],
    [['install', '--dir', 'a', '--dir', 'b'], /install takes --dir once, with a value/],
  ])('%j is misuse: nothing is done, and the exit code is 2', async (argv, message) => {
    const failure = await runCommand(argv, {}).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'usage', exitCode: 2, details: ['next: helm-verify-shim --help'] })
    expect(String(failure)).toMatch(message)
    expect(write).not.toHaveBeenCalled()
  })
})
