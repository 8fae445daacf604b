/**
 * One GET of the API: asked, waited for, checked against the schema of the fields we use. Every way it can fail
 * ends in an `AppError`; abort ends it at once, even in the middle of a wait for a limit.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { z } from 'zod'
import { AppError } from '../../model/errors.ts'
import type { GithubDeps } from './client.ts'
import { toAppError } from './failure.ts'
import { quote } from './hosts.ts'

/** Refusals with `retry-after` that the throttling plugin does not know as limits are waited for this often. */
const maxWaits = 2

export interface Question<S extends z.ZodType> {
  /** Octokit's route text, e.g. `GET /orgs/{org}/repos`. */
  route: string
  params: Record<string, unknown>
  /** Names only the fields that are used. */
  schema: S
  /** What is asked about; quoted in errors. */
  subject: string
  signal: AbortSignal
}

export interface Answer<T> {
  data: T
  /** GitHub's `Link` header names a next page. */
  hasNext: boolean
}

/** @throws AppError with the subject quoted; `rate_limited` says how long to wait */
export async function ask<S extends z.ZodType>(
  deps: GithubDeps,
  question: Question<S>,
): Promise<Answer<z.infer<S>>> {
  const response = await request(deps, question)
  if (response.status !== 200) throw unexpectedStatus(response.status, question.subject)
  const parsed = question.schema.safeParse(response.data)
  if (!parsed.success) throw wrongShape(question.subject, parsed.error)
  return { data: parsed.data, hasNext: /;\s*rel="?next"?/.test(response.headers.link ?? '') }
}

interface RawResponse {
  status: number
  headers: { link?: string | undefined }
  data: unknown
}

async function request(
  deps: GithubDeps,
  question: Omit<Question<z.ZodType>, 'schema'>,
  fetchWith: Record<string, unknown> = {},
): Promise<RawResponse> {
  const { route, params, subject, signal } = question
  for (let waits = 0; ; waits++) {
    try {
      return await untilAborted(
        deps.octokit.request(route, { ...params, request: { ...fetchWith, signal } }),
        signal,
      )
    } catch (error) {
      if (signal.aborted) throw cancelled(subject)
      const failure = toAppError(error, subject, deps.scrub)
      const pause = failure.code === 'rate_limited' ? failure.retryAfter : null
      if (pause === null || waits === maxWaits || pause > deps.limits.maxWait) throw failure
      deps.log.warn({ seconds: pause / 1000, route }, 'waiting for a rate limit of GitHub')
      await sleep(pause, undefined, { signal }).catch(() => undefined)
    }
  }
}

/** The body of a GET as it streams; see `ask` for errors. Stop reading to end the transfer. */
export async function askForStream(
  deps: GithubDeps,
  question: Omit<Question<z.ZodType>, 'schema'>,
): Promise<AsyncIterable<Uint8Array>> {
  const response = await request(deps, question, {
    fetch: deps.streamFetch,
    parseSuccessResponseBody: false,
  })
  if (response.status !== 200) throw unexpectedStatus(response.status, question.subject)
  if (response.data === null || typeof response.data !== 'object') return nothing()
  return response.data as AsyncIterable<Uint8Array>
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** Redirects that were not followed come here too: their target is data from outside and is not named. */
function unexpectedStatus(status: number, subject: string): AppError {
  if (status >= 300 && status < 400) {
    return new AppError(
      'blocked_target',
      `GitHub sent us to another host for ${quote(subject)} (${status}); that is not followed, so that the token stays here`,
    )
  }
  return new AppError('remote_failed', `GitHub gave no usable answer about ${quote(subject)} (${status})`)
}

function wrongShape(subject: string, error: z.ZodError): AppError {
  const field = error.issues[0]?.path.join('.') ?? ''
  return new AppError(
    'remote_failed',
    `GitHub's answer about ${quote(subject)} is not of the documented form (${quote(field)}); is the API's URL right?`,
  )
}

function cancelled(subject: string): AppError {
  return new AppError('unavailable', `reading ${quote(subject)} from GitHub was cancelled`, {
    retryable: true,
  })
}

async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  let stop: (() => void) | undefined
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(new Error('aborted'))
    signal.addEventListener('abort', stop, { once: true })
  })
  try {
    return await Promise.race([work, aborted])
  } finally {
    if (stop !== undefined) signal.removeEventListener('abort', stop)
    // The request may still fail after the abort; nobody is left to hear of it.
    work.catch(() => undefined)
  }
}
