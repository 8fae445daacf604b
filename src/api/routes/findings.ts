/** Findings: list, read, triage, and where each stands. */
import { z } from 'zod'
import { type FindingPatch, patchFinding } from '../../findings/triage.ts'
import { AppError } from '../../model/errors.ts'
import type { Db } from '../../store/database.ts'
import {
  type FindingRow,
  firstPlaces,
  pageFindings,
  pagePlaces,
  readFinding,
} from '../../store/pages/finding-pages.ts'
import { newestResponses } from '../../store/pages/response-pages.ts'
import type { ApiApp } from '../app.ts'
import { actorOf } from '../auth/require-scope.ts'
import { idParams } from '../contract/fields.ts'
import { findingListSchema, findingPatch, findingQuery, findingSchema } from '../contract/finding.ts'
import { pagedQuery } from '../contract/page.ts'
import { locationSchema } from '../contract/place.ts'
import { problems } from '../contract/problem.ts'
import { ProblemError } from '../errors.ts'
import { found } from '../found.ts'
import { linkPages, type Order, pageRequest } from '../paging.ts'
import { presentFinding, presentLocation, shownPlaces } from '../present/finding.ts'

export function addFindingRoutes(app: ApiApp, deps: { db: Db }): void {
  const { db } = deps
  const tags = ['findings']

  app.get(
    '/v1/findings',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'List findings',
        tags,
        querystring: findingQuery,
        response: { 200: findingListSchema },
      },
    },
    async (request, reply) => {
      const { sort, direction, exclude_detectors, source_id, scan_id, q, ...filter } = request.query
      const order: Order = { name: `findings ${sort}`, direction }
      const page = await pageFindings(
        db,
        { ...filter, excludeDetectors: exclude_detectors, sourceId: source_id, scanId: scan_id, path: q },
        sort,
        pageRequest(request.query, order),
      )
      return presentAll(db, linkPages(request, reply, order, page))
    },
  )

  app.get(
    '/v1/findings/:id',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'Read a finding',
        tags,
        params: idParams,
        response: { 200: findingSchema, ...problems(404) },
      },
    },
    async (request) => presentOne(db, request.params.id),
  )

  app.patch(
    '/v1/findings/:id',
    {
      config: { scope: 'triage' },
      schema: {
        summary: 'Triage a finding: state, resolution, comment, assignee',
        tags,
        params: idParams,
        body: findingPatch,
        response: { 200: findingSchema, ...problems(404, 409, 422) },
      },
    },
    async (request) => {
      await patch(db, request.params.id, request.body, actorOf(request).name)
      return presentOne(db, request.params.id)
    },
  )

  app.get(
    '/v1/findings/:id/locations',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'List the places where a finding stands, oldest first',
        tags,
        params: idParams,
        querystring: pagedQuery({}),
        response: { 200: z.array(locationSchema), ...problems(404) },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const order: Order = { name: 'locations', direction: 'asc' }
      found(await readFinding(db, id), 'finding', id)
      const page = await pagePlaces(db, id, pageRequest(request.query, order))
      return linkPages(request, reply, order, page).map(presentLocation)
    },
  )
}

/** A body that fits its schema and changes nothing is understood, so 422 and not 400. */
async function patch(db: Db, id: string, changes: FindingPatch, actor: string): Promise<void> {
  try {
    await patchFinding(db, id, changes, actor)
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'invalid_input') throw error
    throw new ProblemError('unprocessable', 'nothing-changed', error.message, { cause: error })
  }
}

async function presentOne(db: Db, id: string) {
  const row = found(await readFinding(db, id), 'finding', id)
  const [finding] = await presentAll(db, [row])
  return found(finding, 'finding', id)
}

async function presentAll(db: Db, rows: FindingRow[]) {
  const ids = rows.map((row) => row.id)
  const [places, responses] = await Promise.all([firstPlaces(db, ids, shownPlaces), newestResponses(db, ids)])
  return rows.map((row) => presentFinding(row, places.get(row.id), responses.get(row.id)))
}
