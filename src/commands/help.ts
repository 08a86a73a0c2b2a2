/** The words of help of one of our own commands. Shell completion is made from them too, so that the two agree. */
export interface Help {
  /** One line for the overview. */
  readonly summary: string
  /** What `COMMAND --help` prints, in at most 80 columns; its options as in `  --dir DIR   what it is`. */
  readonly page: string
}

/** In the order of the overview. */
export const helps: Readonly<Record<string, Help>> = {
  install: {
    summary: 'put the gate, helm, into a folder for PATH',
    page: `Usage: helm-verify-shim install [--dir DIR] [--print-path]

Copies helm, which is the gate, and this program into a folder, and says how to
put that folder first on PATH. What is there already is updated; a helm that is
not ours is never overwritten.

  --dir DIR      the folder; else ~/.local/share/helm-verify-shim/bin
                 (under XDG_DATA_HOME if that is set; on Windows under
                 LOCALAPPDATA)
  --print-path   print the folder and nothing else, for scripts:
                 PATH=$(helm-verify-shim install --print-path):$PATH
`,
  },
  uninstall: {
    summary: 'undo "install"',
    page: `Usage: helm-verify-shim uninstall [--dir DIR] [--print-path]

Removes what "install" put into a folder, and the folders that it made, if
nothing else lies in them. Files that were changed since are left, and named.
Receipts and packed charts stay in the state folder.

  --dir DIR      the folder; else the one that this program was installed in,
                 or that "install" would take
  --print-path   print the folder and nothing else, for scripts
`,
  },
  check: {
    summary: 'say whether a chart, or all of a helmfile, would verify',
    page: `Usage: helm-verify-shim check REF [OPTIONS]
       helm-verify-shim check --helmfile FILE [-e ENV] [OPTIONS]

Has helm pull a chart into a temporary folder and verify it there, and says who
signed it, with which key, or why it does not verify and what to do about it.
Nothing is kept, and nothing is deployed. REF and the options are as for
"helm pull"; run it before you turn on "verify: true".

  --version VERSION            the version, or a range of versions
  --keyring FILE               the keyring; else HELM_VERIFY_SHIM_KEYRING, else
                               helm's default. With --helmfile, it is for the
                               releases that helmfile names none for
  --repo URL                   the classic repository that REF is a chart of
  --ca-file FILE               certificates to check the registry's by
  --cert-file FILE             our certificate, for the registry
  --key-file FILE              our certificate's key
  --username NAME              the user at the registry
  --password WORD              the user's password
  --pass-credentials           send them to all hosts
  --insecure-skip-tls-verify   do not check the registry's certificate
  --plain-http                 reach the registry by HTTP
  --devel                      take prereleases too

  --helmfile FILE              check every release that "helmfile list" names,
                               with its keyring, from its repository. Charts are
                               not prepared, but "prepare" hooks run, as in
                               "helmfile build"
  -e, --environment ENV        the helmfile's environment
  --json                       print JSON instead

Exit code: 0 if everything verifies, 1 if something does not, 2 for misuse; if
helm could not even pull REF, helm's own.

The JSON of a chart has "format" (1), "reference", "repository", "version",
"status" ("verified", "not-verified", "not-pulled"), "reason", "why", "next",
"archive", "digest", "provenance" (true, false, null: not known), "signers",
"key", "keyring", "signedAs" and "error" (helm's own). "reason" is one of
no-provenance, provenance-not-fetched, broken-provenance, bad-signature,
unsupported-signature, unknown-key, key-expired, key-revoked,
signature-expired, altered, other-name, keyring-missing, keyring-unreadable,
keyring-format, not-packed, other. With --helmfile: "format", "helmfile" and
"releases", each with "name", "namespace", "chart", "version", "status" (also
"local" and "skipped"), "why" and "check", which is the JSON of its chart.
`,
  },
  doctor: {
    summary: 'look for what stands in the way, and say what to do',
    page: `Usage: helm-verify-shim doctor [--json]

Looks at what the shim depends on, here and now: which helm would run, whether
the shim stands before it on PATH, what helmfile would call, the keyring and its
keys, the state folder, helm's plugins, the settings, and Node. Each line is ok,
a warning or an error, with what to do about it. Nothing is changed.

  --json   print JSON instead: "format" (1), "ok", and "findings", each with
           "about", "level" (ok, warning, error), "text" and perhaps "next"

Exit code: 0 if there is no error, else 1.
`,
  },
  receipts: {
    summary: 'list what was unpacked where, and who signed it',
    page: `Usage: helm-verify-shim receipts [--json]

Lists the charts that were unpacked through the shim: where, from which
reference, with which hash, verified by whom, and when.

  --json   the same as JSON
`,
  },
  prune: {
    summary: 'remove what no unpacked chart needs any more',
    page: `Usage: helm-verify-shim prune

Removes receipts whose directory is gone, and packed charts that no receipt
names. Each pull does this too.
`,
  },
  completion: {
    summary: 'print a completion script for bash, zsh or fish',
    page: `Usage: helm-verify-shim completion bash|zsh|fish

Prints a script that completes this program's own commands and options; helm's
completion is helm's ("helm completion"). To load it in each new shell:

  bash   echo 'source <(helm-verify-shim completion bash)' >> ~/.bashrc
  zsh    helm-verify-shim completion zsh > "\${fpath[1]}/_helm-verify-shim"
  fish   helm-verify-shim completion fish \\
           > ~/.config/fish/completions/helm-verify-shim.fish
`,
  },
}

const column = Math.max(...Object.keys(helps).map((name) => name.length)) + 3

const overview = `Usage: helm-verify-shim COMMAND [OPTIONS]

The helm next to this program takes helm's place: it splits "pull --untar
--verify" into a verified pull and a local extraction, and passes every other
command to the real helm. This program looks after it.

Commands:
${Object.entries(helps)
  .map(([name, { summary }]) => `  ${name.padEnd(column)}${summary}\n`)
  .join('')}
  --help     this text, or that of a command
  --version  the version

Environment:
  HELM_VERIFY_SHIM_HELM=PATH       the real helm; else the next one on PATH
  HELM_VERIFY_SHIM_REQUIRE=1       verify every pull that unpacks, and refuse
                                   unpacked charts that do not verify
  HELM_VERIFY_SHIM_KEYRING=FILE    the keyring where a command names none
  HELM_VERIFY_SHIM_ALIAS=REPOSITORY=CHART[,…]
                                   repositories that may serve a chart of
                                   another name
  HELM_VERIFY_SHIM_MODIFIED=allow  use a chart that was changed after its pull,
                                   once its packed original verifies
  HELM_VERIFY_SHIM_OFF=1           pass everything through
  HELM_VERIFY_SHIM_LOG=debug       say what is done with each command
`

/** The help for a command, or the overview. */
export function help(command?: string): string {
  return (command !== undefined && Object.hasOwn(helps, command) && helps[command]?.page) || overview
}
