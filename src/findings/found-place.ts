/** A place with the span of the credential in it, as every output shows it. */
import type { Place } from '../model/blob.ts'
import type { FoundPlace } from '../model/finding.ts'
import type { Hit } from '../model/hit.ts'

export function foundPlace(hit: Hit, place: Place): FoundPlace {
  return {
    ...place,
    ...(hit.archivePath === undefined ? {} : { archive_path: hit.archivePath }),
    ...hit.span,
    ...(hit.decoding.length === 0 ? {} : { decoding: hit.decoding.join('>') }),
  }
}

/** Order of places everywhere: by type, then where, then the span. Does not depend on the order they were met in. */
export function comparePlaces(a: FoundPlace, b: FoundPlace): number {
  return compare(sortKey(a), sortKey(b)) || a.byte_start - b.byte_start || a.byte_end - b.byte_end
}

export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function sortKey(place: FoundPlace): string {
  return [
    place.type,
    place.repository,
    place.bucket,
    place.path,
    place.archive_path,
    place.committed_at,
    place.commit_sha,
    place.version_id,
    place.decoding,
  ]
    .map((part) => part ?? '')
    .join('\0')
}
