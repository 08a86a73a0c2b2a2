/** One instruction of a Dockerfile, its continued lines joined. */
export interface Instruction {
  readonly name: string
  readonly text: string
}

const known = ['ADD', 'ARG', 'CMD', 'COPY', 'ENTRYPOINT', 'ENV', 'FROM', 'RUN', 'USER', 'WORKDIR']

/**
 * Reads a Dockerfile.
 * @throws for what is no instruction, or a last line that is continued
 */
export function readDockerfile(text: string): Instruction[] {
  const lines = text.split('\n').filter((line) => !/^\s*(#|$)/.test(line))
  const joined = lines.join('\n').replace(/\\\n\s*/g, '')
  return joined.split('\n').map((line) => {
    const [, name = '', rest = ''] = /^([A-Z]+) +(.*[^\\])$/.exec(line) ?? []
    if (!known.includes(name)) throw new Error(`not an instruction: ${line}`)
    return { name, text: rest }
  })
}

/** What is wrong with a Dockerfile: images without a fixed tag, stages that do not exist, downloads nobody checks. */
export function lintDockerfile(instructions: readonly Instruction[]): string[] {
  const complaints: string[] = []
  const stages = new Set<string>()
  if (instructions.find(({ name }) => name !== 'ARG')?.name !== 'FROM') complaints.push('it does not begin with FROM')
  for (const [index, { name, text }] of instructions.entries()) {
    if (name === 'FROM') {
      const [, image = '', stage] = /^(\S+)(?: AS (\S+))?$/.exec(text) ?? []
      if (!/:[\w.-]*\d[\w.-]*$/.test(image)) complaints.push(`no fixed tag: ${text}`)
      if (stage !== undefined) stages.add(stage)
    }
    const from = /^--from=(\S+)/.exec(text)?.[1]
    if (name === 'COPY' && from !== undefined && !stages.has(from)) complaints.push(`no such stage: ${from}`)
    if (name === 'ADD') {
      const [, source = '', file = ''] = /^(\S+) (\S+)$/.exec(text) ?? []
      const next = instructions[index + 1]
      const checked = next?.name === 'RUN' && next.text.includes(`${file}" | sha256sum -c -`)
      if (/^http:/.test(source) || !checked) complaints.push(`not checked: ${text}`)
    }
  }
  return complaints
}
