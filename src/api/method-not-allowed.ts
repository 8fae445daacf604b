/**
 * 405 with `Allow` where a path exists and the method does not. The router alone would answer 404, so the
 * missing methods of every known path are registered, undocumented, once all routes are there.
 */
import type { FastifyInstance, HTTPMethods } from 'fastify'
import { problemOf, sendProblem } from './errors.ts'

const methods: readonly HTTPMethods[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/** Starts to note the routes; call the answer when all have been added. */
export function noteMethods(app: FastifyInstance): () => void {
  const known = new Map<string, Set<string>>()
  let complete = false
  app.addHook('onRoute', (route) => {
    if (complete) return
    const offered = known.get(route.url) ?? new Set<string>()
    for (const method of [route.method].flat()) offered.add(method)
    known.set(route.url, offered)
  })

  return () => {
    complete = true
    for (const [url, offered] of known) {
      const allow = [...offered].sort().join(', ')
      app.route({
        method: methods.filter((method) => !offered.has(method)),
        url,
        schema: { hide: true },
        config: { scope: 'public' },
        // Before the body is read: its media type is of no matter here.
        onRequest: async (request, reply) => {
          const refused = Object.assign(new Error('method not allowed'), { statusCode: 405 })
          return sendProblem(reply, problemOf(refused, request.id).problem, { allow })
        },
        handler: (_request, reply) => reply,
      })
    }
  }
}
