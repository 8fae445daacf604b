/**
 * What an issuer's answer means, and when to try again. Accepted (2xx) is not disabled: only feedback or a status
 * look-up can say that. Feedback is matched by our own SHA-256 of the token, whichever form the issuer chose.
 */
import { createHash } from 'node:crypto'
import { z } from 'zod'

/** The closed list that is stored with attempts and counted in metrics. */
export type SendOutcome =
  | 'delivered'
  | 'gone'
  | 'redirected'
  | 'refused'
  | 'busy'
  | 'timeout'
  | 'unreachable'
  | 'blocked'

/** 408 and 425 ask for another try, 429 too; the conflicts are another attempt's locks. */
const retryStatuses = new Set([408, 409, 421, 423, 424, 425, 429])

/** Meaning of an HTTP status. `refused` and `redirected` will not get better by themselves. */
export function outcomeOf(status: number): SendOutcome {
  if (status >= 200 && status < 300) return 'delivered'
  if (status >= 300 && status < 400) return 'redirected'
  if (status === 410) return 'gone'
  // 501 is how a receiver says that it does not know this type of token.
  if (status === 501) return 'refused'
  if (status >= 500 || retryStatuses.has(status)) return 'busy'
  return 'refused'
}

/** Is another attempt worth it? */
export function isRetryable(outcome: SendOutcome): boolean {
  return outcome === 'busy' || outcome === 'timeout' || outcome === 'unreachable'
}

/** Longest wait an issuer may ask for by `Retry-After`. */
const maxRetryAfterMs = 3_600_000

/**
 * Milliseconds until the next attempt; null when there is none left.
 * @param made attempts made so far, from 1
 * @param delaysSeconds wait before each attempt; the first is 0
 * @param random 0 to 1, for jitter of 20 % either way
 */
export function nextDelay(
  made: number,
  delaysSeconds: readonly number[],
  random: number,
  retryAfterMs: number | null,
): number | null {
  const seconds = delaysSeconds[made]
  if (seconds === undefined) return null
  const jittered = Math.round(seconds * 1000 * (0.8 + 0.4 * random))
  return Math.max(jittered, Math.min(retryAfterMs ?? 0, maxRetryAfterMs))
}

/** Milliseconds of a `Retry-After` header in seconds or as a date; null when absent or not understood. */
export function parseRetryAfter(value: string | undefined, now: number): number | null {
  if (value === undefined) return null
  if (/^\s*\d{1,9}\s*$/.test(value)) return Number(value) * 1000
  const at = Date.parse(value)
  return Number.isNaN(at) ? null : Math.max(0, at - now)
}

const FeedbackEntry = z.object({
  token_raw: z.string().max(65_536).optional(),
  token_hash: z.string().max(200).optional(),
  label: z.enum(['true_positive', 'false_positive']),
})

export type FeedbackLabel = z.infer<typeof FeedbackEntry>['label']

/**
 * The issuer's word on each token that was sent, by lower-case hex SHA-256. Entries about other tokens, or with
 * both or neither form of the token, are passed over; anything but a JSON array is no feedback.
 */
export function parseFeedback(body: Buffer, sentHashes: readonly string[]): Map<string, FeedbackLabel> {
  const labels = new Map<string, FeedbackLabel>()
  const value = parseJson(body)
  if (!Array.isArray(value)) return labels
  const sent = new Set(sentHashes)
  for (const item of value as unknown[]) {
    const entry = FeedbackEntry.safeParse(item)
    if (!entry.success) continue
    const { token_raw, token_hash, label } = entry.data
    if ((token_raw === undefined) === (token_hash === undefined)) continue
    const hash = token_raw === undefined ? (token_hash ?? '').toLowerCase() : sha256Hex(token_raw)
    // Two entries that contradict each other about one token: the cautious word, that it was a real one, stays.
    if (sent.has(hash) && labels.get(hash) !== 'true_positive') labels.set(hash, label)
  }
  return labels
}

const Status = z.object({
  statuses: z.array(z.object({ token_hash: z.string(), active: z.boolean().nullable() })).max(1000),
})

/** What a status look-up says of one token: only a clear `false` means that it is disabled. */
export function parseStatus(body: Buffer, hash: string): 'active' | 'inactive' | 'unknown' {
  const answer = Status.safeParse(parseJson(body))
  const found = answer.success ? answer.data.statuses.find((each) => each.token_hash === hash) : undefined
  if (found?.active === true) return 'active'
  return found?.active === false ? 'inactive' : 'unknown'
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown
  } catch {
    return null
  }
}

/** The name of a token in feedback and look-ups. */
export function sha256Hex(token: string | Buffer): string {
  return createHash('sha256').update(token).digest('hex')
}
