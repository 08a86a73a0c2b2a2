import type { HelmLine, Positional } from '../argv/line.ts'
import { isOn } from '../argv/read.ts'

/** The positional argument by which a command names its chart, for the commands that can verify one. */
export interface ChartArgument extends Positional {
  /** Whether the command line itself asks helm to verify the chart. */
  readonly verify: boolean
}

/**
 * The chart that a command names, if it is a command that verifies charts: those with `--verify` in helm's own help,
 * and `verify` itself. `dependency build|update --verify` are not among them: there the flag is about the packages that
 * they fetch, and the chart has to stay a directory.
 *
 * helm: pkg/action/install.go NameAndChart, LocateChart; cmd/helm/{upgrade,show,verify}.go
 */
export function chartArgument(line: HelmLine): ChartArgument | undefined {
  const [first, second] = line.positionals
  const at = (position: Positional | undefined, verify = isOn(line, 'verify')) => position && { ...position, verify }
  switch (line.command) {
    case 'install':
    case 'template':
      return line.positionals.length > 2 ? undefined : at(second ?? first)
    case 'upgrade':
      return line.positionals.length === 2 ? at(second) : undefined
    case 'show all':
    case 'show chart':
    case 'show crds':
    case 'show readme':
    case 'show values':
      return line.positionals.length === 1 ? at(first) : undefined
    case 'verify':
      return line.positionals.length === 1 ? at(first, true) : undefined
    default:
      return undefined
  }
}
