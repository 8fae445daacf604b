/**
 * Scans: one run over one or more sources. Its first tasks and their outbox rows are written in the transaction that
 * makes it, so a scan that is there runs. Tasks are in `tasks.ts`.
 */
import { type Selectable, sql } from 'kysely'
import { AppError } from '../model/errors.ts'
import type { Task } from '../model/target.ts'
import { appendAudit } from './audit.ts'
import { addCounts } from './counts.ts'
import { type Db, type Tx, within } from './database.ts'
import { type Counts, type Tables, type TaskState, taskStates } from './tables.ts'
import { insertTasks } from './tasks.ts'

export {
  type ClaimedTask,
  claimTask,
  finishTask,
  renewTask,
  retryTask,
} from './tasks.ts'

export type ScanRow = Selectable<Tables['scan']>

export interface NewScan {
  scheduleId?: string | null
  /** Who or what started it: an actor, or `schedule`. */
  startedBy: string
  /** Id of the scheduler's tick; a second scan with the same key is not made. */
  runKey?: string | null
  firstTasks: readonly { sourceId: string; task: Task }[]
}

/** `created` is false when a scan with this `runKey` was there: its id is given and nothing is written. */
export async function createScan(db: Db | Tx, scan: NewScan): Promise<{ id: string; created: boolean }> {
  if (scan.firstTasks.length === 0) throw new AppError('unprocessable', 'a scan needs at least one source')
  return within(db, async (tx) => {
    const row = await tx
      .insertInto('scan')
      .values({
        scheduleId: scan.scheduleId ?? null,
        startedBy: scan.startedBy,
        runKey: scan.runKey ?? null,
      })
      .onConflict((conflict) => conflict.column('runKey').doNothing())
      .returning('id')
      .executeTakeFirst()
    if (!row) return { id: await idOfRun(tx, scan.runKey ?? ''), created: false }
    await insertTasks(tx, row.id, scan.firstTasks)
    await appendAudit(tx, {
      actor: scan.startedBy,
      action: 'scan.started',
      subjectType: 'scan',
      subjectId: row.id,
      detail: { tasks: scan.firstTasks.length },
    })
    return { id: row.id, created: true }
  })
}

async function idOfRun(tx: Tx, runKey: string): Promise<string> {
  const row = await tx.selectFrom('scan').select('id').where('runKey', '=', runKey).executeTakeFirstOrThrow()
  return row.id
}

export interface ScanProgress extends ScanRow {
  /** Tasks by state. */
  tasks: Record<TaskState, number>
  /** Sums over ended and running tasks. */
  totals: Counts
  /** Findings this scan met first. */
  findings: number
  problems: { error: number; skipped: number }
}

export async function getScan(db: Db, id: string): Promise<ScanProgress | null> {
  const scan = await db.selectFrom('scan').selectAll().where('id', '=', id).executeTakeFirst()
  if (!scan) return null
  const [states, running, findings, problems] = await Promise.all([
    db
      .selectFrom('task')
      .select(['state', (eb) => eb.fn.countAll<string>().as('count')])
      .where('scanId', '=', id)
      .groupBy('state')
      .execute(),
    db.selectFrom('task').select('stats').where('scanId', '=', id).where('state', '=', 'running').execute(),
    db
      .selectFrom('finding')
      .select((eb) => eb.fn.countAll<string>().as('count'))
      .where('firstScanId', '=', id)
      .executeTakeFirstOrThrow(),
    db
      .selectFrom('taskProblem')
      .select(['problem', (eb) => eb.fn.countAll<string>().as('count')])
      .where('scanId', '=', id)
      .groupBy('problem')
      .execute(),
  ])
  const byState = Object.fromEntries(taskStates.map((state) => [state, 0])) as Record<TaskState, number>
  for (const row of states) byState[row.state] = Number(row.count)
  const byProblem = { error: 0, skipped: 0 }
  for (const row of problems) byProblem[row.problem] = Number(row.count)
  const totals = running.reduce((sum, task) => addCounts(sum, task.stats), scan.stats)
  return { ...scan, tasks: byState, totals, findings: Number(findings.count), problems: byProblem }
}

/** Whether the scan still runs; false for none. */
export async function isScanning(tx: Db | Tx, id: string | null): Promise<boolean> {
  if (id === null) return false
  const row = await tx.selectFrom('scan').select('state').where('id', '=', id).executeTakeFirst()
  return row?.state === 'running'
}

/** Ends a running scan; its waiting tasks never start and running ones lose their lease. False when it had ended. */
export async function cancelScan(db: Db | Tx, id: string, actor: string): Promise<boolean> {
  return within(db, async (tx) => {
    const scan = await tx
      .updateTable('scan')
      .set({ state: 'cancelled', finishedAt: sql<Date>`now()` })
      .where('id', '=', id)
      .where('state', '=', 'running')
      .returning('id')
      .executeTakeFirst()
    if (!scan) return false
    await tx
      .updateTable('task')
      .set({ state: 'cancelled', finishedAt: sql<Date>`now()`, claimedUntil: null, claimedBy: null })
      .where('scanId', '=', id)
      .where('state', 'in', ['pending', 'running'])
      .execute()
    await appendAudit(tx, { actor, action: 'scan.cancelled', subjectType: 'scan', subjectId: id })
    return true
  })
}
