/** The audit log, newest first. */
import type { Db } from '../../store/database.ts'
import { pageAudit } from '../../store/pages/other-pages.ts'
import type { ApiApp } from '../app.ts'
import { auditListSchema, auditQuery } from '../contract/upkeep.ts'
import { linkPages, type Order, pageRequest } from '../paging.ts'
import { presentAuditEvent } from '../present/rows.ts'

const order: Order = { name: 'audit', direction: 'desc', keys: 'numbers' }

export function addAuditRoutes(app: ApiApp, deps: { db: Db }): void {
  app.get(
    '/v1/audit',
    {
      config: { scope: 'admin' },
      schema: {
        summary: 'List audit events, newest first',
        tags: ['audit'],
        querystring: auditQuery,
        response: { 200: auditListSchema },
      },
    },
    async (request, reply) => {
      const { subject_type: subjectType, subject_id: subjectId } = request.query
      const page = await pageAudit(deps.db, { subjectType, subjectId }, pageRequest(request.query, order))
      return linkPages(request, reply, order, page).map(presentAuditEvent)
    },
  )
}
