/**
 * The handler behind every scan job. The job is only a wake-up: the row is claimed in SQL under a lease, so
 * that a repeated job does nothing and a killed worker's task goes to another. What a task brings (more
 * tasks, problems, sums) is written in the transaction that ends it.
 */
import { randomUUID } from 'node:crypto'
import { crashPoint } from '../base/crash-point.ts'
import type { Log } from '../base/log.ts'
import type { SourceProblem } from '../model/blob.ts'
import { AppError, asAppError } from '../model/errors.ts'
import { emptyStats, type ScanStats } from '../model/hit.ts'
import { isListing, type Task } from '../model/target.ts'
import type { Sources } from '../sources/open.ts'
import { isConnectionError } from '../store/connection-error.ts'
import { type ClaimedTask, claimTask, finishTask, renewTask, retryTask } from '../store/scans.ts'
import { type ReadDeps, readTask } from './read-task.ts'

export interface RunTaskDeps extends ReadDeps {
  sources: Pick<Sources, 'open' | 'expand'>
  log: Log
  /** Name of this worker in leases. */
  worker: string
  /** Long enough for a stalled disk, short enough that a killed worker's task is taken up soon. */
  leaseMilliseconds: number
}

/** A task that failed for a passing reason is tried this often in all. */
const maxAttempts = 3

/** A task begun more often than this has ended its worker or the database each time, and would do so for ever. */
const maxBegun = 10

const endsWorkers = new AppError(
  'internal',
  `not read: it was begun ${maxBegun} times and each time its worker or the database ended first; is there enough memory?`,
)

interface TaskOutcome {
  childTasks: Task[]
  problems: SourceProblem[]
  stats: ScanStats
  unchanged: number
}

export async function runTask(
  { taskId }: { taskId: string },
  workerDeps: RunTaskDeps,
  signal: AbortSignal,
): Promise<void> {
  // One holder a run: two runs of one worker, the first of which lost its lease, are not each other.
  const deps = { ...workerDeps, worker: `${workerDeps.worker}/${randomUUID()}` }
  const task = await claimTask(deps.db, taskId, deps.worker, deps.leaseMilliseconds)
  if (!task) return
  if (task.attempts > maxBegun) return await giveUp(task, endsWorkers, deps)
  crashPoint('after-claim')
  const lease = holdLease(task, deps, signal)
  try {
    const outcome = await carryOut(task, deps, lease.signal, lease.progress)
    crashPoint('before-finish-task')
    await finish(task, outcome, deps)
  } catch (error) {
    if (lease.lost()) return
    if (signal.aborted) {
      await retryTask(deps.db, task.id, { delayMilliseconds: 0, worker: deps.worker, uncounted: true })
    } else if (isConnectionError(error)) {
      // Our own database, not the source: says nothing about the task.
      // But counted: a task whose own statements cut the connection must end too.
      const wait = Math.min(60_000, 1_000 * 2 ** (task.attempts - 1))
      await retryTask(deps.db, task.id, { delayMilliseconds: wait, worker: deps.worker })
    } else await giveUpOrRetry(task, asAppError(error), deps)
  } finally {
    lease.end()
  }
}

async function carryOut(
  task: ClaimedTask,
  deps: RunTaskDeps,
  signal: AbortSignal,
  progress: (stats: ScanStats) => void,
): Promise<TaskOutcome> {
  if (isListing(task.params)) {
    const listed = await deps.sources.expand(task.params, signal)
    return { childTasks: listed.tasks, problems: listed.problems, stats: emptyStats(), unchanged: 0 }
  }
  const context = { scanId: task.scanId, sourceId: task.sourceId, progress }
  const read = await readTask(task.params, context, deps, signal)
  return { childTasks: [], ...read }
}

async function finish(task: ClaimedTask, outcome: TaskOutcome, deps: RunTaskDeps): Promise<void> {
  const { finished } = await finishTask(deps.db, {
    taskId: task.id,
    worker: deps.worker,
    childTasks: outcome.childTasks,
    problems: outcome.problems,
    stats: { ...outcome.stats, unchanged: outcome.unchanged },
    state: 'done',
  })
  crashPoint('after-finish-task')
  if (finished) deps.metrics.tasks.inc({ kind: task.params.kind, state: 'done' })
}

async function giveUpOrRetry(task: ClaimedTask, error: AppError, deps: RunTaskDeps): Promise<void> {
  if (error.code === 'internal') deps.log.error({ err: error, taskId: task.id }, 'task failed unexpectedly')
  if (error.retryable && task.attempts < maxAttempts) {
    const wait = error.retryAfter ?? 1_000 * 5 ** (task.attempts - 1)
    await retryTask(deps.db, task.id, { delayMilliseconds: wait, worker: deps.worker })
    return
  }
  await giveUp(task, error, deps)
}

async function giveUp(task: ClaimedTask, error: AppError, deps: RunTaskDeps): Promise<void> {
  const problem: SourceProblem = {
    problem: 'error',
    code: error.code,
    subject: subjectOf(task.params),
    message: error.message,
  }
  const { finished } = await finishTask(deps.db, {
    taskId: task.id,
    worker: deps.worker,
    childTasks: [],
    problems: [problem],
    stats: { ...emptyStats(), unchanged: 0 },
    state: 'failed',
  })
  if (finished) deps.metrics.tasks.inc({ kind: task.params.kind, state: 'failed' })
}

function subjectOf(task: Task): string {
  switch (task.kind) {
    case 'git':
    case 'github-blob':
      return task.repository
    case 's3-objects':
    case 's3-list-page':
      return task.bucket
    case 'path':
      return task.path
    case 'stdin':
    case 'git-changes':
      return '-'
    case 'github-owner-page':
      return task.owner
    case 'github-repository':
      return `${task.owner}/${task.repo}`
    case 'github-search-slice':
    case 'github-search-page':
      return task.query
  }
}

interface Lease {
  signal: AbortSignal
  progress: (stats: ScanStats) => void
  lost: () => boolean
  end: () => void
}

/** Renews the lease while the task runs, with its sums so far; aborts it when the lease is gone or the scan cancelled. */
function holdLease(task: ClaimedTask, deps: RunTaskDeps, outer: AbortSignal): Lease {
  const stop = new AbortController()
  let lost = false
  let stats = emptyStats()
  const renew = async (): Promise<void> => {
    if (await renewTask(deps.db, task.id, deps.worker, deps.leaseMilliseconds, stats)) return
    lost = true
    stop.abort()
  }
  const timer = setInterval(() => {
    renew().catch((error: unknown) => deps.log.warn({ err: error, taskId: task.id }, 'lease not renewed'))
  }, deps.leaseMilliseconds / 6)
  return {
    signal: AbortSignal.any([outer, stop.signal]),
    progress: (sums) => {
      stats = sums
    },
    lost: () => lost,
    end: () => clearInterval(timer),
  }
}
