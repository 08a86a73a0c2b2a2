/** How to make helmfile and the shell find an installed gate: what `install` prints. (pure) */
export function advice(folder: string, gate: string, platform: NodeJS.Platform): string {
  if (platform === 'win32')
    return `Put that folder first on PATH:
  PowerShell       $env:Path = "${folder};$env:Path"
  GitHub Actions   Add-Content $env:GITHUB_PATH '${folder}'
or name the gate in helmfile.yaml:
  helmBinary: '${gate}'
`
  return `Put that folder first on PATH:
  sh, bash, zsh    export PATH=${shellQuote(folder)}:"$PATH"
  fish             fish_add_path --prepend --move ${shellQuote(folder)}
  GitHub Actions   echo ${shellQuote(folder)} >> "$GITHUB_PATH"
or name the gate in helmfile.yaml:
  helmBinary: ${yamlQuote(gate)}
`
}

/** A word for sh: as it is where it is plain, otherwise in single quotes. */
export function shellQuote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

function yamlQuote(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : JSON.stringify(text)
}
