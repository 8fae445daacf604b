/** The consumers of a worker process: one BullMQ worker a queue, each with the concurrency its work bears. */
import type { QueueName } from '../model/jobs.ts'
import type { QueueBackend } from './backend.ts'
import { type Handlers, processor } from './handlers.ts'

export interface WorkerCounts {
  /** Sources read at once; each may hold a clone or a stream. */
  scan: number
}

/** Responses wait on other people's servers: more at once than cores. */
const respondConcurrency = 8
const upkeepConcurrency = 1

export function startWorkers(
  queues: QueueBackend,
  handlers: Handlers,
  options: { name: string; counts: WorkerCounts },
): void {
  const concurrency: Record<QueueName, number> = {
    scan: options.counts.scan,
    respond: respondConcurrency,
    upkeep: upkeepConcurrency,
  }
  for (const [name, count] of Object.entries(concurrency) as [QueueName, number][]) {
    queues.work(name, processor(handlers), { concurrency: count, name: options.name })
  }
}
