/** Scans: start, follow, cancel, and what a scan could not read. */
import type { Db } from '../../store/database.ts'
import { pageProblems, pageScans } from '../../store/pages/scan-pages.ts'
import { cancelScan, getScan } from '../../store/scans.ts'
import type { ApiApp } from '../app.ts'
import { actorOf } from '../auth/require-scope.ts'
import { idParams } from '../contract/fields.ts'
import { problems } from '../contract/problem.ts'
import {
  scanListSchema,
  scanProblemListSchema,
  scanProblemQuery,
  scanProgressSchema,
  scanQuery,
  scanRequest,
} from '../contract/scan.ts'
import { ProblemError } from '../errors.ts'
import { found } from '../found.ts'
import { linkPages, type Order, pageRequest } from '../paging.ts'
import { presentProgress, presentScan } from '../present/rows.ts'
import { startScan } from '../start-scan.ts'

const scanOrder: Order = { name: 'scans', direction: 'desc' }
const problemOrder: Order = { name: 'problems', direction: 'asc', keys: 'numbers' }

export function addScanRoutes(app: ApiApp, deps: { db: Db }): void {
  const { db } = deps
  const tags = ['scans']

  app.get(
    '/v1/scans',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'List scans, newest first',
        tags,
        querystring: scanQuery,
        response: { 200: scanListSchema },
      },
    },
    async (request, reply) => {
      const { state, schedule_id: scheduleId } = request.query
      const page = await pageScans(db, { state, scheduleId }, pageRequest(request.query, scanOrder))
      return linkPages(request, reply, scanOrder, page).map(presentScan)
    },
  )

  app.post(
    '/v1/scans',
    {
      config: { scope: 'triage' },
      schema: {
        summary: 'Start a scan of sources; of targets that are no source yet with the scope admin',
        tags,
        body: scanRequest,
        response: { 202: scanProgressSchema, ...problems(409, 422) },
      },
    },
    async (request, reply) => {
      const id = await startScan(db, request.body, actorOf(request))
      const scan = found(await getScan(db, id), 'scan', id)
      return reply.code(202).header('location', `/v1/scans/${id}`).send(presentProgress(scan))
    },
  )

  app.get(
    '/v1/scans/:id',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'Read a scan with its progress',
        tags,
        params: idParams,
        response: { 200: scanProgressSchema, ...problems(404) },
      },
    },
    async (request) =>
      presentProgress(found(await getScan(db, request.params.id), 'scan', request.params.id)),
  )

  app.get(
    '/v1/scans/:id/problems',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'List what a scan could not read or left out on purpose',
        tags,
        params: idParams,
        querystring: scanProblemQuery,
        response: { 200: scanProblemListSchema, ...problems(404) },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      found(await getScan(db, id), 'scan', id)
      const filter = { scanId: id, problem: request.query.problem }
      const page = await pageProblems(db, filter, pageRequest(request.query, problemOrder))
      return linkPages(request, reply, problemOrder, page)
    },
  )

  app.post(
    '/v1/scans/:id/cancel',
    {
      config: { scope: 'triage' },
      schema: {
        summary: 'Cancel a running scan; what it found so far stays',
        tags,
        params: idParams,
        response: { 200: scanProgressSchema, ...problems(404, 409) },
      },
    },
    async (request) => {
      const { id } = request.params
      const cancelled = await cancelScan(db, id, actorOf(request).name)
      const scan = found(await getScan(db, id), 'scan', id)
      if (!cancelled)
        throw new ProblemError('conflict', 'scan-ended', `scan "${id}" is ${scan.state} already`)
      return presentProgress(scan)
    },
  )
}
