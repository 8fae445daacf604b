/**
 * The fetch that Octokit is given: bounded in time and size, never following a redirect off the API's origin
 * (the token would go along), and answering from the cache where GitHub says nothing changed. Failures that
 * another try cannot mend carry the name Octokit's retry plugin leaves alone.
 */
import { type Agent, fetch, type RequestInit, type Response as UndiciResponse } from 'undici'
import type { EtagCache } from './etag-cache.ts'

/** Renamed repositories answer 301 once or twice; more is a loop. */
const maxRedirects = 3

export interface FetchLimits {
  /** Milliseconds for one try of one request, body included; a streamed body has until `streamTimeout`. */
  requestTimeout: number
  streamTimeout: number
  /** Bytes of a JSON answer after decompression. */
  maxAnswerBytes: number
}

export interface GuardedFetchDeps {
  /** Origin that may see the token, e.g. `https://api.github.com`. */
  origin: string
  dispatcher: Agent
  limits: FetchLimits
  cache: EtagCache
}

interface FetchInit {
  method?: string
  headers?: Record<string, string>
  body?: string
  signal?: AbortSignal
}

/** What went wrong on our side of the wire; `AbortError` is the name that is not tried again. */
export class GuardError extends Error {
  override readonly name = 'AbortError'
  readonly kind: 'aborted' | 'too_large'

  constructor(kind: 'aborted' | 'too_large', message: string) {
    super(message)
    this.kind = kind
  }
}

/** For JSON: the whole body is read here, under the limits. A redirect that is not followed is given back as it came. */
export function createJsonFetch(deps: GuardedFetchDeps) {
  return async function jsonFetch(url: string, init: FetchInit = {}): Promise<Response> {
    return guard(init, deps.limits.requestTimeout, async (signal) => {
      const key = `${init.headers?.accept ?? ''} ${url}`
      const cached = init.method === 'GET' ? deps.cache.get(key) : undefined
      const headers = { ...init.headers, ...(cached === undefined ? {} : { 'if-none-match': cached.etag }) }
      const answer = await follow(deps, url, { ...init, headers, signal })
      const body = await readBounded(answer, deps.limits.maxAnswerBytes)
      if (answer.status === 304 && cached !== undefined) {
        return new Response(cached.body, { status: 200, headers: freshened(cached.headers, answer) })
      }
      const etag = answer.headers.get('etag')
      if (answer.status === 200 && etag !== null && init.method === 'GET') {
        deps.cache.set(key, { etag, body, headers: [...answer.headers] })
      }
      return toResponse(answer, body)
    })
  }
}

/** For raw blobs: the body is left to stream; the reader counts its bytes. Error answers are read here. */
export function createStreamFetch(deps: GuardedFetchDeps) {
  return async function streamFetch(url: string, init: FetchInit = {}): Promise<Response> {
    return guard(init, deps.limits.streamTimeout, async (signal) => {
      const answer = await follow(deps, url, { ...init, signal })
      if (answer.status === 200) return answer
      return toResponse(answer, await readBounded(answer, deps.limits.maxAnswerBytes))
    })
  }
}

async function guard(
  init: FetchInit,
  timeout: number,
  send: (signal: AbortSignal) => Promise<Response>,
): Promise<Response> {
  const caller = init.signal ?? undefined
  const limit = AbortSignal.timeout(timeout)
  try {
    return await send(caller === undefined ? limit : AbortSignal.any([caller, limit]))
  } catch (error) {
    if (caller?.aborted) throw new GuardError('aborted', 'the scan was cancelled')
    throw error
  }
}

async function follow(deps: GuardedFetchDeps, url: string, init: RequestInit): Promise<UndiciResponse> {
  let target = url
  for (let hop = 0; ; hop++) {
    const answer = await fetch(target, { ...init, redirect: 'manual', dispatcher: deps.dispatcher })
    const location = answer.headers.get('location')
    if (![301, 302, 307, 308].includes(answer.status) || location === null || hop === maxRedirects) {
      return answer
    }
    if (!URL.canParse(location, target)) return answer
    const next = new URL(location, target)
    if (next.origin !== deps.origin || next.username !== '' || next.password !== '') return answer
    await answer.body?.cancel()
    target = next.href
  }
}

async function readBounded(answer: UndiciResponse, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  if (answer.body === null) return new Uint8Array(0)
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of answer.body as AsyncIterable<Uint8Array>) {
    size += chunk.length
    if (size > maxBytes) throw new GuardError('too_large', `the answer is longer than ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  const body = new Uint8Array(size)
  let offset = 0
  for (const chunk of chunks) {
    body.set(chunk, offset)
    offset += chunk.length
  }
  return body
}

/** The body is decoded already, so the headers that describe its transfer no longer hold. */
function toResponse(answer: UndiciResponse, body: Uint8Array<ArrayBuffer>): Response {
  const headers = [...answer.headers].filter(
    ([name]) => name !== 'content-encoding' && name !== 'content-length',
  )
  const empty = [204, 205, 304].includes(answer.status)
  return new Response(empty ? null : body, { status: answer.status, headers })
}

function freshened(kept: [string, string][], answer: UndiciResponse): [string, string][] {
  const fresh = [...answer.headers].filter(([name]) => name.startsWith('x-ratelimit-'))
  const names = new Set([...fresh.map(([name]) => name), 'content-encoding', 'content-length'])
  return [...kept.filter(([name]) => !names.has(name)), ...fresh]
}
