/** The body of a revoke webhook and the answer to it, in the words of GitHub's partner program. */
import { createHash } from 'node:crypto'
import { VerificationError } from './signature.ts'

export interface Match {
  token: string
  /** Name under which the issuer registered this kind of token. */
  type: string
  /** Where it was found; empty when that may not be told. */
  url: string
  /** `commit`, `content`, …; `unknown` where the dialect has no such member. */
  source: string
}

export type Label = 'true_positive' | 'false_positive'

export interface FeedbackEntry {
  /** Lower-case hex SHA-256 of the token; the token itself need not travel again. */
  token_hash: string
  token_type: string
  label: Label
}

/** Most matches in one request; more is refused. */
const maxMatches = 1000

/** Matches of a body whose signature was verified. Throws `VerificationError` `bad_body`. */
export function parseMatches(body: Uint8Array): Match[] {
  const value = parseJson(body)
  if (!Array.isArray(value) || value.length === 0 || value.length > maxMatches) {
    throw new VerificationError('bad_body', 400, `the body is not an array of 1 to ${maxMatches} matches`)
  }
  return (value as unknown[]).map((entry) => {
    const { token, type, url, source } = (entry ?? {}) as Record<string, unknown>
    if (typeof token !== 'string' || token === '' || typeof type !== 'string') {
      throw new VerificationError('bad_body', 400, 'a match lacks token or type')
    }
    return {
      token,
      type,
      url: typeof url === 'string' ? url : '',
      source: typeof source === 'string' ? source : 'unknown',
    }
  })
}

/** The JSON value in the bytes; null when it is none. */
export function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as unknown
  } catch {
    return null
  }
}

/** Lower-case hex SHA-256, the name of a token in feedback and status look-ups. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

/** One entry of the answer: was this one of the issuer's tokens (and is it now disabled), or not? */
export function feedback(match: Pick<Match, 'token' | 'type'>, label: Label): FeedbackEntry {
  return { token_hash: tokenHash(match.token), token_type: match.type, label }
}
