// What no help shows, read from helm's sources (MarkHidden, MarkDeprecated, which hides too, and addKlogFlags in
// root.go, which adds all of k8s.io/klog's flags to every command). collect.ts asks each helm which of them it knows.
// The notation is that of src/argv/flags.ts.

/** Hidden flags that every command has. */
export const HIDDEN_GLOBALS = `add-dir-header alsologtostderr alsologtostderrthreshold=
 legacy-stderr-threshold-behavior log-backtrace-at= log-dir= log-file= log-file-max-size# logtostderr one-output
 skip-headers skip-log-headers stderrthreshold= v/v# vmodule=`.replaceAll('\n', '')

/** Hidden flags of one command, by its path. */
export const HIDDEN_FLAGS: Readonly<Record<string, string>> = {
  create: 'chart-api-version=',
  install: 'atomic force',
  rollback: 'force',
  template: 'atomic force hide-notes render-subchart-notes validate',
  upgrade: 'atomic force recreate-pods',
  version: 'c/client',
}
