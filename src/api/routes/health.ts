/**
 * For monitors. `/healthz`: the process answers. `/readyz`: the database answers and has our tables.
 * `/metrics`: without a token from this machine alone, otherwise with the scope read; a request that came
 * through a proxy is not from this machine, whatever the socket says.
 */
import { BlockList, isIP } from 'node:net'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Metrics } from '../../base/metrics.ts'
import { AppError } from '../../model/errors.ts'
import { type Db, isMigrated } from '../../store/database.ts'
import type { ApiApp } from '../app.ts'
import { type AuthDeps, authenticate } from '../auth/require-scope.ts'
import { problems } from '../contract/problem.ts'
import { healthSchema } from '../contract/upkeep.ts'

export interface HealthDeps extends Pick<AuthDeps, 'findToken'> {
  db: Db
  metrics: Metrics
}

export function addHealthRoutes(app: ApiApp, deps: HealthDeps): void {
  const monitor = { scope: 'public', unlimited: true } as const
  app.get(
    '/healthz',
    {
      config: monitor,
      schema: { summary: 'Is the process up', tags: ['meta'], response: { 200: healthSchema } },
    },
    async () => ({ status: 'ok' as const }),
  )
  app.get(
    '/readyz',
    {
      config: monitor,
      schema: { summary: 'Is the database there', tags: ['meta'], response: { 200: healthSchema } },
    },
    async () => {
      if (!(await isReady(deps.db))) throw new AppError('unavailable', 'the database is not ready yet')
      return { status: 'ok' as const }
    },
  )
  app.get(
    '/metrics',
    {
      config: { scope: 'public' },
      schema: {
        summary: 'Prometheus metrics; from other machines with a token',
        tags: ['meta'],
        response: {
          200: { description: 'Prometheus text', content: { 'text/plain': { schema: z.string() } } },
          ...problems(401),
        },
      },
    },
    async (request, reply) => {
      if (!isLocal(request)) await authenticate(deps, request.headers.authorization)
      const text = await deps.metrics.registry.metrics()
      return reply.header('content-type', deps.metrics.registry.contentType).send(text)
    },
  )
}

/** Any failure to ask means the same to a monitor. */
async function isReady(db: Db): Promise<boolean> {
  try {
    return await isMigrated(db)
  } catch {
    return false
  }
}

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

function isLocal(request: FastifyRequest): boolean {
  if (request.headers['x-forwarded-for'] !== undefined || request.headers.forwarded !== undefined)
    return false
  const address = request.ip
  return isIP(address) !== 0 && loopback.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}
