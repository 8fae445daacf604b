/**
 * Tasks of a scan. A job only wakes its row: the row is claimed under a lease, so a repeated job does nothing and the
 * task of a killed worker goes to another. What a task brings is written in the transaction that ends it; the last
 * one to end closes the scan.
 */
import { sql } from 'kysely'
import type { SourceProblem } from '../model/blob.ts'
import { AppError } from '../model/errors.ts'
import { isJobName, type JobName } from '../model/jobs.ts'
import type { Task } from '../model/target.ts'
import { appendAudit } from './audit.ts'
import { addCounts } from './counts.ts'
import { type Db, type Tx, within } from './database.ts'
import { enqueue, enqueueAll } from './outbox.ts'
import { type Counts, toJson } from './tables.ts'
import { readTask, taskKey, writeTask } from './task-params.ts'

export interface ClaimedTask {
  id: string
  scanId: string
  sourceId: string
  params: Task
  /** Counts this one. */
  attempts: number
}

/** The task, now this worker's for `leaseMilliseconds`; null when it has ended, is another's or its scan has. */
export async function claimTask(
  db: Db,
  id: string,
  worker: string,
  leaseMilliseconds: number,
): Promise<ClaimedTask | null> {
  const row = await db
    .updateTable('task')
    .set({
      state: 'running',
      attempts: sql<number>`attempts + 1`,
      claimedUntil: inMilliseconds(leaseMilliseconds),
      claimedBy: worker,
      stats: toJson({}),
    })
    .where('id', '=', id)
    .where((eb) =>
      eb.or([
        eb('state', '=', 'pending'),
        eb.and([eb('state', '=', 'running'), eb('claimedUntil', '<', sql<Date>`now()`)]),
      ]),
    )
    .returning(['id', 'scanId', 'sourceId', 'params', 'attempts'])
    .executeTakeFirst()
  return row ? { ...row, params: readTask(row.params) } : null
}

/** Holds on to a claimed task and notes its sums so far. False: it is no longer this worker's. */
export async function renewTask(
  db: Db,
  id: string,
  worker: string,
  leaseMilliseconds: number,
  stats?: object,
): Promise<boolean> {
  const result = await db
    .updateTable('task')
    .set({
      claimedUntil: inMilliseconds(leaseMilliseconds),
      ...(stats ? { stats: toJson(stats) } : {}),
    })
    .where('id', '=', id)
    .where('state', '=', 'running')
    .where('claimedBy', '=', worker)
    .executeTakeFirst()
  return Number(result.numUpdatedRows) === 1
}

/** Gives a claimed task back and has it tried again later. False: it was not this worker's. */
export async function retryTask(
  db: Db | Tx,
  id: string,
  /** `uncounted`: the task is not to blame, so this attempt does not count. */
  options: { delayMilliseconds: number; worker: string; uncounted?: boolean },
): Promise<boolean> {
  return within(db, async (tx) => {
    const row = await tx
      .updateTable('task')
      .set({
        state: 'pending',
        claimedUntil: null,
        claimedBy: null,
        stats: toJson({}),
        ...(options.uncounted ? { attempts: sql<number>`attempts - 1` } : {}),
      })
      .where('id', '=', id)
      .where('state', '=', 'running')
      .where('claimedBy', '=', options.worker)
      .returning('kind')
      .executeTakeFirst()
    if (!row) return false
    await enqueue(tx, jobOf(row.kind), { taskId: id }, new Date(Date.now() + options.delayMilliseconds))
    return true
  })
}

export interface FinishTask {
  taskId: string
  /** The worker that holds it: one whose lease went to another changes nothing. */
  worker: string
  childTasks: readonly Task[]
  problems: readonly SourceProblem[]
  /** Numbers, or numbers by name. */
  stats: object
  state: 'done' | 'failed'
}

/**
 * Ends a task with all it brought: child tasks (once each), problems, sums. The last open task also closes the scan
 * and has its notices collected.
 */
export async function finishTask(
  db: Db | Tx,
  task: FinishTask,
): Promise<{ finished: boolean; scanFinished: boolean }> {
  return within(db, async (tx) => {
    const held = await lockTask(tx, task)
    if (!held) return { finished: false, scanFinished: false }
    await tx
      .updateTable('task')
      .set({
        state: task.state,
        finishedAt: sql<Date>`now()`,
        claimedUntil: null,
        claimedBy: null,
        stats: toJson(task.stats),
      })
      .where('id', '=', task.taskId)
      .execute()
    await insertProblems(tx, held.scanId, task)
    await insertTasks(
      tx,
      held.scanId,
      task.childTasks.map((child) => ({ sourceId: held.sourceId, task: child })),
    )
    await tx
      .updateTable('scan')
      .set({ stats: toJson(addCounts(held.stats, task.stats as Counts)) })
      .where('id', '=', held.scanId)
      .execute()
    return { finished: true, scanFinished: await closeScan(tx, held.scanId) }
  })
}

