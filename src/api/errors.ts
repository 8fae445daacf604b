/**
 * Turns whatever was thrown into a problem answer. Only an `AppError` may speak for itself: messages of the
 * framework, the JSON parser and the database quote what they were given, and that may hold a credential.
 */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { AppError, type ErrorCode } from '../model/errors.ts'
import { type Problem, problemTitle, problemTypePrefix } from './contract/problem.ts'
import { validationErrors } from './validation-errors.ts'

/** An error of the API with a slug of its own, for what scripts must tell apart. */
export class ProblemError extends AppError {
  readonly slug: string
  readonly headers: Readonly<Record<string, string>>

  /** @param slug last part of the problem's `type` */
  constructor(
    code: ErrorCode,
    slug: string,
    message: string,
    options: { cause?: unknown; retryAfter?: number; headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(code, message, options)
    this.slug = slug
    this.headers = options.headers ?? {}
  }
}

/** What the framework refuses, in our words. */
const refusals: Readonly<Record<number, { slug: string; detail: string }>> = {
  400: { slug: 'invalid-input', detail: 'the request could not be read; check that its body is valid JSON' },
  404: { slug: 'not-found', detail: 'nothing is served under this path; /openapi.json lists what is' },
  405: { slug: 'method-not-allowed', detail: 'the header Allow lists the methods that are offered here' },
  408: { slug: 'request-timeout', detail: 'send the whole request sooner' },
  413: { slug: 'body-too-large', detail: 'send less at once' },
  414: { slug: 'invalid-input', detail: 'an identifier in the path is too long' },
  415: { slug: 'unsupported-media-type', detail: 'send the body as application/json' },
  431: { slug: 'headers-too-large', detail: 'send smaller headers' },
}

/** PostgreSQL and the network say by these codes that the database is not there now, not that we are wrong. */
const databaseGone = /^(08[0-9A-Z]{3}|57P0[123]|53300|ECONNREFUSED|ECONNRESET|ENOENT|EPIPE|ETIMEDOUT)$/

/** Two requests at once that each saw no row. */
const uniqueViolation = '23505'

/** The problem that answers `error`, with headers to set. */
export function problemOf(
  error: unknown,
  requestId: string,
): { problem: Problem; headers: Record<string, string> } {
  const instance = `urn:uuid:${requestId}`
  const make = (status: number, slug: string, detail: string, errors?: Problem['errors']): Problem => ({
    type: problemTypePrefix + slug,
    title: problemTitle(status),
    status,
    detail,
    instance,
    ...(errors === undefined ? {} : { errors }),
  })

  if (error instanceof AppError) {
    const slug = error instanceof ProblemError ? error.slug : error.code.replaceAll('_', '-')
    const headers: Record<string, string> = error instanceof ProblemError ? { ...error.headers } : {}
    if (error.retryAfter !== null) headers['retry-after'] = String(Math.ceil(error.retryAfter / 1000))
    return { problem: make(error.status, slug, error.message), headers }
  }
  if (hasZodFastifySchemaValidationErrors(error)) {
    const errors = validationErrors(error)
    return {
      problem: make(400, 'invalid-input', 'the request does not fit its schema; `errors` says where', errors),
      headers: {},
    }
  }
  const { statusCode, code } = error as Partial<FastifyError>
  const refusal = statusCode === undefined ? undefined : refusals[statusCode]
  if (statusCode !== undefined && refusal !== undefined) {
    return { problem: make(statusCode, refusal.slug, refusal.detail), headers: {} }
  }
  if (code === uniqueViolation) {
    return { problem: make(409, 'conflict', 'something like it was made at the same time'), headers: {} }
  }
  if (typeof code === 'string' && databaseGone.test(code)) {
    const detail = 'the database cannot be reached; try again in a moment'
    return { problem: make(503, 'unavailable', detail), headers: { 'retry-after': '5' } }
  }
  return {
    problem: make(500, 'internal', 'something failed that should not have; the log has the details'),
    headers: {},
  }
}

/** Sends a problem as bytes, so that its media type stays exactly as registered. */
export function sendProblem(
  reply: FastifyReply,
  problem: Problem,
  headers: Record<string, string> = {},
): FastifyReply {
  return reply
    .code(problem.status)
    .headers(headers)
    .header('content-type', 'application/problem+json')
    .send(Buffer.from(JSON.stringify(problem)))
}

/** The error handler of the application: what is our fault is logged, what is the client's is only answered. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { problem, headers } = problemOf(error, request.id)
  if (problem.status >= 500) request.log.error({ err: error }, 'request failed')
  return sendProblem(reply, problem, headers)
}
