/**
 * Issuers: who is told, how, and whether a human has to agree first. `auto` is the one setting that lets
 * credentials be disabled without anybody looking, so it needs a reason and is never a default.
 */
import { AppError } from '../../model/errors.ts'
import { createIssuer, getIssuer, updateIssuer } from '../../store/issuers.ts'
import { pageIssuers } from '../../store/pages/other-pages.ts'
import type { ApiApp } from '../app.ts'
import { actorOf } from '../auth/require-scope.ts'
import { idParams } from '../contract/fields.ts'
import {
  issuerListSchema,
  issuerPatch,
  issuerQuery,
  issuerRequest,
  issuerSchema,
  testDeliverySchema,
} from '../contract/issuer.ts'
import { problems } from '../contract/problem.ts'
import { definedMembers } from '../defined-members.ts'
import type { ApiDeps } from '../deps.ts'
import { ProblemError } from '../errors.ts'
import { found } from '../found.ts'
import { linkPages, type Order, pageRequest } from '../paging.ts'
import { issuerFields, presentIssuer } from '../present/issuer.ts'

const order: Order = { name: 'issuers', direction: 'desc' }

type IssuerDeps = Pick<ApiDeps, 'db' | 'detectors' | 'proveEndpoint'>

export function addIssuerRoutes(app: ApiApp, deps: IssuerDeps): void {
  const { db } = deps
  const tags = ['issuers']
  const detectorIds = new Set(deps.detectors.map((detector) => detector.id))

  app.get(
    '/v1/issuers',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'List issuers, newest first',
        tags,
        querystring: issuerQuery,
        response: { 200: issuerListSchema },
      },
    },
    async (request, reply) => {
      const page = await pageIssuers(db, pageRequest(request.query, order))
      return linkPages(request, reply, order, page).map(presentIssuer)
    },
  )

  app.post(
    '/v1/issuers',
    {
      config: { scope: 'admin' },
      schema: {
        summary: 'Add an issuer',
        tags,
        body: issuerRequest,
        response: { 201: issuerSchema, ...problems(409, 422) },
      },
    },
    async (request, reply) => {
      const { slug, name, reason, ...fields } = request.body
      checkReason(fields.mode, reason)
      checkTypes(fields.types, detectorIds)
      const issuer = await createIssuer(
        db,
        { ...issuerFields(fields), slug, name },
        actorOf(request).name,
        reason,
      )
      return reply.code(201).header('location', `/v1/issuers/${issuer.id}`).send(presentIssuer(issuer))
    },
  )

  app.get(
    '/v1/issuers/:id',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'Read an issuer',
        tags,
        params: idParams,
        response: { 200: issuerSchema, ...problems(404) },
      },
    },
    async (request) =>
      presentIssuer(found(await getIssuer(db, request.params.id), 'issuer', request.params.id)),
  )

  app.patch(
    '/v1/issuers/:id',
    {
      config: { scope: 'admin' },
      schema: {
        summary: 'Change an issuer; another endpoint has to be proven again',
        tags,
        params: idParams,
        body: issuerPatch,
        response: { 200: issuerSchema, ...problems(404, 422) },
      },
    },
    async (request) => {
      const { id } = request.params
      const { reason, disabled, ...fields } = request.body
      checkReason(fields.mode, reason)
      checkTypes(fields.types, detectorIds)
      const changes = definedMembers({ ...issuerFields(fields), disabled })
      if (Object.keys(changes).length === 0) throw new AppError('unprocessable', 'name at least one change')
      const issuer = await updateIssuer(db, id, changes, actorOf(request).name, reason)
      return presentIssuer(found(issuer, 'issuer', id))
    },
  )

  app.post(
    '/v1/issuers/:id/test',
    {
      config: { scope: 'admin' },
      schema: {
        summary: 'Send a made-up credential to the endpoint, to prove that it verifies and answers',
        tags,
        params: idParams,
        response: { 200: testDeliverySchema, ...problems(404, 409, 422) },
      },
    },
    async (request) => {
      const { id } = request.params
      const issuer = found(await getIssuer(db, id), 'issuer', id)
      if (issuer.endpoint === null) {
        throw new ProblemError('conflict', 'no-endpoint', `issuer "${issuer.slug}" has no endpoint to test`)
      }
      const proof = await deps.proveEndpoint(id, actorOf(request).name)
      return {
        delivery_id: proof.deliveryId,
        delivery_url: `/v1/deliveries/${proof.deliveryId}`,
        proven: proof.proven,
        status: proof.status,
        outcome: proof.outcome,
      }
    },
  )
}

function checkReason(mode: string | undefined, reason: string | undefined): void {
  if (mode === 'auto' && reason === undefined) {
    throw new ProblemError(
      'unprocessable',
      'reason-required',
      'mode auto needs a reason; it is kept in the audit log',
    )
  }
}

/** A misspelt detector would leave its credentials alone without a word. */
function checkTypes(types: Readonly<Record<string, string>> | undefined, known: ReadonlySet<string>): void {
  const unknown = Object.keys(types ?? {}).filter((id) => !known.has(id))
  if (unknown.length > 0) {
    throw new ProblemError(
      'unprocessable',
      'unknown-detector',
      `there is no detector "${unknown.join('", "')}"`,
    )
  }
}