/** The scan is locked first: of two tasks that end at once, one sees the other ended. */
async function lockTask(tx: Tx, task: FinishTask) {
  const scan = await tx
    .selectFrom('scan')
    .select(['id as scanId', 'stats'])
    .where('id', '=', (eb) => eb.selectFrom('task').select('scanId').where('id', '=', task.taskId))
    .where('state', '=', 'running')
    .forNoKeyUpdate()
    .executeTakeFirst()
  const row = await tx
    .selectFrom('task')
    .select('sourceId')
    .where('id', '=', task.taskId)
    .where('state', '=', 'running')
    .where('claimedBy', '=', task.worker)
    .forNoKeyUpdate()
    .executeTakeFirst()
  return scan && row ? { ...scan, ...row } : null
}

async function insertProblems(tx: Tx, scanId: string, task: FinishTask): Promise<void> {
  const rows = task.problems.map(({ problem, code, subject, message }) => ({
    taskId: task.taskId,
    scanId,
    problem,
    code,
    subject,
    message,
  }))
  for (let start = 0; start < rows.length; start += 1000) {
    await tx
      .insertInto('taskProblem')
      .values(rows.slice(start, start + 1000))
      .execute()
  }
}

/** Rows and outbox rows for the tasks that are not there yet. */
export async function insertTasks(
  tx: Tx,
  scanId: string,
  tasks: readonly { sourceId: string; task: Task }[],
): Promise<void> {
  for (let start = 0; start < tasks.length; start += 1000) {
    const rows = tasks.slice(start, start + 1000).map(({ sourceId, task }) => ({
      scanId,
      sourceId,
      kind: task.kind,
      key: taskKey(task),
      params: writeTask(task),
    }))
    for (const row of rows) jobOf(row.kind)
    const made = await tx
      .insertInto('task')
      .values(rows)
      .onConflict((conflict) => conflict.constraint('task_once').doNothing())
      .returning(['id', 'kind'])
      .execute()
    for (const job of new Set(made.map((row) => jobOf(row.kind)))) {
      const payloads = made.filter((row) => row.kind === job).map((row) => ({ taskId: row.id }))
      await enqueueAll(tx, job, payloads)
    }
  }
}

async function closeScan(tx: Tx, scanId: string): Promise<boolean> {
  const open = await tx
    .selectFrom('task')
    .select('id')
    .where('scanId', '=', scanId)
    .where('state', 'in', ['pending', 'running'])
    .limit(1)
    .executeTakeFirst()
  if (open) return false
  const bad = await tx
    .selectFrom('taskProblem')
    .select('id')
    .where('scanId', '=', scanId)
    .where('problem', '=', 'error')
    .limit(1)
    .executeTakeFirst()
  const failed = await tx
    .selectFrom('task')
    .select('id')
    .where('scanId', '=', scanId)
    .where('state', '=', 'failed')
    .limit(1)
    .executeTakeFirst()
  const state = bad || failed ? 'complete_with_errors' : 'complete'
  await tx.updateTable('scan').set({ state, finishedAt: sql<Date>`now()` }).where('id', '=', scanId).execute()
  const told = await tx
    .selectFrom('finding')
    .innerJoin('response', 'response.findingId', 'finding.id')
    .select('finding.id')
    .distinct()
    .where('finding.firstScanId', '=', scanId)
    .where('response.noticedAt', 'is', null)
    .where('response.state', 'in', ['submitted', 'confirmed', 'failed'])
    .execute()
  // Owners are chosen by all places of a finding, so not before the scan has met them all.
  await enqueueAll(
    tx,
    'notify',
    told.map((finding) => ({ findingId: finding.id })),
  )
  await enqueue(tx, 'collect-notices', {})
  await appendAudit(tx, {
    actor: 'service',
    action: 'scan.finished',
    subjectType: 'scan',
    subjectId: scanId,
    detail: { state },
  })
  return true
}

type TaskJob = Extract<JobName, Task['kind']>

/** Standard input and staged files belong to a terminal: no worker has them. */
function jobOf(kind: Task['kind']): TaskJob {
  if (kind === 'stdin' || !isJobName(kind)) {
    throw new AppError('unprocessable', `a scan cannot read "${kind}"; only the command line can`)
  }
  return kind
}

function inMilliseconds(milliseconds: number) {
  return sql<Date>`now() + make_interval(secs => ${milliseconds / 1000})`
}
