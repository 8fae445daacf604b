/**
 * Two counters in memory: one for each address, met before the token is looked up, and one for each token.
 * Counting by whatever token is sent would let anybody open a fresh counter with every request.
 */
import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ProblemError } from './errors.ts'

export interface RateLimits {
  /** Requests a minute from one address. */
  perAddress: number
  /** Requests a minute with one token. */
  perToken: number
}

/** What a triage page and a few scripts stay far below. */
export const defaultRateLimits: RateLimits = { perAddress: 1200, perToken: 600 }

/** Adds the counter of addresses and gives back the counter of tokens. */
export async function limitRates(
  app: FastifyInstance,
  limits: RateLimits,
): Promise<(request: FastifyRequest) => Promise<void>> {
  await app.register(rateLimit, {
    max: limits.perAddress,
    timeWindow: 60_000,
    // IPv6 clients own whole networks.
    ipv6Subnet: 64,
    enableDraftSpec: true,
    errorResponseBuilder: (_request, context) => tooMany('address', context.ttl),
  })
  const count = app.createRateLimit({
    max: limits.perToken,
    timeWindow: 60_000,
    keyGenerator: (request) => `token:${request.actor?.tokenId ?? ''}`,
  })
  return async (request) => {
    const result = await count(request)
    if (!result.isAllowed && result.isExceeded) throw tooMany('token', result.ttl)
  }
}

function tooMany(whose: 'address' | 'token', retryAfter: number): ProblemError {
  return new ProblemError(
    'rate_limited',
    'rate-limited',
    `too many requests from this ${whose} in a minute`,
    {
      retryAfter,
    },
  )
}
