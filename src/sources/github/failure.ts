/**
 * What a refused or failed request means, as an `AppError` that quotes what was asked for. Octokit's errors are
 * not passed on as the cause: they hold request headers and whatever the other side sent.
 */
import { AppError } from '../../model/errors.ts'
import { GuardError } from './guarded-fetch.ts'
import { quote } from './hosts.ts'

interface Refusal {
  status: number
  message: string
  headers: Readonly<Record<string, string | undefined>>
}

/** GitHub's advice where a secondary limit comes without a time: at least a minute. */
const unknownWait = 60_000

/**
 * @param subject what was asked for, e.g. `acme/web`; quoted in the message
 * @param scrub takes our own token out of text that came from the other side
 */
export function toAppError(error: unknown, subject: string, scrub: (text: string) => string): AppError {
  if (error instanceof AppError) return error
  if (error instanceof GuardError) return fromGuard(error, subject)
  const refusal = asRefusal(error)
  if (refusal === null) return fromNetwork(error, subject)
  return fromStatus(refusal, quote(subject), scrub)
}

function fromGuard(error: GuardError, subject: string): AppError {
  if (error.kind === 'aborted') {
    return new AppError('unavailable', `reading ${quote(subject)} from GitHub was cancelled`, {
      retryable: true,
    })
  }
  return new AppError('too_large', `GitHub's answer about ${quote(subject)} is too long: ${error.message}`)
}

/** Octokit gives network failures status 500 and no response. */
function asRefusal(error: unknown): Refusal | null {
  if (typeof error !== 'object' || error === null || !('response' in error) || !('status' in error))
    return null
  const { response, status } = error as { response?: { headers?: Refusal['headers'] }; status: unknown }
  if (response === undefined || typeof status !== 'number') return null
  return { status, message: (error as { message?: string }).message ?? '', headers: response.headers ?? {} }
}

function fromNetwork(error: unknown, subject: string): AppError {
  const names = [error, causeOf(error), causeOf(causeOf(error))].map(nameOf)
  const timedOut = names.some((name) => /timeout/i.test(name))
  const what = timedOut ? 'did not answer in time' : 'could not be reached or broke off its answer'
  return new AppError(
    timedOut ? 'timeout' : 'remote_failed',
    `GitHub ${what} about ${quote(subject)}; it will be asked again by the next run`,
    { retryable: true },
  )
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined
}

function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return ''
  const code = (error as { code?: unknown }).code
  return `${error.name} ${typeof code === 'string' ? code : ''}`
}

function fromStatus(refusal: Refusal, subject: string, scrub: (text: string) => string): AppError {
  const wait = rateLimitWait(refusal)
  if (wait !== null) {
    return new AppError('rate_limited', `GitHub's rate limit is used up while reading ${subject}`, {
      retryable: true,
      retryAfter: wait,
    })
  }
  switch (refusal.status) {
    case 401:
      return new AppError(
        'unauthorized',
        `GitHub refused the token, or wants one, for ${subject} (401); set a valid GITHUB_TOKEN`,
      )
    case 403:
      return new AppError(
        'forbidden',
        `GitHub forbids reading ${subject} (403); the token lacks the right or the organisation's consent`,
      )
    case 451:
      return new AppError('forbidden', `GitHub withholds ${subject} for legal reasons (451)`)
    case 404:
    case 410:
      return new AppError(
        'not_found',
        `GitHub knows no ${subject} (${refusal.status}); check the name, and that the token may see it`,
      )
    case 409:
      return new AppError('conflict', `GitHub cannot read ${subject} now (409); it may be empty`)
    case 422:
      return new AppError('unprocessable', `GitHub does not accept ${subject} (422)${said(refusal, scrub)}`)
    default:
      return new AppError('remote_failed', `GitHub failed to answer about ${subject} (${refusal.status})`, {
        retryable: refusal.status >= 500,
      })
  }
}

/** Milliseconds to wait where the refusal is a limit, else null. */
function rateLimitWait(refusal: Pick<Refusal, 'status' | 'message' | 'headers'>): number | null {
  if (refusal.status !== 403 && refusal.status !== 429) return null
  const seconds = Number(refusal.headers['retry-after'])
  if (Number.isFinite(seconds) && seconds > 0) return seconds * 1000
  if (refusal.headers['x-ratelimit-remaining'] === '0') {
    const reset = Number(refusal.headers['x-ratelimit-reset']) * 1000
    return Number.isFinite(reset) ? Math.max(reset - Date.now(), 0) + 1000 : unknownWait
  }
  return refusal.status === 429 || /secondary rate limit/i.test(refusal.message) ? unknownWait : null
}

/** What GitHub said about a query: the one refusal whose words help; cut, without our token or control characters. */
function said(refusal: Refusal, scrub: (text: string) => string): string {
  const text = scrub(refusal.message).replace(/\s+/g, ' ')
  return text === '' ? '' : `: ${quote(text.slice(0, 200))}`
}
