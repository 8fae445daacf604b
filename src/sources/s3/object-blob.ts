/**
 * One listed object as a blob. Its first part is fetched ahead and kept in memory, which is all of it for most
 * objects; the rest of a large one streams when it is read.
 *
 * A stream that breaks for good ends early instead of throwing, so that what came of it is still scanned; the
 * reason is in `broke`, which whoever yields the blob tells afterwards.
 */
import type { Blob, Place } from '../../model/blob.ts'
import { AppError } from '../../model/errors.ts'
import type { ListedObject } from '../../model/target.ts'
import type { S3Calls } from './client.ts'
import { fetchRange, type PinnedObject, streamRange } from './fetch.ts'
import type { S3Limits } from './limits.ts'
import { sizeNow } from './size-now.ts'

export interface ObjectBlob {
  blob: Blob
  /** Why the stream ended early, once it has. */
  broke(): AppError | null
}

interface BlobDeps {
  calls: S3Calls
  limits: S3Limits
}

/** Fetches the first part. @throws AppError naming the object where that fails */
export async function openObject(
  bucket: string,
  listed: ListedObject,
  deps: BlobDeps,
  signal: AbortSignal,
): Promise<ObjectBlob> {
  const object: PinnedObject = {
    bucket,
    key: listed.key,
    versionId: listed.version_id ?? (listed.latest ? null : 'null'),
    etag: listed.etag,
    size: listed.size,
  }
  try {
    return await blobOf(object, listed.version_id, deps, signal)
  } catch (error) {
    // Written anew since it was listed: the new content is what stands in the bucket.
    if (!(error instanceof AppError) || error.code !== 'conflict') throw error
    return blobOf(
      { ...object, ...(await sizeNow(object, deps.calls, signal)) },
      listed.version_id,
      deps,
      signal,
    )
  }
}

async function blobOf(
  object: PinnedObject,
  listedVersion: string | null,
  deps: BlobDeps,
  signal: AbortSignal,
): Promise<ObjectBlob> {
  const headEnd = Math.min(object.size, deps.limits.headBytes)
  const head = await fetchRange(object, 0, headEnd, deps, signal)
  let broke: AppError | null = null
  const blob: Blob = {
    place: placeOf(object, listedVersion),
    size: object.size,
    contentId: contentIdOf(object, listedVersion),
    async *open(readSignal) {
      yield head
      if (headEnd === object.size) return
      try {
        yield* streamRange(object, headEnd, object.size, deps, readSignal)
      } catch (error) {
        readSignal.throwIfAborted()
        if (!(error instanceof AppError)) throw error
        broke = error
      }
    },
    async read(start, end, readSignal) {
      const stop = Math.min(end, object.size)
      if (stop <= headEnd || start >= stop) return head.subarray(start, stop)
      return fetchRange(object, start, stop, deps, readSignal)
    },
  }
  return { blob, broke: () => broke }
}

function placeOf(object: PinnedObject, listedVersion: string | null): Place {
  return {
    type: 's3_object',
    path: object.key,
    bucket: object.bucket,
    key: object.key,
    ...(listedVersion === null ? {} : { version_id: listedVersion }),
    ...(object.etag === '' ? {} : { etag: object.etag }),
  }
}

function contentIdOf(object: PinnedObject, listedVersion: string | null): string | null {
  const id = listedVersion ?? object.etag
  return id === '' ? null : `${object.bucket}/${object.key}@${id}`
}
