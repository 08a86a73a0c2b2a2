import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { shellQuote } from '../install/advice.ts'

/**
 * The program that takes helm's and kustomize's place while helmfile is asked for its state. `helmfile build` pulls every
 * chart first, and with patches renders it, too; but a check has to say what is wrong with charts that cannot be pulled
 * or verified. So the real helm gets nothing but what only reads, and all else makes the least that helmfile then looks
 * for: a chart, or a rendered file.
 *
 * helmfile: pkg/app/app.go PrintState, pkg/state/state.go PrepareCharts; chartify: replace.go (`wrote …`)
 * @param helm the real helm
 */
export function standInScript(helm: string): string {
  return `#!/bin/sh
case \${0##*/}:$1 in
hvs-helm:version | hvs-helm:env | hvs-helm:plugin) exec ${shellQuote(helm)} "$@" ;;
hvs-kustomize:version) echo v5.0.0 && exit ;;
hvs-helm:registry | hvs-helm:repo) exit ;;
esac
reference=\${2-} into=. out= previous=
for word in "$@"; do
  case $previous in
  -d | --destination | --untardir) into=$word ;;
  -o | --output) out=$word ;;
  esac
  case $word in
  --destination=* | --untardir=*) into=\${word#*=} ;;
  --output-dir=* | --output=*) out=\${word#*=} ;;
  esac
  previous=$word
done
case \${0##*/}:$1 in
hvs-helm:pull | hvs-helm:fetch)
  name=\${reference##*/} name=\${name%%[:@]*}
  mkdir -p "$into/$name/templates"
  printf 'apiVersion: v2\\nname: %s\\nversion: 0.0.0\\n' "$name" >"$into/$name/Chart.yaml"
  ;;
hvs-helm:template)
  mkdir -p "$out/chart/templates"
  printf 'apiVersion: v1\\nkind: ConfigMap\\nmetadata: {name: none}\\n' >"$out/chart/templates/none.yaml"
  echo "wrote $out/chart/templates/none.yaml"
  ;;
*) [ -z "$out" ] || : >"$out" ;;
esac
`
}

/**
 * Writes the stand-ins into a folder, which has to be put first on PATH, and returns helmfile's flags that name them:
 * without a folder, since chartify splits a command at its spaces.
 */
export async function writeStandIns(folder: string, helm: string): Promise<string[]> {
  const flags: string[] = []
  for (const name of ['helm', 'kustomize']) {
    const path = join(folder, `hvs-${name}`)
    await writeFile(path, standInScript(helm))
    await chmod(path, 0o700)
    flags.push(`--${name}-binary`, `hvs-${name}`)
  }
  return flags
}
