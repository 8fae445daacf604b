/**
 * One page of what is in a bucket: all versions where the caller may list them, else the newest of each key.
 * Both forms come out as the same entries with the same kind of marker.
 */
import type {
  DeleteMarkerEntry,
  ListObjectsV2CommandOutput,
  ListObjectVersionsCommandOutput,
} from '@aws-sdk/client-s3'
import type { S3Calls } from './client.ts'
import { isRefusal } from './failure.ts'
import { decodeListedKey, hasLoneSurrogate } from './keys.ts'

/** S3's largest page. */
const pageSize = 1_000
/** Pages without an entry that are gone through in a row before a listing counts as broken. */
const maxEmptyPages = 20

export interface Entry {
  /** As listed, for messages where `key` is null. */
  listed: string
  /** Null where the listed key is not UTF-8. */
  key: string | null
  versionId: string | null
  etag: string
  /** Null where the listing does not say. */
  size: number | null
  latest: boolean
  deleteMarker: boolean
  /** Storage class of an object that must be restored before it can be read. */
  archived: string | null
}

export interface PageMarker {
  key: string
  versionId: string | null
}

export interface Page {
  entries: Entry[]
  /** Where the next page starts; `broken`: S3 promised more and did not say where. */
  next: PageMarker | 'broken' | null
  /** Older versions were not listed because the caller may not. */
  versionsDenied: boolean
}

/** @throws the SDK's errors */
export async function fetchPage(
  calls: S3Calls,
  where: { bucket: string; prefix: string; after: PageMarker | null },
  signal: AbortSignal,
): Promise<Page> {
  try {
    return versionPage(
      await calls.listVersions(
        {
          Bucket: where.bucket,
          Prefix: where.prefix,
          MaxKeys: pageSize,
          EncodingType: 'url',
          OptionalObjectAttributes: ['RestoreStatus'],
          ...(where.after ? { KeyMarker: where.after.key } : {}),
          ...(where.after?.versionId ? { VersionIdMarker: where.after.versionId } : {}),
        },
        signal,
      ),
    )
  } catch (error) {
    const refusal = isRefusal(error)
    if (!refusal) throw error
    const page = await newestPage(calls, where, signal)
    return { ...page, versionsDenied: refusal === 'denied' }
  }
}

function versionPage(answer: ListObjectVersionsCommandOutput): Page {
  const decode = decoderOf(answer)
  const nextKey = answer.NextKeyMarker === undefined ? null : decode(answer.NextKeyMarker)
  return {
    entries: [
      ...(answer.Versions ?? []).map((one) => entryOf(one, decode, one.IsLatest ?? false)),
      ...(answer.DeleteMarkers ?? []).map((one) => markerEntry(one, decode)),
    ],
    next: nextMarker(answer.IsTruncated, nextKey, answer.NextVersionIdMarker ?? null),
    versionsDenied: false,
  }
}

/** Goes on by the last key and not by S3's token, which another worker might use too late. */
async function newestPage(
  calls: S3Calls,
  where: { bucket: string; prefix: string; after: PageMarker | null },
  signal: AbortSignal,
): Promise<Page> {
  let answer: ListObjectsV2CommandOutput | null = null
  for (let empty = 0; empty <= maxEmptyPages; empty += 1) {
    const token: string | undefined = answer?.NextContinuationToken
    answer = await calls.listObjects(
      {
        Bucket: where.bucket,
        Prefix: where.prefix,
        MaxKeys: pageSize,
        EncodingType: 'url',
        OptionalObjectAttributes: ['RestoreStatus'],
        ...(where.after ? { StartAfter: where.after.key } : {}),
        ...(token === undefined ? {} : { ContinuationToken: token }),
      },
      signal,
    )
    const isOver = !answer.IsTruncated || answer.NextContinuationToken === undefined
    if (isOver || (answer.Contents ?? []).length > 0) break
  }
  const decode = decoderOf(answer ?? {})
  const entries = (answer?.Contents ?? []).map((one) => entryOf(one, decode, true))
  return {
    entries,
    next: nextMarker(answer?.IsTruncated, entries.at(-1)?.key ?? null, null),
    versionsDenied: false,
  }
}

function nextMarker(
  isTruncated: boolean | undefined,
  key: string | null,
  versionId: string | null,
): Page['next'] {
  if (!isTruncated) return null
  return key === null || key === '' || hasLoneSurrogate(key) ? 'broken' : { key, versionId }
}

function decoderOf(answer: { EncodingType?: string | undefined }): (listed: string) => string | null {
  return answer.EncodingType === 'url' ? decodeListedKey : (listed) => listed
}

/** What both listings say of an object. */
interface Listed {
  Key?: string | undefined
  ETag?: string | undefined
  Size?: number | undefined
  StorageClass?: string | undefined
  VersionId?: string | undefined
  RestoreStatus?: { RestoreExpiryDate?: Date | undefined } | undefined
}

function entryOf(one: Listed, decode: (listed: string) => string | null, latest: boolean): Entry {
  const storageClass = one.StorageClass ?? 'STANDARD'
  const isArchived = storageClass === 'GLACIER' || storageClass === 'DEEP_ARCHIVE'
  const isRestored = one.RestoreStatus?.RestoreExpiryDate !== undefined
  return {
    listed: one.Key ?? '',
    key: decode(one.Key ?? ''),
    // The version called `null` is what was written without versioning: its ETag tells it apart.
    versionId: one.VersionId === undefined || one.VersionId === 'null' ? null : one.VersionId,
    etag: (one.ETag ?? '').replaceAll('"', ''),
    size: one.Size ?? null,
    latest,
    deleteMarker: false,
    archived: isArchived && !isRestored ? storageClass : null,
  }
}

function markerEntry(one: DeleteMarkerEntry, decode: (listed: string) => string | null): Entry {
  return {
    listed: one.Key ?? '',
    key: decode(one.Key ?? ''),
    versionId: one.VersionId ?? null,
    etag: '',
    size: 0,
    latest: one.IsLatest ?? false,
    deleteMarker: true,
    archived: null,
  }
}
