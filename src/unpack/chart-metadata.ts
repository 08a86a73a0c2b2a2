import { nowhere, readArchive, type ArchiveRequest } from './read-archive.ts'

/** Reads the name and version of a packed chart, by the rules of unpacking it. Throws UnpackError. */
export async function chartMetadata(request: ArchiveRequest): Promise<{ name: string; version: string }> {
  return readArchive(request, nowhere)
}
