import { closeSync, openSync } from 'node:fs'
import { basename } from 'node:path'
import { ByteFeed, type ByteSource } from './byte-feed.ts'
import { chartNameRefusal } from './chart-yaml/chart-name.ts'
import type { ChartYaml } from './chart-yaml/metadata.ts'
import { entryPath, refusedOnWindows } from './entry-path.ts'
import { GzipReader } from './gzip/reader.ts'
import {
  MAX_CHART_SIZE,
  MAX_CHART_YAML_SIZE,
  MAX_FILE_SIZE,
  MAX_OVERHEAD_SIZE,
  limitsFileSize,
  type HelmVersion,
} from './limits.ts'
import { quote } from './quote.ts'
import { FormatError } from './tar/numeric.ts'
import { TarReader, type TarEntry } from './tar/reader.ts'
import { UnpackError, asUnpackError } from './unpack-error.ts'

/** What is to be read, and by whose rules. */
export interface ArchiveRequest {
  /** Path of the packed chart. */
  readonly archive: string
  /** The installed helm's version; asked only when a rule depends on it. */
  readonly helmVersion: () => Promise<HelmVersion>
  readonly signal?: AbortSignal | undefined
}

/** Takes the files of an archive in its order. Data is a view that holds only during the call. */
export interface FileSink {
  /** A file begins; `path` is below the chart's directory and has one byte per character. */
  open(path: string): void
  write(data: Buffer): void
  close(): void
}

const BOM = Buffer.from([0xef, 0xbb, 0xbf])
const READ_SIZE = 256 * 1024

/**
 * Reads a packed chart once, hands its files to `sink` and returns what its last Chart.yaml says (helm:
 * pkg/chart/loader/archive LoadArchiveFiles, then pkg/chartutil/expand.go's checks). What helm refuses is refused with
 * an UnpackError, at the latest at the end: a sink must be able to take everything back.
 */
export async function readArchive(request: ArchiveRequest, sink: FileSink): Promise<ChartYaml> {
  return await inflated(request, async (source) => await readChart(request, source, sink))
}

/**
 * Reads the files of a packed chart that was unpacked before: the same, but what its Chart.yaml says is not read again,
 * which takes longer than all else for a small chart.
 */
export async function readFiles(request: ArchiveRequest, sink: FileSink): Promise<void> {
  await inflated(request, async (source) => {
    await readEntries(request, source, sink)
  })
}

/** The same as readArchive, of what is inflated already. */
export async function readChart(request: ArchiveRequest, source: ByteSource, sink: FileSink): Promise<ChartYaml> {
  const chart = basename(request.archive)
  let chartYaml: ChartYaml = { name: '', version: '' }
  await readEntries(request, source, sink, async (bytes) => {
    chartYaml = await parseChartYaml(bytes, chart)
  })
  const refusal = chartNameRefusal(chartYaml.name)
  if (refusal !== undefined) throw new UnpackError('chart-yaml', `${chart}: ${refusal}`)
  return chartYaml
}

async function inflated<T>({ archive }: ArchiveRequest, read: (source: ByteSource) => Promise<T>): Promise<T> {
  let fd: number | undefined
  let gzip: GzipReader | undefined
  try {
    fd = openSync(archive, 'r')
    gzip = new GzipReader(fd)
    return await read(gzip)
  } catch (error) {
    if (!(error instanceof FormatError)) throw asUnpackError(error)
    throw new UnpackError('archive', `${basename(archive)}: ${error.message}`, { cause: error })
  } finally {
    gzip?.close()
    if (fd !== undefined) closeSync(fd)
  }
}

/** A sink for those who only want to know whether the archive is a chart, and which. */
export const nowhere: FileSink = { open: () => undefined, write: () => undefined, close: () => undefined }

