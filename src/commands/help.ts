/** The help of each of our own commands, in at most 80 columns. */
const pages: Readonly<Record<string, string>> = {
  receipts: `Usage: helm-verify-shim receipts [--json]

Lists the charts that were unpacked through the shim: where, from which
reference, with which hash, verified by whom, and when.

  --json   the same as JSON
`,
  prune: `Usage: helm-verify-shim prune

Removes receipts whose directory is gone, and packed charts that no receipt
names. Each pull does this too.
`,
}

const overview = `Usage: helm-verify-shim COMMAND [OPTIONS]

The helm next to this program takes helm's place: it splits "pull --untar
--verify" into a verified pull and a local extraction, and passes every other
command to the real helm. This program looks after it.

Commands:
  receipts   what was unpacked where, and who signed it
  prune      remove what no unpacked chart needs any more

  --help     this text, or that of a command
  --version  the version

Environment:
  HELM_VERIFY_SHIM_HELM=PATH       the real helm; else the next one on PATH
  HELM_VERIFY_SHIM_REQUIRE=1       verify every pull that unpacks, and refuse
                                   unpacked charts that do not verify
  HELM_VERIFY_SHIM_KEYRING=FILE    the keyring where a command names none
  HELM_VERIFY_SHIM_MODIFIED=allow  use a chart that was changed after its pull,
                                   once its packed original verifies
  HELM_VERIFY_SHIM_OFF=1           pass everything through
  HELM_VERIFY_SHIM_LOG=debug       say what is done with each command
`

/** The help for a command, or the overview. */
export function help(command?: string): string {
  return (command !== undefined && Object.hasOwn(pages, command) && pages[command]) || overview
}
