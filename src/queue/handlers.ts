/**
 * Every job by name: its payload is parsed, then one step is called. Handlers claim the row they work on, so
 * each may run twice; what they throw is stored by the queue and therefore holds a code and no detail.
 */
import type { Job } from 'bullmq'
import { crashPoint } from '../base/crash-point.ts'
import { asAppError } from '../model/errors.ts'
import { isJobName, type JobName, type JobPayload, jobPayloads } from '../model/jobs.ts'
import { confirmResponse } from '../respond/confirm.ts'
import { deliver } from '../respond/deliver.ts'
import type { RespondDeps } from '../respond/deps.ts'
import { collectNotices } from '../respond/notify/collect.ts'
import { notifyFinding } from '../respond/notify/notify.ts'
import { sendMail } from '../respond/notify/send.ts'
import { planResponse } from '../respond/plan.ts'
import { purge } from '../store/purge.ts'
import { recover } from '../store/recover.ts'
import { startScheduledScan } from '../store/schedules.ts'
import { type RunTaskDeps, runTask } from './run-task.ts'

export interface HandlerDeps {
  task: RunTaskDeps
  respond: RespondDeps
}

type Handler<N extends JobName> = (payload: JobPayload<N>, signal: AbortSignal) => Promise<unknown>
export type Handlers = { [N in JobName]: Handler<N> }

export function createHandlers(deps: HandlerDeps): Handlers {
  const { db } = deps.task
  const task = (payload: { taskId: string }, signal: AbortSignal) => runTask(payload, deps.task, signal)
  return {
    'github-owner-page': task,
    'github-repository': task,
    'github-search-slice': task,
    'github-search-page': task,
    's3-list-page': task,
    git: task,
    'github-blob': task,
    's3-objects': task,
    path: task,
    'run-schedule': async ({ scheduleId, runKey }) => {
      await startScheduledScan(db, scheduleId, runKey)
      crashPoint('after-schedule-run')
    },
    'plan-response': ({ findingId }) => planResponse(db, deps.respond, findingId),
    deliver: ({ deliveryId }) => deliver(db, deps.respond, deliveryId),
    confirm: ({ responseId }) => confirmResponse(db, deps.respond, responseId),
    notify: ({ findingId }) => notifyFinding(db, deps.respond, findingId),
    'collect-notices': () => collectNotices(db, deps.respond),
    'send-mail': ({ mailId }) => sendMail(db, deps.respond, mailId),
    recover: () => recover(db),
    purge: () => purge(db),
  }
}

/** What a BullMQ worker calls; `stopping` aborts when the process ends and its patience with it. */
export function processor(handlers: Handlers, stopping: AbortSignal) {
  return async (job: Job, _token?: string, signal?: AbortSignal): Promise<void> => {
    try {
      await handle(job, handlers, signal ? AbortSignal.any([signal, stopping]) : stopping)
    } catch (error) {
      throw storable(error, job.name)
    }
  }
}

async function handle(job: Job, handlers: Handlers, signal: AbortSignal): Promise<void> {
  if (!isJobName(job.name)) throw new Error('unknown job')
  // A scheduler's template is the same for every tick; the id it gives a job names the tick.
  const data: unknown = job.name === 'run-schedule' ? { ...job.data, runKey: job.id } : job.data
  const payload = jobPayloads[job.name].parse(data)
  const handler = handlers[job.name] as Handler<JobName>
  await handler(payload, signal)
}

/** The queue keeps message and stack of what is thrown: a code for it, the rest as the cause for the log. */
function storable(error: unknown, job: string): Error {
  const safe = new Error(`${job}: ${asAppError(error).code}`, { cause: error })
  delete safe.stack
  return safe
}
