/**
 * The application: what holds for every route, then the routes. Nothing of a request but its method, the pattern
 * of its route and ids is logged: paths, queries, headers and bodies may hold what must not be kept.
 */
import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import helmet from '@fastify/helmet'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import { findToken } from '../store/tokens.ts'
import { requireScopes } from './auth/require-scope.ts'
import { problemTitle } from './contract/problem.ts'
import type { ApiDeps } from './deps.ts'
import { answerError, problemOf, sendProblem } from './errors.ts'
import { noteMethods } from './method-not-allowed.ts'
import { documentRoutes } from './openapi.ts'
import { defaultRateLimits, limitRates } from './rate-limit.ts'
import { addRoutes } from './routes/index.ts'

/** The instance every route file gets. */
export type ApiApp = ReturnType<typeof withZod>

/** Builds the API; it listens only once `listenApi` is called. */
export async function createApi(deps: ApiDeps): Promise<FastifyInstance> {
  const app = bareApp(deps)
  app.setErrorHandler(answerError)
  logRequests(app)
  await app.register(helmet, {
    contentSecurityPolicy: {
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
      useDefaults: false,
    },
  })
  await documentRoutes(app, deps.version)
  const registerMissingMethods = noteMethods(app)
  const countRequest = await limitRates(app, deps.rateLimits ?? defaultRateLimits)
  requireScopes(app, { findToken: (hash) => findToken(deps.db, hash), countRequest })
  addRoutes(withZod(app), deps)
  registerMissingMethods()
  app.setNotFoundHandler((request, reply) => {
    const missing = Object.assign(new Error('no route'), { statusCode: 404 })
    return sendProblem(reply, problemOf(missing, request.id).problem)
  })
  return app
}

function bareApp(deps: ApiDeps): FastifyInstance {
  const loggerInstance: FastifyBaseLogger = deps.log
  const app: FastifyInstance = Fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    trustProxy: deps.trustedProxies === undefined ? false : [...deps.trustedProxies],
    bodyLimit: 256 * 1024,
    requestTimeout: 30_000,
    keepAliveTimeout: 10_000,
    // Requests that come in on open connections while we stop are still answered; see `listen.ts`.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    frameworkErrors: (error, request, reply) => {
      void answerError(error, request, reply)
    },
    clientErrorHandler: refuseConnection,
  })
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.removeContentTypeParser('text/plain')
  return app
}

function withZod(app: FastifyInstance) {
  return app.withTypeProvider<ZodTypeProvider>()
}

function logRequests(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
  })
  app.addHook('onResponse', async (request, reply) => {
    request.log.info(
      {
        method: request.method,
        route: request.routeOptions.url ?? null,
        status: reply.statusCode,
        milliseconds: Math.round(reply.elapsedTime),
        tokenId: request.actor?.tokenId ?? null,
      },
      'request answered',
    )
  })
}

/** Answers what is not HTTP, or not in time, before there is a request to speak of. */
function refuseConnection(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return
  const status =
    error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400
  const refused = Object.assign(new Error('refused'), { statusCode: status })
  const body = JSON.stringify(problemOf(refused, randomUUID()).problem)
  socket.end(
    `HTTP/1.1 ${status} ${problemTitle(status)}\r\ncontent-type: application/problem+json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  )
}
