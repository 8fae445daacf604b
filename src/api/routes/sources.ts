/** Sources: what is scanned. A target is parsed when it is written, so that a scan cannot fail on its spelling. */
import type { Db } from '../../store/database.ts'
import { pageSources } from '../../store/pages/other-pages.ts'
import { createSource, deleteSource, getSource } from '../../store/sources.ts'
import type { ApiApp } from '../app.ts'
import { actorOf } from '../auth/require-scope.ts'
import { idParams, noContent } from '../contract/fields.ts'
import { problems } from '../contract/problem.ts'
import { sourceListSchema, sourceQuery, sourceRequest, sourceSchema } from '../contract/source.ts'
import { found } from '../found.ts'
import { linkPages, type Order, pageRequest } from '../paging.ts'
import { presentSource } from '../present/rows.ts'
import { taskOfTarget } from '../task-of-target.ts'

const order: Order = { name: 'sources', direction: 'desc' }

export function addSourceRoutes(app: ApiApp, deps: { db: Db }): void {
  const { db } = deps
  const tags = ['sources']

  app.get(
    '/v1/sources',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'List sources, newest first',
        tags,
        querystring: sourceQuery,
        response: { 200: sourceListSchema },
      },
    },
    async (request, reply) => {
      const page = await pageSources(db, pageRequest(request.query, order))
      return linkPages(request, reply, order, page).map(presentSource)
    },
  )

  app.post(
    '/v1/sources',
    {
      config: { scope: 'admin' },
      schema: {
        summary: 'Add a source',
        tags,
        body: sourceRequest,
        response: { 201: sourceSchema, ...problems(409) },
      },
    },
    async (request, reply) => {
      const { name, target, authority } = request.body
      const source = await createSource(
        db,
        { name, target, authority, firstTask: taskOfTarget(target) },
        actorOf(request).name,
      )
      return reply.code(201).header('location', `/v1/sources/${source.id}`).send(presentSource(source))
    },
  )

  app.get(
    '/v1/sources/:id',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'Read a source',
        tags,
        params: idParams,
        response: { 200: sourceSchema, ...problems(404) },
      },
    },
    async (request) =>
      presentSource(found(await getSource(db, request.params.id), 'source', request.params.id)),
  )

  app.delete(
    '/v1/sources/:id',
    {
      config: { scope: 'admin' },
      schema: {
        summary: 'Remove a source that no scan or schedule refers to',
        tags,
        params: idParams,
        response: { 204: noContent, ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      await deleteSource(db, request.params.id, actorOf(request).name)
      return reply.code(204).send()
    },
  )
}
