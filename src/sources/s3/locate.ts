/**
 * What only places with hits are asked for: who owns the bucket (its tag `owner`), and whether anybody may read
 * the object, found out by asking for it unsigned.
 */
import type { Place } from '../../model/blob.ts'
import type { OpenUnit } from '../../model/unit.ts'
import type { S3Deps } from './client.ts'
import { isRefusal, s3Failure } from './failure.ts'
import { readAhead } from './read-ahead.ts'

/** A tag's value must look like one address; tags are written by people. */
const address = /^[^\s@<>"(),;:]{1,64}@[A-Za-z0-9.-]{1,253}$/

/** The tags are asked for once a unit. @throws AppError where S3 does not answer */
export function createLocator(bucket: string, deps: S3Deps): OpenUnit['locate'] {
  let owner: Promise<string | null> | null = null
  return async (places, signal) => {
    if (places.length === 0) return []
    const ownerHint = await (owner ??= ownerOf(bucket, deps, signal))
    const located: Place[][] = []
    // A request for each place takes its time on the way: several are under way at once.
    const ask = (place: Place, askSignal: AbortSignal) => publicUrl(place, deps, askSignal)
    for await (const { item, settled } of readAhead(places, deps.limits.parallel, ask, signal)) {
      if (settled.status === 'rejected') throw settled.reason
      const url = settled.value
      located.push([
        {
          ...item,
          ...(ownerHint === null ? {} : { owner_hint: ownerHint }),
          ...(url === null ? {} : { public: true, url }),
        },
      ])
    }
    return located
  }
}

async function ownerOf(bucket: string, deps: S3Deps, signal: AbortSignal): Promise<string | null> {
  const calls = await deps.calls()
  try {
    const { TagSet } = await calls.getBucketTagging({ Bucket: bucket }, signal)
    const tag = TagSet?.find((one) => one.Key?.toLowerCase() === 'owner')
    return tag?.Value !== undefined && address.test(tag.Value) ? tag.Value : null
  } catch (error) {
    signal.throwIfAborted()
    const failure = s3Failure(error, { bucket })
    // No tags, or not for us to read: the owner is then found elsewhere.
    if (!failure.retryable || isRefusal(error)) return null
    throw failure
  }
}

/** The address under which anybody may read these very bytes, or null. In doubt it is null: that holds us back. */
async function publicUrl(place: Place, deps: S3Deps, signal: AbortSignal): Promise<string | null> {
  const { bucket = '', key = place.path, version_id: version } = place
  const url = deps.urlOf(bucket, key)
  if (deps.anonymous) return url
  const calls = await deps.publicCalls()
  const ask = async (VersionId?: string): Promise<boolean> => {
    try {
      const about = { Bucket: bucket, Key: key, ...(VersionId === undefined ? {} : { VersionId }) }
      const answer = await calls.headObject(about, signal)
      return VersionId !== undefined || answer.ETag?.replaceAll('"', '') === place.etag
    } catch {
      signal.throwIfAborted()
      return false
    }
  }
  // Usual public policies open the newest version only, under the name without a version.
  if (await ask()) return url
  if (version === undefined || !(await ask(version))) return null
  return `${url}?versionId=${encodeURIComponent(version)}`
}
