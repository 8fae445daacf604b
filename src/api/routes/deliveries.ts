/** Deliveries to issuers with what each attempt was answered. Bodies hold credentials and are never shown. */
import type { Db } from '../../store/database.ts'
import { pageDeliveries, readDelivery } from '../../store/pages/other-pages.ts'
import type { ApiApp } from '../app.ts'
import { actorOf } from '../auth/require-scope.ts'
import {
  deliveryDetailSchema,
  deliveryListSchema,
  deliveryQuery,
  redeliverRequest,
} from '../contract/delivery.ts'
import { idParams } from '../contract/fields.ts'
import { problems } from '../contract/problem.ts'
import { found } from '../found.ts'
import { linkPages, type Order, pageRequest } from '../paging.ts'
import { presentDelivery } from '../present/rows.ts'
import { redeliver } from '../redeliver.ts'

const order: Order = { name: 'deliveries', direction: 'desc' }

export function addDeliveryRoutes(app: ApiApp, deps: { db: Db }): void {
  const { db } = deps
  const tags = ['deliveries']

  app.get(
    '/v1/deliveries',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'List deliveries, newest first',
        tags,
        querystring: deliveryQuery,
        response: { 200: deliveryListSchema },
      },
    },
    async (request, reply) => {
      const filter = { state: request.query.state, issuerId: request.query.issuer_id }
      const page = await pageDeliveries(db, filter, pageRequest(request.query, order))
      return linkPages(request, reply, order, page).map(presentDelivery)
    },
  )

  app.get(
    '/v1/deliveries/:id',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'Read a delivery with its attempts',
        tags,
        params: idParams,
        response: { 200: deliveryDetailSchema, ...problems(404) },
      },
    },
    async (request) => presentOne(db, request.params.id),
  )

  app.post(
    '/v1/deliveries/:id/redeliver',
    {
      config: { scope: 'admin' },
      schema: {
        summary: 'Try a dead delivery again from the start',
        tags,
        params: idParams,
        body: redeliverRequest,
        response: { 202: deliveryDetailSchema, ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      await redeliver(db, id, actorOf(request).name, request.body.reason)
      return reply
        .code(202)
        .header('location', `/v1/deliveries/${id}`)
        .send(await presentOne(db, id))
    },
  )
}

async function presentOne(db: Db, id: string) {
  const { history, ...row } = found(await readDelivery(db, id), 'delivery', id)
  return {
    ...presentDelivery(row),
    attempts: history.map((attempt) => ({
      attempted_at: attempt.attemptedAt.toISOString(),
      status: attempt.status,
      outcome: attempt.outcome,
      milliseconds: attempt.milliseconds,
    })),
  }
}
