/**
 * Findings as the API lists them: by filters, with the newest response and the first places of each. The sealed
 * columns are never selected here.
 */
import { type Expression, type SqlBool, sql } from 'kysely'
import type { FindingState, FoundPlace, Resolution, Validity } from '../../model/finding.ts'
import type { Confidence } from '../../model/hit.ts'
import type { Db, Tx } from '../database.ts'
import { type KeyedPage, keyedPage, type PageRequest } from './keyset.ts'

export interface FindingFilter {
  state?: readonly FindingState[] | undefined
  resolution?: readonly Resolution[] | undefined
  validity?: readonly Validity[] | undefined
  confidence?: readonly Confidence[] | undefined
  /** `none`: without a label. */
  label?: readonly string[] | undefined
  detector?: readonly string[] | undefined
  excludeDetectors?: readonly string[] | undefined
  issuer?: readonly string[] | undefined
  /** `*`: anybody, `none`: nobody. */
  assignee?: string | undefined
  sourceId?: string | undefined
  /** The scan that met it first. */
  scanId?: string | undefined
  /** Part of a path, without regard to case. */
  path?: string | undefined
}

const columns = [
  'finding.id',
  'finding.fingerprint',
  'finding.detector',
  'finding.issuer',
  'finding.kind',
  'finding.secretRedacted',
  'finding.checkKind',
  'finding.checkPassed',
  'finding.confidence',
  'finding.label',
  'finding.validity',
  'finding.state',
  'finding.resolution',
  'finding.resolutionComment',
  'finding.resolvedAt',
  'finding.resolvedBy',
  'finding.assignee',
  'finding.firstScanId',
  'finding.createdAt',
  'finding.updatedAt',
] as const

function select(db: Db | Tx) {
  return db.selectFrom('finding').select(columns)
}

export type FindingRow = Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>

export async function pageFindings(
  db: Db,
  filter: FindingFilter,
  sort: 'created' | 'updated',
  page: PageRequest,
): Promise<KeyedPage<FindingRow>> {
  let query = select(db)
  if (filter.state) query = query.where('finding.state', 'in', [...filter.state])
  if (filter.resolution) query = query.where('finding.resolution', 'in', [...filter.resolution])
  if (filter.validity) query = query.where('finding.validity', 'in', [...filter.validity])
  if (filter.confidence) query = query.where('finding.confidence', 'in', [...filter.confidence])
  if (filter.label) {
    query = query.where(sql<SqlBool>`coalesce(finding.label, 'none') = any(${[...filter.label]}::text[])`)
  }
  if (filter.detector) query = query.where('finding.detector', 'in', [...filter.detector])
  if (filter.excludeDetectors) query = query.where('finding.detector', 'not in', [...filter.excludeDetectors])
  if (filter.issuer) query = query.where('finding.issuer', 'in', [...filter.issuer])
  if (filter.scanId) query = query.where('finding.firstScanId', '=', filter.scanId)
  if (filter.assignee === 'none') query = query.where('finding.assignee', 'is', null)
  else if (filter.assignee === '*') query = query.where('finding.assignee', 'is not', null)
  else if (filter.assignee) query = query.where('finding.assignee', '=', filter.assignee)
  if (filter.sourceId) query = query.where(hasPlace(sql`place.source_id = ${filter.sourceId}::uuid`))
  if (filter.path) {
    const pattern = `%${filter.path.replace(/[\\%_]/g, String.raw`\$&`)}%`
    query = query.where(hasPlace(sql`place.details ->> 'path' ilike ${pattern}`))
  }
  const time = sort === 'created' ? 'finding.createdAt' : 'finding.updatedAt'
  return keyedPage(query, { time, id: 'finding.id' }, page)
}

function hasPlace(condition: Expression<unknown>): Expression<SqlBool> {
  return sql<SqlBool>`exists (select from place where place.finding_id = finding.id and ${condition})`
}

export async function readFinding(db: Db | Tx, id: string): Promise<FindingRow | undefined> {
  return select(db).where('finding.id', '=', id).executeTakeFirst()
}

/** The first places of each finding, oldest first, and how many there are. */
export async function firstPlaces(
  db: Db,
  findingIds: readonly string[],
  limit: number,
): Promise<Map<string, { places: FoundPlace[]; count: number }>> {
  const found = new Map<string, { places: FoundPlace[]; count: number }>()
  if (findingIds.length === 0) return found
  const counts = await db
    .selectFrom('place')
    .select((eb) => ['findingId', eb.fn.countAll<string>().as('count')])
    .where('findingId', 'in', [...findingIds])
    .groupBy('findingId')
    .execute()
  for (const row of counts) found.set(row.findingId, { places: [], count: Number(row.count) })
  const rows = await sql<{ findingId: string; details: FoundPlace }>`
    select wanted.id as finding_id, first.details
    from unnest(${[...findingIds]}::uuid[]) as wanted (id)
    cross join lateral (
      select details, first_seen_at, id from place
      where place.finding_id = wanted.id
      order by first_seen_at, id
      limit ${limit}
    ) as first
    order by first.first_seen_at, first.id`.execute(db)
  for (const row of rows.rows) found.get(row.findingId)?.places.push(row.details)
  return found
}

export async function pagePlaces(db: Db, findingId: string, page: PageRequest) {
  const query = db
    .selectFrom('place')
    .select([
      'place.id',
      'place.sourceId',
      'place.type',
      'place.details',
      'place.firstSeenAt',
      'place.lastSeenAt',
    ])
    .where('place.findingId', '=', findingId)
  return keyedPage(query, { time: 'place.firstSeenAt', id: 'place.id' }, page)
}
