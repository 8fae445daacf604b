/**
 * The one way out to issuers: HTTPS to public addresses only. The name is resolved once, every answer must be a
 * public address, and the connection goes to an address that was checked, so that a name which changes its
 * answer in between (DNS rebinding) gains nothing. Literals never reach the look-up, hence the check before it.
 * Errors carry host and reason only: undici's own may hold raw bytes of an answer and are not passed on.
 */
import { createHash } from 'node:crypto'
import { promises as dns, type LookupAddress } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { callbackify } from 'node:util'
import ipaddr from 'ipaddr.js'
import { Agent, type Dispatcher, request as send } from 'undici'
import { AppError } from '../model/errors.ts'

/** Bytes of an answer that are read; the rest is cut off. */
const maxAnswerBytes = 256 * 1024

/** Names that mean something inside a cluster or a machine and nothing outside. */
const innerSuffixes = [
  'localhost',
  'internal',
  'local',
  'svc',
  'cluster.local',
  'home.arpa',
  'lan',
  'intranet',
]
const publicPorts = new Set(['', '443', '8443'])

export interface OutboundSettings {
  /** `host` or `host:port` that may have a private address, any port, an inner name and a CA of its own. */
  allowPrivateHosts: readonly string[]
  /** All addresses of a name; default: the system's resolver. */
  resolve?: (host: string) => Promise<LookupAddress[]>
  /** Milliseconds; defaults 5,000, 15,000 and 30,000. */
  connectTimeout?: number
  headersTimeout?: number
  totalTimeout?: number
}

interface OutboundRequest {
  method: 'GET' | 'POST'
  url: string
  headers: Readonly<Record<string, string>>
  body?: Buffer
  /** PEM of the CA that signed the other side, for hosts of the allow list. */
  certificateAuthority?: string | null
  signal?: AbortSignal
}

interface OutboundAnswer {
  status: number
  headers: Readonly<Record<string, string>>
  /** At most `maxAnswerBytes`. */
  body: Buffer
  /** The answer was longer and was cut off. */
  truncated: boolean
}

export interface Outbound {
  /**
   * Sends one request and follows no redirect. Throws `AppError` with code `blocked_target` (not allowed to go
   * there), `timeout` or `remote_failed` (no usable answer); any HTTP status is an answer.
   */
  request(request: OutboundRequest): Promise<OutboundAnswer>
  close(): Promise<void>
}

/** Does the operator's list name this host, with this port or with any? */
export function isListed(url: URL, allowPrivateHosts: readonly string[]): boolean {
  const host = bareHost(url)
  const port = url.port === '' ? '443' : url.port
  return allowPrivateHosts.some((entry) => {
    const name = entry.trim().toLowerCase()
    return name === host || name === `${host}:${port}`
  })
}

/** Host in lower case and ASCII (as `URL` leaves it) without the root's dot. */
function bareHost(url: URL): string {
  return url.hostname.endsWith('.') ? url.hostname.slice(0, -1) : url.hostname
}

/**
 * The parts of the policy that need no resolver; also for refusing an endpoint when it is registered.
 * Throws `AppError` `blocked_target` that says what is wrong.
 */
export function checkTarget(
  text: string,
  allowPrivateHosts: readonly string[],
): { url: URL; allowPrivate: boolean } {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null) throw blocked('the address is not a URL')
  if (url.protocol !== 'https:') throw blocked('only https is used')
  if (url.username !== '' || url.password !== '') throw blocked('the address may hold no user or password')
  const host = bareHost(url)
  if (host === '' || host.length > 253) throw blocked('the host name is empty or longer than 253 characters')
  if (host.startsWith('[') || isIP(host) !== 0) throw blocked('an IP address is not a host name')
  if (isListed(url, allowPrivateHosts)) return { url, allowPrivate: true }
  if (!publicPorts.has(url.port)) throw blocked(`port ${url.port} of "${host}" is not 443 or 8443`)
  const inner = !host.includes('.') || innerSuffixes.some((suffix) => host.endsWith(`.${suffix}`))
  if (inner) throw blocked(`"${host}" is a name of an inner network; list it in ALLOW_PRIVATE_HOSTS`)
  return { url, allowPrivate: false }
}

function blocked(reason: string): AppError {
  return new AppError('blocked_target', `request refused: ${reason}`)
}

/** Is this an address that anybody on the internet can have? Mapped and embedded IPv4 count as what they embed. */
export function isPublicAddress(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast'
}

