/** Responses as the API shows them, each with the id of its delivery where one was made. */
import { sql } from 'kysely'
import type { ResponseState } from '../../model/finding.ts'
import type { Db, Tx } from '../database.ts'
import { type KeyedPage, keyedPage, type PageRequest } from './keyset.ts'

function select(db: Db | Tx) {
  return db
    .selectFrom('response')
    .leftJoin('delivery', 'delivery.responseId', 'response.id')
    .select([
      'response.id',
      'response.findingId',
      'response.issuerId',
      'response.lane',
      'response.mode',
      'response.state',
      'response.reason',
      'response.gates',
      'response.outcome',
      'response.requestedBy',
      'response.decidedBy',
      'response.createdAt',
      'response.updatedAt',
      'response.completedAt',
      'delivery.id as deliveryId',
    ])
}

export type ResponseRow = Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>

export async function pageResponses(
  db: Db,
  filter: { findingId?: string; state?: readonly ResponseState[] | undefined },
  page: PageRequest,
): Promise<KeyedPage<ResponseRow>> {
  let query = select(db)
  if (filter.findingId) query = query.where('response.findingId', '=', filter.findingId)
  if (filter.state) query = query.where('response.state', 'in', [...filter.state])
  return keyedPage(query, { time: 'response.createdAt', id: 'response.id' }, page)
}

export async function readResponse(db: Db | Tx, id: string): Promise<ResponseRow | undefined> {
  return select(db).where('response.id', '=', id).executeTakeFirst()
}

/** The newest response of each finding. */
export async function newestResponses(
  db: Db,
  findingIds: readonly string[],
): Promise<Map<string, ResponseRow>> {
  if (findingIds.length === 0) return new Map()
  const rows = await select(db)
    .distinctOn('response.findingId')
    .where('response.findingId', 'in', [...findingIds])
    .orderBy('response.findingId')
    .orderBy(sql`response.created_at desc, response.id desc`)
    .execute()
  return new Map(rows.map((row) => [row.findingId, row]))
}

/** The response made under this idempotency key. */
export async function responseOfKey(db: Db | Tx, key: string) {
  return db
    .selectFrom('response')
    .select(['id', 'findingId'])
    .where('idempotencyKey', '=', key)
    .executeTakeFirst()
}
