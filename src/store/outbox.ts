/**
 * Jobs on their way to the queue, written in the transaction they come from: what is committed will be done, what is
 * rolled back never starts. A trigger notifies `keyrecall_outbox` at commit, so that the relay wakes at once. The
 * relay may hand a row over twice (a crash between queue and `markSent`); handlers claim rows, so that is harmless.
 */
import { sql } from 'kysely'
import { type JobName, type JobPayload, jobPayloads } from '../model/jobs.ts'
import type { Db, Tx } from './database.ts'
import { toJson } from './tables.ts'

/** Channel that is notified when rows were committed. */
export const outboxChannel = 'keyrecall_outbox'

export interface OutboxRow {
  id: string
  job: JobName
  payload: Record<string, string>
  runAt: Date
  createdAt: Date
}

/** @param runAt not before this time; default now. Throws when `payload` is not what the job takes. */
export async function enqueue<N extends JobName>(
  tx: Db | Tx,
  job: N,
  payload: JobPayload<N>,
  runAt?: Date,
): Promise<void> {
  await enqueueAll(tx, job, [payload], runAt)
}

export async function enqueueAll<N extends JobName>(
  tx: Db | Tx,
  job: N,
  payloads: readonly JobPayload<N>[],
  runAt?: Date,
): Promise<void> {
  const rows = payloads.map((payload) => ({
    job,
    payload: toJson(jobPayloads[job].parse(payload)),
    ...(runAt ? { runAt: runAt } : {}),
  }))
  for (let start = 0; start < rows.length; start += 1000) {
    await tx
      .insertInto('outbox')
      .values(rows.slice(start, start + 1000))
      .execute()
  }
}

/** Rows whose time has come and that no queue has, oldest first. */
export async function unsent(db: Db, limit: number): Promise<OutboxRow[]> {
  return db
    .selectFrom('outbox')
    .select(['id', 'job', 'payload', 'runAt', 'createdAt'])
    .where('sentAt', 'is', null)
    .where('runAt', '<=', sql<Date>`now()`)
    .orderBy('runAt')
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** When the next row's time comes: how long a relay with nothing to do may sleep. Null: nothing waits. */
export async function nextRunAt(db: Db): Promise<Date | null> {
  const row = await db
    .selectFrom('outbox')
    .select((eb) => eb.fn.min('runAt').as('at'))
    .where('sentAt', 'is', null)
    .executeTakeFirst()
  return row?.at ?? null
}

export async function markSent(db: Db, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await db
    .updateTable('outbox')
    .set({ sentAt: sql<Date>`now()` })
    .where('id', 'in', [...ids])
    .execute()
}

/** Deletes what the queue took more than `seconds` ago; gives the number. */
export async function purgeSent(db: Db, seconds: number): Promise<number> {
  const result = await db
    .deleteFrom('outbox')
    .where('sentAt', '<', sql<Date>`now() - make_interval(secs => ${seconds})`)
    .executeTakeFirst()
  return Number(result.numDeletedRows)
}
