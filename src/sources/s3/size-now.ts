/** What an object is now, after it was found to differ from its listing. */
import { AppError } from '../../model/errors.ts'
import type { S3Calls } from './client.ts'
import { s3Failure } from './failure.ts'

/** @throws AppError naming the object */
export async function sizeNow(
  object: { bucket: string; key: string; versionId: string | null },
  calls: S3Calls,
  signal: AbortSignal,
): Promise<{ etag: string; size: number }> {
  try {
    const answer = await calls.headObject(
      {
        Bucket: object.bucket,
        Key: object.key,
        ...(object.versionId === null ? {} : { VersionId: object.versionId }),
      },
      signal,
    )
    if (answer.ContentLength === undefined)
      throw new AppError('remote_failed', 'the server does not say its size')
    return { etag: (answer.ETag ?? '').replaceAll('"', ''), size: answer.ContentLength }
  } catch (error) {
    signal.throwIfAborted()
    throw s3Failure(error, object)
  }
}
