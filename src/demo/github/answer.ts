/**
 * One call of the demo's GitHub and the answers it can get. Refusals are values thrown by routes, so that every
 * one of them leaves with GitHub's own words and headers.
 */
import type { components } from '@octokit/openapi-types'
import type { World } from './world.ts'

export type Schemas = components['schemas']

/** A request as routes see it. */
export interface Call {
  method: string
  /** Decoded parts of the path that the route's template names. */
  params: Readonly<Record<string, string>>
  query: URLSearchParams
  accept: string
  /** A valid token was sent. */
  authorized: boolean
  world: World
}

export interface Answer {
  status: number
  /** JSON, or raw bytes with a type of their own. */
  body: unknown
  headers?: Readonly<Record<string, string>>
  contentType?: string
}

const docs = 'https://docs.github.com/rest'

/** A refusal in GitHub's form. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly answer: Answer

  constructor(
    status: number,
    message: string,
    more: { errors?: object[]; headers?: Record<string, string> } = {},
  ) {
    super(message)
    const errors = more.errors === undefined ? {} : { errors: more.errors }
    this.answer = {
      status,
      body: { message, ...errors, documentation_url: docs, status: String(status) },
      headers: more.headers ?? {},
    }
  }
}

/** What private and missing things answer alike. */
export function notFound(): Refusal {
  return new Refusal(404, 'Not Found')
}

export function validationFailed(resource: string, field: string, message?: string): Refusal {
  const error = { resource, field, code: 'invalid', ...(message === undefined ? {} : { message }) }
  return new Refusal(422, message ?? 'Validation Failed', { errors: [error] })
}