/** @returns a client; `close` it when done. It keeps one pool of connections for each CA and origin. */
export function createOutbound(settings: OutboundSettings): Outbound {
  const resolve = settings.resolve ?? systemAddresses
  const total = settings.totalTimeout ?? 30_000
  const agents = new Map<string, Agent>()

  function agentFor(allowPrivate: boolean, authority: string | null): Agent {
    const key = `${allowPrivate} ${authority === null ? '' : createHash('sha256').update(authority).digest('hex')}`
    let agent = agents.get(key)
    if (agent === undefined) {
      agent = new Agent({
        headersTimeout: settings.headersTimeout ?? 15_000,
        bodyTimeout: total,
        keepAliveTimeout: 4_000,
        connect: {
          lookup: checkedLookup(resolve, allowPrivate),
          timeout: settings.connectTimeout ?? 5_000,
          minVersion: 'TLSv1.2',
          rejectUnauthorized: true,
          ...(authority === null ? {} : { ca: authority }),
        },
      })
      agents.set(key, agent)
    }
    return agent
  }

  async function request(request: OutboundRequest): Promise<OutboundAnswer> {
    const { url, allowPrivate } = checkTarget(request.url, settings.allowPrivateHosts)
    const authority = request.certificateAuthority ?? null
    if (authority !== null && !allowPrivate) {
      throw blocked(`"${url.host}" has a CA of its own but is not in ALLOW_PRIVATE_HOSTS`)
    }
    const deadline = AbortSignal.timeout(total)
    const signal = request.signal === undefined ? deadline : AbortSignal.any([deadline, request.signal])
    try {
      const answer = await send(url, {
        method: request.method,
        headers: { 'accept-encoding': 'identity', ...request.headers },
        body: request.body ?? null,
        dispatcher: agentFor(allowPrivate, authority),
        signal,
      })
      return await readAnswer(answer)
    } catch (error) {
      throw asOutboundError(error, url.host, request.signal)
    }
  }

  return {
    request,
    async close() {
      await Promise.all([...agents.values()].map((agent) => agent.destroy()))
      agents.clear()
    },
  }
}

/**
 * The addresses of a name. Throws `AppError`: `remote_failed` where it has none, `blocked_target` where one of them is
 * not public and `allowPrivate` is not set.
 */
export async function addressesOf(
  hostname: string,
  resolve: (host: string) => Promise<LookupAddress[]> = systemAddresses,
  allowPrivate = false,
): Promise<LookupAddress[]> {
  const addresses = await resolve(hostname)
  if (addresses.length === 0 || !addresses.every((each) => isIP(each.address) !== 0)) {
    throw new AppError('remote_failed', `"${hostname}" has no address`, { retryable: true })
  }
  if (!allowPrivate && !addresses.every((each) => isPublicAddress(each.address))) {
    throw blocked(`"${hostname}" has an address that is not public`)
  }
  return addresses
}

function systemAddresses(host: string): Promise<LookupAddress[]> {
  return dns.lookup(host, { all: true, verbatim: true })
}

/** A `lookup` for sockets that gives only checked addresses, and none when one of them is not public. */
function checkedLookup(
  resolve: (host: string) => Promise<LookupAddress[]>,
  allowPrivate: boolean,
): LookupFunction {
  const check = (hostname: string): Promise<LookupAddress[]> => addressesOf(hostname, resolve, allowPrivate)
  const checked = callbackify(check)
  return (hostname, options, callback) => {
    checked(hostname, (error, addresses) => {
      const first = addresses?.[0]
      if (first === undefined) callback(error, '')
      else if (options.all === true) callback(null, addresses)
      else callback(null, first.address, first.family)
    })
  }
}

async function readAnswer(answer: Dispatcher.ResponseData): Promise<OutboundAnswer> {
  const chunks: Buffer[] = []
  let size = 0
  let truncated = false
  for await (const chunk of answer.body as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    size += chunk.length
    // Leaving the loop destroys the stream and with it the connection.
    if (size > maxAnswerBytes) {
      truncated = true
      break
    }
  }
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(answer.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value
  }
  return {
    status: answer.statusCode,
    headers,
    body: Buffer.concat(chunks).subarray(0, maxAnswerBytes),
    truncated,
  }
}

const timeoutCodes = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'ETIMEDOUT',
])

function asOutboundError(error: unknown, host: string, caller: AbortSignal | undefined): unknown {
  if (error instanceof AppError) return error
  if (caller?.aborted === true) return caller.reason
  const { name, code } = error as { name?: string; code?: unknown }
  if (name === 'TimeoutError' || timeoutCodes.has(String(code))) {
    return new AppError('timeout', `"${host}" did not answer in time`, { retryable: true })
  }
  const reason = typeof code === 'string' && /^[A-Z0-9_]{1,60}$/.test(code) ? code : 'connection failed'
  return new AppError('remote_failed', `no answer from "${host}": ${reason}`, { retryable: true })
}
