import { lstatSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { copyDirectory } from './copy-directory.ts'
import { refusesDotDotTarget } from './limits.ts'
import { MadeDirectories } from './made-directories.ts'
import { readArchive, type ArchiveRequest } from './read-archive.ts'
import { StagedFiles } from './staged-files.ts'
import { UnpackError, asUnpackError } from './unpack-error.ts'

/** A packed chart and where helm would unpack it. */
export interface UnpackRequest extends ArchiveRequest {
  /** The absolute directory that the chart's own goes into (helm: `ud` in pkg/action/pull.go). */
  readonly target: string
  /** The same as helm prints and judges it: cleaned, maybe relative. */
  readonly targetAsGiven: string
  /** What follows the last slash of the reference that was pulled; may be empty. */
  readonly referenceName: string
}

/** A chart that was unpacked. */
export interface UnpackedChart {
  /** The chart's own directory: the target and its name. */
  readonly directory: string
  readonly name: string
  readonly version: string
  readonly files: number
}

/**
 * Unpacks a chart with the result of `helm pull --untar` (helm: pkg/action/pull.go, pkg/chartutil/expand.go), but whole
 * or not at all: what fails, or is stopped by the signal, leaves what was there before. Throws UnpackError.
 */
export async function unpackChart(request: UnpackRequest): Promise<UnpackedChart> {
  const parents = new MadeDirectories()
  let staging: string | undefined
  try {
    refuseExisting(request)
    if (hasDotDot(request.targetAsGiven) && refusesDotDotTarget(await request.helmVersion())) {
      const text = "root path provided to SecureJoin contains '..' components"
      throw new UnpackError('path', `${request.targetAsGiven}: ${text}`)
    }
    parents.make(request.target)
    staging = mkdtempSync(join(request.target, '.helm-verify-shim-'))
    // The chart is a directory in the private one, so that it gets the mode that the umask leaves it.
    const staged = join(staging, 'chart')
    mkdirSync(staged, 0o755)
    const sink = new StagedFiles(staged)
    const { name, version } = await readArchive(request, sink)
    const directory = join(request.target, name)
    const merge = name !== request.referenceName && standsAsDirectory(directory)
    if (merge) {
      // helm writes into a directory of the chart's name that was there before.
      rmSync(staged, { recursive: true })
      copyDirectory(directory, staged)
      await readArchive(request, new StagedFiles(staged))
    }
    if (request.signal?.aborted === true) throw new UnpackError('aborted', `${name}: stopped`)
    publish(request, staging, directory, merge)
    return { directory, name, version, files: sink.files }
  } catch (error) {
    if (staging !== undefined) removeStaging(staging)
    parents.takeBack()
    throw asUnpackError(error)
  }
}

/** Where helm looks for something in its way: its path, and as helm prints it (helm: udCheck in pkg/action/pull.go). */
function inTheWay({ target, targetAsGiven, referenceName }: UnpackRequest): { path: string; printed: string } {
  const printed = targetAsGiven === '.' ? referenceName : join(targetAsGiven, referenceName)
  return { path: join(target, referenceName), printed }
}

function refuseExisting(request: UnpackRequest): void {
  const { path, printed } = inTheWay(request)
  if (printed === '') {
    throw new UnpackError('io', 'failed to untar (mkdir): mkdir : no such file or directory')
  }
  if (exists(path, statSync)) {
    throw new UnpackError('exists', `failed to untar: a file or directory with the name ${printed} already exists`)
  }
  if (exists(path, lstatSync)) {
    throw new UnpackError('exists', `failed to untar (mkdir): mkdir ${printed}: file exists`)
  }
}

/** Go: os.Stat succeeds. */
function exists(path: string, stat: typeof statSync): boolean {
  try {
    return stat(path, { throwIfNoEntry: false }) !== undefined
  } catch {
    return false
  }
}

function hasDotDot(path: string): boolean {
  return path.split(/[/\\]/).includes('..')
}

/** Whether the chart goes into a directory that is there. A link or a file in its place is refused; helm may follow. */
function standsAsDirectory(path: string): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false })
  if (stat === undefined) return false
  if (stat.isDirectory()) return true
  throw new UnpackError('exists', `${path} already exists and is not a directory`)
}

/** Makes the staged chart visible, and the empty directory of the reference's name that helm leaves beside it. */
function publish(request: UnpackRequest, staging: string, directory: string, merge: boolean): void {
  const besides = new MadeDirectories()
  const old = join(staging, 'old')
  try {
    if (inTheWay(request).path !== directory) besides.make(inTheWay(request).path)
    if (merge) renameSync(directory, old)
    else if (exists(directory, lstatSync)) throw new UnpackError('exists', `${directory} already exists`)
    renameSync(join(staging, 'chart'), directory)
  } catch (error) {
    if (merge && exists(old, lstatSync)) renameSync(old, directory)
    besides.takeBack()
    throw error
  }
  removeStaging(staging)
}

/** What cannot be removed stays, under its unpredictable name, for it says nothing about what came of the chart. */
function removeStaging(staging: string): void {
  try {
    rmSync(staging, { recursive: true, force: true })
  } catch {
    // As said.
  }
}