async function readEntries(
  request: ArchiveRequest,
  source: ByteSource,
  sink: FileSink,
  onChartYaml?: (bytes: Buffer) => Promise<void>,
): Promise<void> {
  const chart = basename(request.archive)
  const tar = new TarReader(new ByteFeed(limited(source, chart)))
  let remaining = MAX_CHART_SIZE
  let files = 0
  for (;;) {
    checkAborted(request.signal, chart)
    const entry = await tar.next()
    if (entry === undefined) break
    if (entry.isDirectory || entry.typeflag === 'g' || entry.typeflag === 'x') continue
    const path = checkedPath(entry, chart)
    if (entry.size > remaining) throw tooLarge(chart)
    if (entry.size > MAX_FILE_SIZE && limitsFileSize(await request.helmVersion())) {
      const text = `decompressed chart file ${quote(entry.name)} is larger than the maximum file size ${MAX_FILE_SIZE}`
      throw new UnpackError('too-large', `${chart}: ${text}`)
    }
    const capture = onChartYaml && path === 'Chart.yaml' ? new Capture(sink, chart) : undefined
    const written = await copyEntry(tar, path, capture ?? sink, () => {
      checkAborted(request.signal, chart)
    })
    remaining -= written
    // A link's header may give a size that its entry does not hold; helm takes that for a chart that is cut short.
    if (written < entry.size || remaining <= 0) throw tooLarge(chart)
    if (capture !== undefined) await onChartYaml?.(capture.bytes())
    files++
  }
  if (files === 0) throw new UnpackError('archive', `${chart}: no files in chart archive`)
}

/** Copies an entry's data without its byte order mark; returns its length with it. */
async function copyEntry(tar: TarReader, path: string, sink: FileSink, check: () => void): Promise<number> {
  sink.open(path)
  try {
    let written = 0
    let head: Buffer = BOM.subarray(0, 0)
    for (;;) {
      check()
      const data = await tar.read(READ_SIZE)
      if (data.length === 0) break
      written += data.length
      if (written > BOM.length && head.length === 0 && written > data.length) {
        sink.write(data)
        continue
      }
      // The mark may be spread over several reads: decide once three bytes are there.
      head = head.length === 0 ? data : Buffer.concat([head, data])
      if (head.length < BOM.length) {
        head = Buffer.from(head)
        continue
      }
      sink.write(head.subarray(0, BOM.length).equals(BOM) ? head.subarray(BOM.length) : head)
      head = BOM.subarray(0, 0)
    }
    if (head.length > 0) sink.write(head)
    return written
  } finally {
    sink.close()
  }
}

/** Keeps what passes, as far as a Chart.yaml may go. */
class Capture implements FileSink {
  readonly #sink: FileSink
  readonly #chart: string
  readonly #parts: Buffer[] = []
  #size = 0

  constructor(sink: FileSink, chart: string) {
    this.#sink = sink
    this.#chart = chart
  }

  open(path: string): void {
    this.#sink.open(path)
  }

  write(data: Buffer): void {
    this.#size += data.length
    if (this.#size > MAX_CHART_YAML_SIZE) {
      throw new UnpackError('too-large', `${this.#chart}: Chart.yaml is larger than ${MAX_CHART_YAML_SIZE} bytes`)
    }
    this.#parts.push(Buffer.from(data))
    this.#sink.write(data)
  }

  close(): void {
    this.#sink.close()
  }

  bytes(): Buffer {
    return Buffer.concat(this.#parts)
  }
}

function checkedPath(entry: TarEntry, chart: string): string {
  const result = entryPath(entry.name)
  const refusal = 'refusal' in result ? result.refusal : undefined
  if (refusal === undefined && 'path' in result) {
    if (process.platform !== 'win32' || !refusedOnWindows(result.path)) return result.path
  }
  throw new UnpackError('path', `${chart}: entry ${quote(entry.name)}: ${refusal ?? 'not a name for Windows'}`)
}

async function parseChartYaml(bytes: Buffer, chart: string): Promise<ChartYaml> {
  const { YamlError, readChartYaml } = await import('./chart-yaml/metadata.ts')
  try {
    return readChartYaml(bytes)
  } catch (error) {
    // Nesting without end exhausts the stack before it reaches go-yaml's limit.
    if (!(error instanceof YamlError || error instanceof RangeError)) throw error
    throw new UnpackError('chart-yaml', `${chart}: cannot load Chart.yaml: ${error.message}`, { cause: error })
  }
}

/** helm reads on for as long as it takes through what it skips; a bomb of that kind is stopped here. */
function limited(source: ByteSource, chart: string): ByteSource {
  let left = MAX_CHART_SIZE + MAX_OVERHEAD_SIZE
  return {
    next: async () => {
      const data = await source.next()
      left -= data?.length ?? 0
      if (left < 0) throw tooLarge(chart)
      return data
    },
  }
}

function checkAborted(signal: AbortSignal | undefined, chart: string): void {
  if (signal?.aborted === true) throw new UnpackError('aborted', `${chart}: stopped`, { cause: signal.reason })
}

function tooLarge(chart: string): UnpackError {
  const text = `decompressed chart is larger than the maximum size ${MAX_CHART_SIZE}`
  return new UnpackError('too-large', `${chart}: ${text}`)
}
