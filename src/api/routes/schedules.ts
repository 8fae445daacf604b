/**
 * Schedules: when which sources are scanned. Expression and time zone are tried when they are written; the
 * scheduler picks changes up from the rows.
 */
import type { Db } from '../../store/database.ts'
import { pageSchedules } from '../../store/pages/other-pages.ts'
import { createSchedule, deleteSchedule, getSchedule, updateSchedule } from '../../store/schedules.ts'
import type { ApiApp } from '../app.ts'
import { actorOf } from '../auth/require-scope.ts'
import { idParams, noContent } from '../contract/fields.ts'
import { problems } from '../contract/problem.ts'
import {
  scheduleListSchema,
  schedulePatch,
  scheduleQuery,
  scheduleRequest,
  scheduleSchema,
} from '../contract/schedule.ts'
import { definedMembers } from '../defined-members.ts'
import { found } from '../found.ts'
import { checkCron } from '../next-run.ts'
import { linkPages, type Order, pageRequest } from '../paging.ts'
import { presentSchedule } from '../present/rows.ts'

const order: Order = { name: 'schedules', direction: 'desc' }

export function addScheduleRoutes(app: ApiApp, deps: { db: Db }): void {
  const { db } = deps
  const tags = ['schedules']

  app.get(
    '/v1/schedules',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'List schedules, newest first',
        tags,
        querystring: scheduleQuery,
        response: { 200: scheduleListSchema },
      },
    },
    async (request, reply) => {
      const page = await pageSchedules(db, pageRequest(request.query, order))
      return linkPages(request, reply, order, page).map(presentSchedule)
    },
  )

  app.post(
    '/v1/schedules',
    {
      config: { scope: 'admin' },
      schema: {
        summary: 'Add a schedule',
        tags,
        body: scheduleRequest,
        response: { 201: scheduleSchema, ...problems(409, 422) },
      },
    },
    async (request, reply) => {
      checkCron(request.body.cron, request.body.time_zone)
      const { time_zone, source_ids, ...fields } = request.body
      const schedule = await createSchedule(
        db,
        { ...fields, timeZone: time_zone, sourceIds: source_ids },
        actorOf(request).name,
      )
      return reply
        .code(201)
        .header('location', `/v1/schedules/${schedule.id}`)
        .send(presentSchedule(schedule))
    },
  )

  app.get(
    '/v1/schedules/:id',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'Read a schedule',
        tags,
        params: idParams,
        response: { 200: scheduleSchema, ...problems(404) },
      },
    },
    async (request) =>
      presentSchedule(found(await getSchedule(db, request.params.id), 'schedule', request.params.id)),
  )

  app.patch(
    '/v1/schedules/:id',
    {
      config: { scope: 'admin' },
      schema: {
        summary: 'Change a schedule',
        tags,
        params: idParams,
        body: schedulePatch,
        response: { 200: scheduleSchema, ...problems(404, 409, 422) },
      },
    },
    async (request) => {
      const { id } = request.params
      const standing = found(await getSchedule(db, id), 'schedule', id)
      const { time_zone, source_ids, ...fields } = request.body
      checkCron(fields.cron ?? standing.cron, time_zone ?? standing.timeZone)
      const changes = definedMembers({ ...fields, timeZone: time_zone, sourceIds: source_ids })
      const changed = await updateSchedule(db, id, changes, actorOf(request).name)
      return presentSchedule(found(changed, 'schedule', id))
    },
  )

  app.delete(
    '/v1/schedules/:id',
    {
      config: { scope: 'admin' },
      schema: {
        summary: 'Remove a schedule; its scans stay',
        tags,
        params: idParams,
        response: { 204: noContent, ...problems(404) },
      },
    },
    async (request, reply) => {
      await deleteSchedule(db, request.params.id, actorOf(request).name)
      return reply.code(204).send()
    },
  )
}
