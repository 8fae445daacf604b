/**
 * Who is asking, and may they. The scope stands in the route's config; a route without one stops the service
 * from starting, so that a new route cannot be open by oversight. Runs before the body is read.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { ProblemError } from '../errors.ts'
import { includesScope, type Scope } from './scopes.ts'
import { hashToken, isWellFormed } from './token.ts'

/** Who asks. `name` is what rows and the audit log keep. */
export interface Actor {
  tokenId: string
  name: string
  scopes: readonly string[]
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a route needs; `public`: no token is asked for or looked at. */
    scope?: Scope | 'public'
  }
  interface FastifyRequest {
    actor: Actor | null
  }
}

export interface AuthDeps {
  /** The live token with this hash; notes that it was used. */
  findToken(hash: Buffer): Promise<{ id: string; scopes: readonly string[] } | undefined>
  /** Counts the request against its token. @throws ProblemError when there were too many */
  countRequest(request: FastifyRequest): Promise<void>
}

/** Adds the hook that lets only the right tokens in. */
export function requireScopes(app: FastifyInstance, deps: AuthDeps): void {
  app.decorateRequest('actor', null)
  app.addHook('onRoute', (route) => {
    if (route.config?.scope === undefined) throw new Error(`the route ${route.url} names no scope`)
  })
  app.addHook('onRequest', async (request: FastifyRequest, _reply: FastifyReply) => {
    const needed = request.routeOptions.config.scope ?? 'public'
    if (request.is404 || needed === 'public') return
    request.actor = await authenticate(deps, request.headers.authorization)
    await deps.countRequest(request)
    if (!includesScope(request.actor.scopes, needed)) {
      throw new ProblemError('forbidden', 'forbidden', `this needs a token with the scope "${needed}"`)
    }
  })
}

/**
 * The actor behind an `Authorization` header.
 * @throws ProblemError 401, which never says whether a token exists
 */
export async function authenticate(
  deps: Pick<AuthDeps, 'findToken'>,
  header: string | undefined,
): Promise<Actor> {
  const token = /^Bearer +(\S+) *$/i.exec(header ?? '')?.[1]
  if (token === undefined) throw unauthorized('send the header "Authorization: Bearer kr_pat_…"')
  if (!isWellFormed(token)) {
    throw unauthorized('the token is mistyped or cut off: its checksum does not fit', 'invalid_token')
  }
  const found = await deps.findToken(hashToken(token))
  if (found === undefined) throw unauthorized('the token is not known or was revoked', 'invalid_token')
  return { tokenId: found.id, name: `token:${found.id}`, scopes: found.scopes }
}

/** The actor of a request whose route is not public. */
export function actorOf(request: FastifyRequest): Actor {
  if (request.actor === null) throw new Error('a public route asked for its actor')
  return request.actor
}

function unauthorized(detail: string, error?: 'invalid_token'): ProblemError {
  const challenge =
    error === undefined ? 'Bearer realm="keyrecall"' : `Bearer realm="keyrecall", error="${error}"`
  return new ProblemError('unauthorized', 'unauthorized', detail, {
    headers: { 'www-authenticate': challenge },
  })
}
