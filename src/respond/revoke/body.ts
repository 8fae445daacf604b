/**
 * The bytes an issuer receives: compact JSON, members in the order of GitHub's signed samples, no newline at the
 * end. They are made once; the same bytes are sealed, signed and sent, on every attempt.
 */
import type { Place } from '../../model/blob.ts'
import { AppError } from '../../model/errors.ts'

export type Dialect = 'github' | 'gitlab'

/** One leaked token; every member is a string because strict receivers refuse null and absence. */
export interface RevokeMatch {
  token: string
  /** The name under which the issuer registered this kind of token. */
  type: string
  /** Web address of the place when anybody may read it, else empty. */
  url: string
  /** From GitHub's list, in lower case; `unknown` for object storage. */
  source: string
}

/** Bounds of one request (revocation practice of the partner program: a batch is small, one type each). */
const maxMatches = 100
const maxBytes = 256 * 1024

/** Throws `AppError` `unprocessable` past 100 matches, 256 KiB or with types mixed. */
export function encodeBody(dialect: Dialect, matches: readonly RevokeMatch[]): Buffer {
  if (matches.length === 0 || matches.length > maxMatches) {
    throw new AppError('unprocessable', `a request holds 1 to ${maxMatches} matches, not ${matches.length}`)
  }
  // One type in a request: a receiver that lacks one type refuses the whole batch.
  if (matches.some((match) => match.type !== matches[0]?.type)) {
    throw new AppError('unprocessable', 'a request holds matches of one type')
  }
  const records = matches.map(({ source, token, type, url }) =>
    dialect === 'github' ? { source, token, type, url } : { type, token, url },
  )
  const body = Buffer.from(JSON.stringify(records))
  if (body.length > maxBytes) throw new AppError('unprocessable', 'the matches do not fit into 256 KiB')
  return body
}

/** The member values that tell an issuer where a token stands, from the place that tells most. */
export function describePlace(places: readonly Place[]): Pick<RevokeMatch, 'url' | 'source'> {
  const best = places.find((place) => publicUrl(place) !== '') ?? places[0]
  return best === undefined
    ? { url: '', source: 'unknown' }
    : { url: publicUrl(best), source: sourceOf(best) }
}

function sourceOf(place: Place): string {
  if (place.type === 'commit') return 'commit'
  return place.type === 'github_blob' ? 'content' : 'unknown'
}

/** Never a presigned URL: whatever has a query, user or password is left out. */
function publicUrl(place: Place): string {
  if (place.public !== true || place.url === undefined || !URL.canParse(place.url)) return ''
  const url = new URL(place.url)
  const plain = url.protocol === 'https:' && url.search === '' && url.username === '' && url.password === ''
  return plain ? place.url : ''
}
