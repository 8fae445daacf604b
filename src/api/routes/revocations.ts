/** Responses to findings: asked for by one person, decided by another. */
import type { Db } from '../../store/database.ts'
import { readFinding } from '../../store/pages/finding-pages.ts'
import { pageResponses, readResponse } from '../../store/pages/response-pages.ts'
import type { ApiApp } from '../app.ts'
import { actorOf } from '../auth/require-scope.ts'
import { idParams } from '../contract/fields.ts'
import { problems } from '../contract/problem.ts'
import {
  decisionRequest,
  findingRevocationQuery,
  idempotencyHeaders,
  revocationListSchema,
  revocationQuery,
  revocationRequest,
  revocationSchema,
} from '../contract/revocation.ts'
import type { ApiDeps } from '../deps.ts'
import { found } from '../found.ts'
import { linkPages, type Order, pageRequest } from '../paging.ts'
import { presentRevocation } from '../present/finding.ts'
import { requestRevocation } from '../request-revocation.ts'

const order: Order = { name: 'revocations', direction: 'desc' }

type RevocationDeps = Pick<ApiDeps, 'db' | 'detectors' | 'approve' | 'reject'>

export function addRevocationRoutes(app: ApiApp, deps: RevocationDeps): void {
  const { db } = deps
  const tags = ['revocations']

  app.get(
    '/v1/revocations',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'List revocations, newest first',
        tags,
        querystring: revocationQuery,
        response: { 200: revocationListSchema },
      },
    },
    async (request, reply) => {
      const filter = { state: request.query.state }
      const page = await pageResponses(db, filter, pageRequest(request.query, order))
      return linkPages(request, reply, order, page).map(presentRevocation)
    },
  )

  app.get(
    '/v1/revocations/:id',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'Read a revocation',
        tags,
        params: idParams,
        response: { 200: revocationSchema, ...problems(404) },
      },
    },
    async (request) => presentOne(db, request.params.id),
  )

  app.get(
    '/v1/findings/:id/revocations',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'List the revocations of a finding, newest first',
        tags,
        params: idParams,
        querystring: findingRevocationQuery,
        response: { 200: revocationListSchema, ...problems(404) },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      found(await readFinding(db, id), 'finding', id)
      const page = await pageResponses(db, { findingId: id }, pageRequest(request.query, order))
      return linkPages(request, reply, order, page).map(presentRevocation)
    },
  )

  app.post(
    '/v1/findings/:id/revocations',
    {
      config: { scope: 'triage' },
      schema: {
        summary: 'Ask for a credential to be disabled; somebody else has to approve',
        tags,
        params: idParams,
        headers: idempotencyHeaders,
        body: revocationRequest,
        response: { 202: revocationSchema, ...problems(404, 409, 422) },
      },
    },
    async (request, reply) => {
      const id = await requestRevocation(deps, {
        findingId: request.params.id,
        reason: request.body.reason,
        key: request.headers['idempotency-key'],
        actor: actorOf(request).name,
      })
      return reply
        .code(202)
        .header('location', `/v1/revocations/${id}`)
        .send(await presentOne(db, id))
    },
  )

  app.post(
    '/v1/revocations/:id/approve',
    {
      config: { scope: 'triage' },
      schema: {
        summary: 'Approve a revocation that somebody else or policy asked for',
        tags,
        params: idParams,
        body: decisionRequest,
        response: { 202: revocationSchema, ...problems(404, 409, 422) },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      await deps.approve(id, actorOf(request).name, request.body.reason)
      return reply
        .code(202)
        .header('location', `/v1/revocations/${id}`)
        .send(await presentOne(db, id))
    },
  )

  app.post(
    '/v1/revocations/:id/reject',
    {
      config: { scope: 'triage' },
      schema: {
        summary: 'Reject a revocation that waits for approval',
        tags,
        params: idParams,
        body: decisionRequest,
        response: { 200: revocationSchema, ...problems(404, 409) },
      },
    },
    async (request) => {
      const { id } = request.params
      await deps.reject(id, actorOf(request).name, request.body.reason)
      return presentOne(db, id)
    },
  )
}

async function presentOne(db: Db, id: string) {
  return presentRevocation(found(await readResponse(db, id), 'revocation', id))
}
