/**
 * Bytes of one object version, always of the same one: pinned by its version, or by If-Match where there is
 * none. A transfer that breaks is taken up again where it stopped; lengths are compared with what was listed.
 */
import type { Readable } from 'node:stream'
import type { GetObjectCommandOutput } from '@aws-sdk/client-s3'
import { AppError } from '../../model/errors.ts'
import type { S3Calls } from './client.ts'
import { s3Failure } from './failure.ts'
import { guardBody } from './guard-body.ts'
import type { S3Limits } from './limits.ts'

/** One object version; `etag` is empty where the listing had none, and then nothing pins it. */
export interface PinnedObject {
  bucket: string
  key: string
  /** As S3 wants it; `null` (the word) is the version written without versioning. */
  versionId: string | null
  etag: string
  size: number
}

interface FetchDeps {
  calls: S3Calls
  limits: S3Limits
}

/** The bytes from `start` up to `end`, exclusive, in memory. @throws AppError naming the object */
export async function fetchRange(
  object: PinnedObject,
  start: number,
  end: number,
  deps: FetchDeps,
  signal: AbortSignal,
): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of streamRange(object, start, end, deps, signal)) chunks.push(chunk)
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)
}

/** The same as a stream; memory does not grow with the range. @throws AppError naming the object */
export async function* streamRange(
  object: PinnedObject,
  start: number,
  end: number,
  deps: FetchDeps,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  let at = start
  let resumes = 0
  for (;;) {
    try {
      for await (const chunk of attempt(object, at, end, deps, signal)) {
        at += chunk.length
        yield chunk
      }
      return
    } catch (error) {
      signal.throwIfAborted()
      const failure = s3Failure(error, object)
      const canResume = failure.retryable && failure.code !== 'rate_limited' && failure.code !== 'unavailable'
      if (!canResume || resumes >= deps.limits.resumes) throw failure
      resumes += 1
    }
  }
}

async function* attempt(
  object: PinnedObject,
  start: number,
  end: number,
  deps: FetchDeps,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const isWhole = start === 0 && end === object.size
  const answer = await deps.calls.getObject(
    {
      Bucket: object.bucket,
      Key: object.key,
      ...(object.versionId === null ? {} : { VersionId: object.versionId }),
      ...(object.versionId === null && object.etag !== '' ? { IfMatch: `"${object.etag}"` } : {}),
      // A range over all of it would be refused for an empty object, and has no checksum.
      ...(isWhole ? {} : { Range: `bytes=${start}-${end - 1}` }),
    },
    signal,
  )
  const body = answer.Body as Readable | undefined
  try {
    checkAnswer(answer, object, start, isWhole)
    const wanted = end - start
    let size = 0
    if (body) {
      const bounds = { stallTimeout: deps.limits.stallTimeout, maxBytes: wanted }
      for await (const chunk of guardBody(body, bounds)) {
        size += chunk.length
        yield chunk
      }
    }
    if (size < wanted) {
      throw new AppError('remote_failed', `the server sent ${size} of ${wanted} bytes`, { retryable: true })
    }
  } finally {
    body?.destroy()
  }
}

/** A part of something else, or of another length, must not pass for this object. */
function checkAnswer(
  answer: GetObjectCommandOutput,
  object: PinnedObject,
  start: number,
  isWhole: boolean,
): void {
  const range = /^bytes (\d+)-\d+\/(\d+)$/.exec(answer.ContentRange ?? '')
  if (!isWhole && !range) throw new AppError('remote_failed', 'the server does not keep to byte ranges')
  if (range && Number(range[1]) !== start) {
    throw new AppError('remote_failed', 'the server sent another part than it was asked for')
  }
  const size = range ? Number(range[2]) : answer.ContentLength
  if (size !== undefined && size !== object.size) {
    throw new AppError('remote_failed', `the listing says ${object.size} bytes, the server ${size}`)
  }
}
