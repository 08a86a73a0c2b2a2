import { quote } from '../../messages/text.ts'
import { findingsAbout, type Finding } from './finding.ts'

const found = findingsAbout('runtime')

/** What runs this program. (pure) */
export function examineRuntime(node: { version: string; execPath: string; isExecutable: boolean }): Finding[] {
  if (node.isExecutable)
    return [found('ok', `a single executable, ${quote(node.execPath)}, with Node ${node.version} in it`)]
  const text = `Node ${node.version}, ${quote(node.execPath)}`
  const [major = 0, minor = 0] = node.version.replace(/^v/, '').split('.').map(Number)
  return major > 22 || (major === 22 && minor >= 15)
    ? [found('ok', text)]
    : [found('error', text, 'this program needs Node 22.15 or later, or its single executable')]
}
