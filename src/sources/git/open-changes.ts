/**
 * What would be committed, or what a range of commits brought, as a unit: the content as git has it, not the working
 * tree, which may hold something else.
 */
import { type Child, startChild, writeWhileOpen } from '../../base/child.ts'
import type { Blob, Place, SourceProblem } from '../../model/blob.ts'
import { AppError } from '../../model/errors.ts'
import type { ReadingTask } from '../../model/target.ts'
import type { OpenUnit } from '../../model/unit.ts'
import type { ArchiveLimits } from '../archive/limits.ts'
import { unpackAll } from '../archive/unpack.ts'
import { type ByteReader, createByteReader } from './byte-reader.ts'
import { changesCommand, listChanges } from './list-changes.ts'
import { streamOutput } from './object-stream.ts'

/** Blobs up to this size come through one git for all of them, larger ones stream from one of their own. */
const wholeSize = 1024 * 1024

export interface ChangesDeps {
  archive: ArchiveLimits
  limits: { maxBlobBytes: number }
}

export function openChanges(task: ReadingTask & { kind: 'git-changes' }, deps: ChangesDeps): OpenUnit {
  const command = changesCommand(task.range)
  let found = new Map<string, [Place, ...Place[]]>()

  async function* blobs(signal: AbortSignal): AsyncGenerator<Blob | SourceProblem> {
    found = await listChanges(task.range, signal)
    const reader = startChild({ ...command('read the changes', ['cat-file', '--batch']), signal })
    // For each its size first, then it alone: an answer that nobody wants is never on its way.
    const sizes = startChild({ ...command('measure the changes', ['cat-file', '--batch-check']), signal })
    try {
      const [contents, headers] = [createByteReader(reader.stdout), createByteReader(sizes.stdout)]
      for (const [id, [place]] of found) {
        const size = await sizeOf(id, sizes, headers)
        if (size === null) yield missing(place)
        else if (size > deps.limits.maxBlobBytes) yield tooLarge(place, deps.limits.maxBlobBytes)
        else if (size > wholeSize) yield { place, size, contentId: id, open: (now) => stream(id, now) }
        else yield wholeBlob(place, id, await readWhole(id, size, reader, contents))
      }
    } finally {
      await Promise.all([reader.stop(), sizes.stop()])
    }
  }

  function stream(id: string, signal: AbortSignal): AsyncGenerator<Buffer> {
    return streamOutput({ ...command('read a change', ['cat-file', 'blob', id]), signal })
  }

  return {
    blobs: (signal) => unpackAll(blobs(signal), deps.archive, signal),
    locate: async (places) =>
      places.map((place) =>
        (found.get(place.blob_sha ?? '') ?? [place]).map((one) => ({ ...place, ...one })),
      ),
    close: async () => {},
  }
}

function wholeBlob(place: Place, id: string, bytes: Buffer): Blob {
  return {
    place,
    size: bytes.length,
    contentId: id,
    async *open() {
      yield bytes
    },
    read: async (start, end) => bytes.subarray(start, end),
  }
}

/** Null where the clone lacks the object. */
async function sizeOf(id: string, child: Child, lines: ByteReader): Promise<number | null> {
  await writeWhileOpen(child.stdin, `${id}\n`)
  const line = await lines.line()
  if (line === null) throw await endOf(child)
  const size = /^[0-9a-f]+ blob (\d+)$/.exec(line)?.[1]
  return size === undefined ? null : Number(size)
}

async function readWhole(id: string, size: number, child: Child, output: ByteReader): Promise<Buffer> {
  await writeWhileOpen(child.stdin, `${id}\n`)
  await output.line()
  // The last byte is a newline of git's.
  const bytes = await output.take(size + 1)
  if (bytes === null) throw await endOf(child)
  return bytes.subarray(0, size)
}

async function endOf(child: Child): Promise<unknown> {
  child.stdin.end()
  return await child.done.then(
    () => new AppError('git_failed', 'git ended before it had told everything'),
    (error: unknown) => error,
  )
}

function missing(place: Place): SourceProblem {
  const message = 'git does not have its content; a partial clone has to fetch it first'
  return { problem: 'error', code: 'unreadable', subject: place.path, message }
}

function tooLarge(place: Place, limit: number): SourceProblem {
  return {
    problem: 'skipped',
    code: 'too_large',
    subject: place.path,
    message: `it is larger than ${limit} bytes`,
  }
}
