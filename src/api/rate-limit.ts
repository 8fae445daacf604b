/**
 * Two counters in memory: one for each address, met before the token is looked up, and one for each token.
 * Counting by whatever token is sent would let anybody open a fresh counter with every request. The plug-in's own
 * hook stands behind those of the application, so behind the token: its counters are called by hand here.
 */
import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ProblemError } from './errors.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Monitors may ask as often as they like. */
    unlimited?: boolean
  }
}

export interface RateLimits {
  /** Requests a minute from one address. */
  perAddress: number
  /** Requests a minute with one token. */
  perToken: number
}

/** What a triage page and a few scripts stay far below. */
export const defaultRateLimits: RateLimits = { perAddress: 1200, perToken: 600 }

const timeWindow = 60_000

/** Adds the counter of addresses, which must come before the look at tokens, and gives back that of tokens. */
export async function limitRates(
  app: FastifyInstance,
  limits: RateLimits,
): Promise<(request: FastifyRequest) => Promise<void>> {
  await app.register(rateLimit, { global: false })
  const countAddress = app.createRateLimit({
    max: limits.perAddress,
    timeWindow,
    // IPv6 clients own whole networks.
    ipv6Subnet: 64,
  })
  const countToken = app.createRateLimit({
    max: limits.perToken,
    timeWindow,
    keyGenerator: (request) => `token:${request.actor?.tokenId ?? ''}`,
  })
  app.addHook('onRequest', async (request) => {
    if (request.routeOptions.config.unlimited === true) return
    refuseExcess(await countAddress(request), 'address')
  })
  return async (request) => refuseExcess(await countToken(request), 'token')
}

type Count = Awaited<ReturnType<ReturnType<FastifyInstance['createRateLimit']>>>

function refuseExcess(count: Count, whose: 'address' | 'token'): void {
  if (count.isAllowed || !count.isExceeded) return
  const detail = `too many requests from this ${whose} in a minute`
  throw new ProblemError('rate_limited', 'rate-limited', detail, { retryAfter: count.ttl })
}
