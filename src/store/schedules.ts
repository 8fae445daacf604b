/** When which sources are scanned. The queue's job schedulers are built from these rows, never the other way round. */
import { type Selectable, sql } from 'kysely'
import { AppError } from '../model/errors.ts'
import { appendAudit } from './audit.ts'
import { type Db, type Tx, within } from './database.ts'
import { createScan } from './scans.ts'
import { getSources } from './sources.ts'
import type { Tables } from './tables.ts'

export type ScheduleRow = Selectable<Tables['schedule']>

export interface NewSchedule {
  name: string
  /** Five fields, or six with seconds first. */
  cron: string
  /** IANA name. */
  timeZone: string
  sourceIds: readonly string[]
  enabled?: boolean
}

/** `AppError` (conflict: the name is taken; unprocessable: a source is not there). */
export async function createSchedule(
  db: Db | Tx,
  schedule: NewSchedule,
  actor: string,
): Promise<ScheduleRow> {
  return within(db, async (tx) => {
    await requireSources(tx, schedule.sourceIds)
    const row = await tx
      .insertInto('schedule')
      .values({ ...schedule, sourceIds: [...schedule.sourceIds] })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .returningAll()
      .executeTakeFirst()
    if (!row) throw nameTaken(schedule.name)
    await audit(tx, 'schedule.created', row, actor)
    return row
  })
}

/** The changed row; null when there is none. Errors as `createSchedule`. */
export async function updateSchedule(
  db: Db | Tx,
  id: string,
  changes: Partial<NewSchedule>,
  actor: string,
): Promise<ScheduleRow | null> {
  return within(db, async (tx) => {
    const { sourceIds, ...fields } = changes
    if (sourceIds) await requireSources(tx, sourceIds)
    if (fields.name !== undefined) await requireFreeName(tx, fields.name, id)
    const row = await tx
      .updateTable('schedule')
      .set({ ...fields, ...(sourceIds ? { sourceIds: [...sourceIds] } : {}), updatedAt: sql<Date>`now()` })
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirst()
    if (!row) return null
    await audit(tx, 'schedule.updated', row, actor)
    return row
  })
}

/** `AppError` (not_found). Its scans stay. */
export async function deleteSchedule(db: Db | Tx, id: string, actor: string): Promise<void> {
  await within(db, async (tx) => {
    const row = await tx.deleteFrom('schedule').where('id', '=', id).returningAll().executeTakeFirst()
    if (!row) throw new AppError('not_found', `there is no schedule "${id}"`)
    await audit(tx, 'schedule.deleted', row, actor)
  })
}

export async function getSchedule(db: Db | Tx, id: string): Promise<ScheduleRow | null> {
  const row = await db.selectFrom('schedule').selectAll().where('id', '=', id).executeTakeFirst()
  return row ?? null
}

export async function listSchedules(db: Db | Tx): Promise<ScheduleRow[]> {
  return db.selectFrom('schedule').selectAll().orderBy('createdAt').orderBy('id').execute()
}

/**
 * Starts the scan of one tick. Null when the schedule is gone, off, or has no source left.
 * @param runKey names the tick: a second call with it starts nothing
 */
export async function startScheduledScan(
  db: Db,
  scheduleId: string,
  runKey: string,
): Promise<{ id: string; created: boolean } | null> {
  return within(db, async (tx) => {
    const schedule = await getSchedule(tx, scheduleId)
    if (!schedule?.enabled) return null
    const sources = await getSources(tx, schedule.sourceIds)
    if (sources.length === 0) return null
    return createScan(tx, {
      scheduleId,
      startedBy: 'schedule',
      runKey,
      firstTasks: sources.map((source) => ({ sourceId: source.id, task: source.firstTask })),
    })
  })
}

async function requireSources(tx: Tx, ids: readonly string[]): Promise<void> {
  const present = new Set((await getSources(tx, ids)).map((source) => source.id))
  const missing = ids.find((id) => !present.has(id))
  if (missing !== undefined) throw new AppError('unprocessable', `there is no source "${missing}"`)
}

async function requireFreeName(tx: Tx, name: string, id: string): Promise<void> {
  const other = await tx
    .selectFrom('schedule')
    .select('id')
    .where('name', '=', name)
    .where('id', '!=', id)
    .executeTakeFirst()
  if (other) throw nameTaken(name)
}

function nameTaken(name: string): AppError {
  return new AppError('conflict', `a schedule named "${name}" is there already`)
}

async function audit(tx: Tx, action: string, row: ScheduleRow, actor: string): Promise<void> {
  await appendAudit(tx, {
    actor,
    action,
    subjectType: 'schedule',
    subjectId: row.id,
    detail: { name: row.name, cron: row.cron, time_zone: row.timeZone, enabled: row.enabled },
  })
}
