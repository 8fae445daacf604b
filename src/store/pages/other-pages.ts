/** The shorter lists of the API: sources, schedules, issuers, deliveries and audit events. */
import type { Db } from '../database.ts'
import type { DeliveryState } from '../tables.ts'
import { keyedPage, type PageRequest } from './keyset.ts'

export async function pageSources(db: Db, page: PageRequest) {
  return keyedPage(
    db.selectFrom('source').selectAll('source'),
    { time: 'source.createdAt', id: 'source.id' },
    page,
  )
}

export async function pageSchedules(db: Db, page: PageRequest) {
  return keyedPage(
    db.selectFrom('schedule').selectAll('schedule'),
    { time: 'schedule.createdAt', id: 'schedule.id' },
    page,
  )
}

export async function pageIssuers(db: Db, page: PageRequest) {
  return keyedPage(
    db.selectFrom('issuer').selectAll('issuer'),
    { time: 'issuer.createdAt', id: 'issuer.id' },
    page,
  )
}

const deliveryColumns = [
  'delivery.id',
  'delivery.issuerId',
  'delivery.responseId',
  'delivery.kind',
  'delivery.bodySha256',
  'delivery.state',
  'delivery.attempts',
  'delivery.nextAttemptAt',
  'delivery.lastStatus',
  'delivery.lastOutcome',
  'delivery.createdAt',
  'delivery.completedAt',
] as const

/** Without the sealed body. */
export async function pageDeliveries(
  db: Db,
  filter: { state?: readonly DeliveryState[] | undefined; issuerId?: string | undefined },
  page: PageRequest,
) {
  let query = db.selectFrom('delivery').select(deliveryColumns)
  if (filter.state) query = query.where('delivery.state', 'in', [...filter.state])
  if (filter.issuerId) query = query.where('delivery.issuerId', '=', filter.issuerId)
  return keyedPage(query, { time: 'delivery.createdAt', id: 'delivery.id' }, page)
}

/** One delivery with its attempts, oldest first, 100 at most. */
export async function readDelivery(db: Db, id: string) {
  const delivery = await db
    .selectFrom('delivery')
    .select(deliveryColumns)
    .where('delivery.id', '=', id)
    .executeTakeFirst()
  if (delivery === undefined) return undefined
  const history = await db
    .selectFrom('deliveryAttempt')
    .select(['attemptedAt', 'status', 'outcome', 'milliseconds'])
    .where('deliveryId', '=', id)
    .orderBy('id')
    .limit(100)
    .execute()
  return { ...delivery, history }
}

export async function pageAudit(
  db: Db,
  filter: { subjectType?: string | undefined; subjectId?: string | undefined },
  page: PageRequest,
) {
  let query = db
    .selectFrom('auditEvent')
    .select([
      'auditEvent.seq',
      'auditEvent.at',
      'auditEvent.actor',
      'auditEvent.action',
      'auditEvent.subjectType',
      'auditEvent.subjectId',
      'auditEvent.detail',
      'auditEvent.hash',
    ])
  if (filter.subjectType) query = query.where('auditEvent.subjectType', '=', filter.subjectType)
  if (filter.subjectId) query = query.where('auditEvent.subjectId', '=', filter.subjectId)
  return keyedPage(query, { number: 'auditEvent.seq' }, page)
}
