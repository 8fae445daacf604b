/**
 * The way of one REST call: token, limits, faults, route, conditional answer, headers. Every answer carries
 * GitHub's headers, refusals too.
 */
import { createHash, randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Answer, type Call, notFound, Refusal, type Schemas } from './answer.ts'
import type { Fault, Faults } from './faults.ts'
import type { RateLimits, RateState, Resource } from './limits.ts'
import { matchRoute, type Route } from './routes/index.ts'
import type { World } from './world.ts'

export interface DemoCall {
  method: string
  /** Below the API's prefix, as sent. */
  path: string
  query: Readonly<Record<string, string>>
  authorized: boolean
  status: number
}

/** `route` is the template of GitHub's OpenAPI description; `body` is what was sent, before encoding. */
export type AnswerListener = (answer: { route: string; status: number; body: unknown }) => void

export interface RestDeps {
  world: World
  token: string
  requests: DemoCall[]
  faults: Faults
  limits: RateLimits
  searchDelay: number
  onAnswer?: AnswerListener
}

const prefix = '/api/v3'
const caller = { authorized: 'token', anonymous: 'anonymous' } as const

export async function serveRest(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  deps: RestDeps,
): Promise<void> {
  const method = request.method ?? 'GET'
  const path = url.pathname.startsWith(`${prefix}/`) ? url.pathname.slice(prefix.length) : ''
  const sent = /^(?:token|bearer) (.+)$/i.exec(request.headers.authorization ?? '')?.[1]
  const authorized = sent === deps.token
  const log = { method, path, query: Object.fromEntries(url.searchParams), authorized, status: 0 }
  deps.requests.push(log)

  const fault = deps.faults.take(path)
  if (fault?.kind === 'stall') return
  const match = matchRoute(path)
  const who = authorized ? caller.authorized : caller.anonymous
  const resource = match?.route.resource ?? 'core'
  const call: Omit<Call, 'params'> = {
    method,
    query: url.searchParams,
    accept: request.headers.accept ?? '',
    authorized,
    world: deps.world,
  }
  const badToken = request.headers.authorization !== undefined && !authorized
  const answer = await answerTo(path, match, call, { deps, who, badToken, fault })
  const encoded = Buffer.isBuffer(answer.body) ? answer.body : Buffer.from(JSON.stringify(answer.body))
  const etag = `W/"${createHash('sha256').update(encoded).digest('hex')}"`
  const unchanged = answer.status === 200 && request.headers['if-none-match'] === etag
  if (unchanged) deps.limits.giveBack(who, resource)

  log.status = unchanged ? 304 : answer.status
  response.writeHead(log.status, {
    'content-type': answer.contentType ?? 'application/json; charset=utf-8',
    ...(answer.status === 200 ? { etag, 'cache-control': 'private, max-age=60, s-maxage=60' } : {}),
    ...rateHeaders(deps.limits.state(who, resource), resource),
    'x-github-request-id': randomUUID().toUpperCase(),
    'x-github-media-type': 'github.v3; format=json',
    ...answer.headers,
  })
  response.end(unchanged ? undefined : encoded)
  if (!unchanged) {
    const route = path === '/rate_limit' ? path : (match?.route.template ?? path)
    deps.onAnswer?.({ route, status: answer.status, body: answer.body })
  }
}

interface Circumstances {
  deps: RestDeps
  who: string
  badToken: boolean
  fault: Fault | null
}

async function answerTo(
  path: string,
  match: { route: Route; params: Record<string, string> } | null,
  call: Omit<Call, 'params'>,
  { deps, who, badToken, fault }: Circumstances,
): Promise<Answer> {
  try {
    if (badToken) throw new Refusal(401, 'Bad credentials')
    if (fault?.kind === 'server_error') throw new Refusal(502, 'Server Error')
    if (fault?.kind === 'secondary_limit') throw secondaryLimit(fault)
    // Asking for the limits is free.
    if (path === '/rate_limit' && call.method === 'GET') return { status: 200, body: rateLimit(who, deps) }
    if (match === null || call.method !== 'GET') throw notFound()
    if (!deps.limits.take(who, match.route.resource)) throw primaryLimit(who)
    if (match.route.resource === 'code_search' && deps.searchDelay > 0) await sleep(deps.searchDelay)
    const answer = await match.route.handle({ ...call, params: match.params })
    if (fault?.kind !== 'incomplete_results') return answer
    return { ...answer, body: { ...(answer.body as object), incomplete_results: true } }
  } catch (error) {
    if (error instanceof Refusal) return error.answer
    return new Refusal(500, 'Server Error').answer
  }
}

function secondaryLimit(fault: Fault): Refusal {
  const message = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.'
  return new Refusal(403, message, { headers: { 'retry-after': String(fault.retryAfter) } })
}

function primaryLimit(who: string): Refusal {
  const whose = who === caller.authorized ? 'user ID 1' : '127.0.0.1'
  return new Refusal(403, `API rate limit exceeded for ${whose}.`)
}

function rateLimit(who: string, { limits }: RestDeps): Schemas['rate-limit-overview'] {
  const core = limits.state(who, 'core')
  return {
    resources: { core, search: core, code_search: limits.state(who, 'code_search') },
    rate: core,
  }
}

function rateHeaders(state: RateState, resource: Resource): Record<string, string> {
  return {
    'x-ratelimit-limit': String(state.limit),
    'x-ratelimit-remaining': String(state.remaining),
    'x-ratelimit-used': String(state.used),
    'x-ratelimit-reset': String(state.reset),
    'x-ratelimit-resource': resource,
  }
}
