import { createHash, randomBytes } from 'node:crypto'
import { appendFileSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { create } from 'tar'
import type { Sandbox } from './sandbox.ts'
import { userOf, type SignerName, type Signers } from './signers.ts'
import { tool, type Helm } from './tools.ts'

/** What a test chart is like. */
export interface ChartOptions {
  readonly version?: string
  /** Subcharts, in charts/. */
  readonly subcharts?: readonly string[]
  /** How many small files there are besides. */
  readonly files?: number
  /** How many MiB of bytes that do not compress. */
  readonly mebibytes?: number
  /** Whether it makes a Secret besides its ConfigMap. */
  readonly secret?: boolean
  /** Further files, by path: `.helmignore`, for one. */
  readonly extra?: Readonly<Record<string, string>>
}

const configMap = `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-{{ .Chart.Name }}
data:
  greeting: {{ .Values.greeting | default "hello" | quote }}
`

const secretTemplate = `apiVersion: v1
kind: Secret
metadata:
  name: {{ .Release.Name }}-{{ .Chart.Name }}
stringData:
  token: {{ .Values.token | default "t0ken" | quote }}
`

/** Writes a chart's folder below `folder`, and returns its path. It makes a ConfigMap. */
export function writeChart(folder: string, name: string, options: ChartOptions = {}): string {
  const { version = '0.1.0', subcharts = [], files = 0, mebibytes = 0, secret = false, extra = {} } = options
  const chart = join(folder, name)
  const dependencies = subcharts.map((sub) => `  - name: ${sub}\n    version: 0.1.0\n`).join('')
  const all: Record<string, string | Uint8Array> = {
    'Chart.yaml': `apiVersion: v2\nname: ${name}\nversion: ${version}\n${dependencies && `dependencies:\n${dependencies}`}`,
    'values.yaml': 'greeting: hello\n',
    'templates/configmap.yaml': configMap,
    ...(secret && { 'templates/secret.yaml': secretTemplate }),
    ...extra,
  }
  for (let index = 0; index < files; index++)
    all[`files/${index % 50}/file-${index}.txt`] = `file ${index}\n`.repeat(20)
  for (let index = 0; index < mebibytes; index++) all[`data/${index}.bin`] = randomBytes(1024 * 1024)
  for (const [path, content] of Object.entries(all)) {
    mkdirSync(join(chart, path, '..'), { recursive: true })
    writeFileSync(join(chart, path), content)
  }
  for (const sub of subcharts) writeChart(join(chart, 'charts'), sub)
  return chart
}

/** Packs a chart's folder into `folder`, as `helm package` names it, and returns the archive's path. */
export async function pack(chart: string, folder: string): Promise<string> {
  const metadata = readFileSync(join(chart, 'Chart.yaml'), 'utf8')
  const version = /^version: (.*)$/m.exec(metadata)?.[1] ?? ''
  mkdirSync(folder, { recursive: true })
  const archive = join(folder, `${basename(chart)}-${version}.tgz`)
  await create({ gzip: true, file: archive, cwd: join(chart, '..'), portable: true }, [basename(chart)])
  return archive
}

/** Packs a chart's folder into `folder` by the real `helm package`, signed or not, and returns the archive's path. */
export async function packageChart(
  sandbox: Sandbox,
  helm: Helm,
  chart: string,
  folder: string,
  by?: { readonly signers: Signers; readonly signer: SignerName },
): Promise<string> {
  const sign = by && ['--sign', '--key', userOf[by.signer], '--keyring', by.signers.secretKeyrings[by.signer]]
  const { stdout } = await sandbox.must(tool(helm), ['package', chart, '-d', folder, ...(sign ?? [])])
  return /saved it to: (.*)$/m.exec(stdout)?.[1] ?? ''
}

/** Signs an archive: writes the provenance file beside it, as `helm package --sign` does. */
export async function signChart(
  archive: string,
  signers: Signers,
  by: SignerName,
  file = basename(archive),
): Promise<string> {
  const { name, version } = /^(?<name>.+?)-(?<version>v?\d.*)\.tgz$/.exec(file)?.groups ?? {}
  const hash = createHash('sha256').update(readFileSync(archive)).digest('hex')
  const text = `apiVersion: v2\nname: ${name ?? ''}\nversion: ${version ?? ''}\n\n...\nfiles:\n  ${file}: sha256:${hash}\n`
  writeFileSync(`${archive}.prov`, await signers.sign(text, by))
  return archive
}

/** How a chart can stand to its signature. */
export const conditions = ['signed', 'unsigned', 'wrong key', 'altered', 'expired', 'revoked'] as const
export type Condition = (typeof conditions)[number]

const signedBy: Partial<Record<Condition, SignerName>> = {
  signed: 'trusted',
  'wrong key': 'stranger',
  altered: 'trusted',
  expired: 'expired',
  revoked: 'revoked',
}

/** Makes a packed chart in this condition, in a folder of its own below `folder`, and returns its path. */
export async function makeChart(
  folder: string,
  name: string,
  condition: Condition,
  signers: Signers,
  options: ChartOptions = {},
): Promise<string> {
  const chart = writeChart(join(folder, `source ${name}`), name, options)
  const archive = await pack(chart, join(folder, `packed ${name}`))
  const signer = signedBy[condition]
  if (signer !== undefined) await signChart(archive, signers, signer)
  if (condition === 'altered') {
    const provenance = readFileSync(`${archive}.prov`)
    appendFileSync(join(chart, 'templates/configmap.yaml'), '  evil: "yes"\n')
    await pack(chart, join(folder, `packed ${name}`))
    writeFileSync(`${archive}.prov`, provenance)
  }
  return archive
}

/** Copies an archive and its provenance, if it has one, under another name, and returns its path. */
export function copyAs(archive: string, file: string): string {
  const copy = join(archive, '..', file)
  copyFileSync(archive, copy)
  copyFileSync(`${archive}.prov`, `${copy}.prov`)
  return copy
}
