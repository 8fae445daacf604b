/**
 * The OpenAPI 3.1 document, generated from the schemas that validate and serialise. What all routes share (the
 * security requirement, the problems any of them may answer) is added here from the route's config.
 */
import swagger from '@fastify/swagger'
import type { FastifyInstance, RouteOptions } from 'fastify'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { problems } from './contract/problem.ts'

const tags = [
  { name: 'findings', description: 'Leaked credentials, by fingerprint, and their triage' },
  { name: 'revocations', description: 'What is done about a finding' },
  { name: 'scans', description: 'Runs over sources, their progress and problems' },
  { name: 'sources', description: 'Configured places to look' },
  { name: 'schedules', description: 'When which sources are scanned' },
  { name: 'issuers', description: 'Who can disable a kind of credential' },
  { name: 'deliveries', description: 'Signed webhooks and how they were answered' },
  { name: 'settings', description: 'Switches read at run time' },
  { name: 'audit', description: 'The append-only log' },
  { name: 'meta', description: 'Read by issuers and monitors, without a token' },
]

/** Serves the document at `/openapi.json`. Call before any route is added. */
export async function documentRoutes(app: FastifyInstance, version: string): Promise<void> {
  app.addHook('onRoute', addSharedParts)
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'keyrecall',
        version,
        description: 'Leaked credentials: found, disabled at their issuer, triaged. Errors are problem+json.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      tags,
      components: {
        securitySchemes: {
          bearer: {
            type: 'http',
            scheme: 'bearer',
            description: 'kr_pat_…; the requirement of a route names its scope: read, triage or admin',
          },
        },
      },
    },
    transform: jsonSchemaTransform,
    transformObject: (document) => pruneComponents(jsonSchemaTransformObject(document)),
  })
}

function addSharedParts(route: RouteOptions): void {
  const schema = route.schema ?? {}
  const scope = route.config?.scope ?? 'public'
  const shared = [429, 500, 503]
  if (scope !== 'public') shared.push(401, 403)
  if (schema.body !== undefined || schema.params !== undefined || schema.querystring !== undefined)
    shared.push(400)
  if (schema.body !== undefined) shared.push(413, 415)
  route.schema = {
    ...schema,
    security: scope === 'public' ? [] : [{ bearer: [scope] }],
    response: { ...problems(...shared), ...(schema.response as object | undefined) },
  }
}

/** The generator writes each named schema twice, for input and output; what no route refers to goes. */
function pruneComponents<T extends object>(document: T): T {
  const parts = document as { components?: { schemas?: Record<string, unknown> } }
  const schemas = parts.components?.schemas ?? {}
  const kept = new Map<string, unknown>()
  const rest = { ...document, components: { ...parts.components, schemas: {} } }
  const waiting: unknown[] = [rest]
  while (waiting.length > 0) {
    const text = JSON.stringify(waiting.pop())
    for (const [, name = ''] of text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (kept.has(name) || !(name in schemas)) continue
      kept.set(name, schemas[name])
      waiting.push(schemas[name])
    }
  }
  return { ...rest, components: { ...parts.components, schemas: Object.fromEntries([...kept].sort(byName)) } }
}

function byName([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1
}
