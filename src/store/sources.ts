/** Configured places to look. Each keeps the task its scans begin with, so that starting one needs no parser. */
import { type Selectable, sql } from 'kysely'
import { AppError } from '../model/errors.ts'
import type { Task } from '../model/target.ts'
import { appendAudit } from './audit.ts'
import { type Db, type Tx, within } from './database.ts'
import type { Tables } from './tables.ts'
import { readTask, writeTask } from './task-params.ts'

export type SourceRow = Omit<Selectable<Tables['source']>, 'firstTask'> & { firstTask: Task }

export interface NewSource {
  name: string
  /** As on the command line. */
  target: string
  /** What `firstTask(parseTarget(target))` gives. */
  firstTask: Task
  authority: 'owned' | 'public'
}

/** `AppError` (conflict) when the name is taken. */
export async function createSource(db: Db | Tx, source: NewSource, actor: string): Promise<SourceRow> {
  return within(db, async (tx) => {
    const row = await insertSource(tx, source)
    if (!row) throw new AppError('conflict', `a source named "${source.name}" is there already`)
    await auditCreated(tx, row, actor)
    return row
  })
}

/** The source of that name, made where missing; one that is there stays as it is. */
export async function ensureSource(db: Db | Tx, source: NewSource, actor: string): Promise<SourceRow> {
  return within(db, async (tx) => {
    const made = await insertSource(tx, source)
    if (made) {
      await auditCreated(tx, made, actor)
      return made
    }
    const row = await tx
      .selectFrom('source')
      .selectAll()
      .where('name', '=', source.name)
      .executeTakeFirstOrThrow()
    return toSource(row)
  })
}

export async function getSource(db: Db | Tx, id: string): Promise<SourceRow | null> {
  const row = await db.selectFrom('source').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? toSource(row) : null
}

/** Sources with these ids, in no order; unknown ids are left out. */
export async function getSources(db: Db | Tx, ids: readonly string[]): Promise<SourceRow[]> {
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom('source')
    .selectAll()
    .where('id', 'in', [...ids])
    .execute()
  return rows.map(toSource)
}

/** `AppError` not_found, or conflict while a scan or a schedule refers to it: findings must keep their source. */
export async function deleteSource(db: Db | Tx, id: string, actor: string): Promise<void> {
  await within(db, async (tx) => {
    const source = await tx
      .selectFrom('source')
      .select('name')
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst()
    if (!source) throw new AppError('not_found', `there is no source "${id}"`)
    const scanned = await tx
      .selectFrom('task')
      .select('id')
      .where('sourceId', '=', id)
      .limit(1)
      .executeTakeFirst()
    if (scanned)
      throw new AppError('conflict', `source "${source.name}" was scanned; its findings refer to it`)
    const schedule = await tx
      .selectFrom('schedule')
      .select('name')
      .where(sql<boolean>`${id}::uuid = any(source_ids)`)
      .limit(1)
      .executeTakeFirst()
    if (schedule) throw new AppError('conflict', `schedule "${schedule.name}" scans source "${source.name}"`)
    await tx.deleteFrom('source').where('id', '=', id).execute()
    await appendAudit(tx, {
      actor,
      action: 'source.deleted',
      subjectType: 'source',
      subjectId: id,
      detail: { name: source.name },
    })
  })
}

async function insertSource(tx: Tx, source: NewSource): Promise<SourceRow | null> {
  const row = await tx
    .insertInto('source')
    .values({
      name: source.name,
      target: source.target,
      authority: source.authority,
      firstTask: writeTask(source.firstTask),
    })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .returningAll()
    .executeTakeFirst()
  return row ? toSource(row) : null
}

async function auditCreated(tx: Tx, row: SourceRow, actor: string): Promise<void> {
  await appendAudit(tx, {
    actor,
    action: 'source.created',
    subjectType: 'source',
    subjectId: row.id,
    detail: { name: row.name, target: row.target, authority: row.authority },
  })
}

function toSource(row: Selectable<Tables['source']>): SourceRow {
  return { ...row, firstTask: readTask(row.firstTask) }
}
