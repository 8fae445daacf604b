/** Blobs over bytes at hand, as sources give them, and what unpacking makes of them. */
import { readFileSync } from 'node:fs'
import { pack } from 'tar-stream'
import type { Blob, SourceProblem } from '../../src/model/blob.ts'
import { type ArchiveLimits, defaultArchiveLimits } from '../../src/sources/archive/limits.ts'
import { unpackAll } from '../../src/sources/archive/unpack.ts'
import { readItems } from './read-unit.ts'

export const signal = new AbortController().signal

/** A blob that can only be streamed, in small pieces. */
export function streamed(bytes: Buffer, path = 'file'): Blob {
  return {
    place: { type: 'file', path },
    size: null,
    contentId: null,
    async *open() {
      for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000)
    },
  }
}

/** The same with random access. */
export function ranged(bytes: Buffer, path = 'file'): Blob {
  return {
    ...streamed(bytes, path),
    size: bytes.length,
    read: async (start, end) => bytes.subarray(start, end),
  }
}

/** Both ways in which a source may hand over an archive. */
export const both = [
  ['streamed', streamed],
  ['by range', ranged],
] as const

export async function* items(...all: (Blob | SourceProblem)[]): AsyncGenerator<Blob | SourceProblem> {
  yield* all
}

/** Members with their text, and problems, of one blob. */
export async function unpack(blob: Blob, limits: Partial<ArchiveLimits> = {}) {
  const { blobs, problems } = await readItems(
    unpackAll(items(blob), { ...defaultArchiveLimits, ...limits }, signal),
  )
  return {
    members: blobs.map(({ place, bytes }) => [place.archive_path, bytes.toString()] as const),
    problems,
  }
}

export async function tarFile(members: Record<string, Buffer | string>): Promise<Buffer> {
  const writer = pack()
  for (const [name, content] of Object.entries(members)) writer.entry({ name }, content)
  writer.finalize()
  const chunks: Uint8Array[] = []
  for await (const chunk of writer) chunks.push(chunk as Uint8Array)
  return Buffer.concat(chunks)
}

/** A file of `fixtures/archives`. */
export function archiveFixture(name: string): Buffer {
  return readFileSync(new URL(`../../fixtures/archives/${name}`, import.meta.url))
}
