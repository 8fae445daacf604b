/** The consumers of a worker process: one BullMQ worker a queue, each with the concurrency its work bears. */
import { type QueueName, queueNames } from '../model/jobs.ts'
import type { QueueBackend } from './backend.ts'
import { type Handlers, processor } from './handlers.ts'

export interface WorkersOptions {
  /** Shown by the queue, and the holder of leases. */
  name: string
  /** Sources read at once; each may hold a clone or a stream. */
  scanConcurrency: number
  /** Default: all. */
  only?: readonly QueueName[]
}

export interface Workers {
  /** Takes no more jobs, waits for those that run, and after a while has them give their tasks back. */
  stop(): Promise<void>
}

/** Responses wait on other people's servers: more at once than cores. */
const respondConcurrency = 8
const upkeepConcurrency = 1

/** How long a running task may go on when the process is asked to end. */
const patienceMilliseconds = 10_000

export function startWorkers(queues: QueueBackend, handlers: Handlers, options: WorkersOptions): Workers {
  const concurrency: Record<QueueName, number> = {
    scan: options.scanConcurrency,
    respond: respondConcurrency,
    upkeep: upkeepConcurrency,
  }
  const stopping = new AbortController()
  for (const queue of options.only ?? queueNames) {
    queues.work(queue, processor(handlers, stopping.signal), {
      concurrency: concurrency[queue],
      name: options.name,
    })
  }
  return {
    async stop() {
      const timer = setTimeout(() => stopping.abort(), patienceMilliseconds)
      await queues.drain()
      clearTimeout(timer)
    },
  }
}
