/**
 * The two backends of the one queue library, and the only file that knows which is in use: BullMQ on
 * PostgreSQL by default, on Redis through ioredis when a Redis URL is given. Jobs hold ids; losing a queue
 * loses nothing, since `src/store/recover.ts` writes its jobs anew from the tables.
 */
import {
  createPostgresBackend,
  type Processor,
  Queue,
  type QueueOptions,
  runMigrations,
  Worker,
  type WorkerOptions,
} from 'bullmq'
import { Redis } from 'ioredis'
import type pg from 'pg'
import type { Log } from '../base/log.ts'
import { AppError } from '../model/errors.ts'
import type { QueueName } from '../model/jobs.ts'
import { createPool, type PoolSettings } from '../store/database.ts'

export type QueueSettings = { redisUrl: string } | { postgres: PoolSettings }

export interface WorkerSettings {
  concurrency: number
  /** Shown by `getWorkers` and kept on every job. */
  name: string
}

export interface QueueBackend {
  readonly kind: 'postgres' | 'redis'
  /** The producer side; one instance a name. */
  queue(name: QueueName): Queue
  /** Starts a consumer. Its errors are logged; it waits through an outage. */
  work(name: QueueName, processor: Processor, settings: WorkerSettings): Worker
  /** Takes no more jobs and waits for those that run. */
  drain(): Promise<void>
  /** Drains, then closes queues and connections. */
  close(): Promise<void>
}

/** Schema of BullMQ's own tables; fixed, since a given pool cannot name another. */
const schema = 'bullmq'

/** LISTEN takes one client a worker; the rest run queries of up to eight jobs at once. */
const poolSize = 16

/** Half a minute, as BullMQ has it: a worker that was killed frees its jobs after that long. */
const lockDuration = 30_000

/** How many finished jobs stay to be looked at. */
const kept = { completed: 1_000, failed: 5_000 }

/** Opens the queue; on PostgreSQL its tables are made or brought up to date, safe to do from many processes. */
export async function openQueues(settings: QueueSettings, log: Log): Promise<QueueBackend> {
  return 'redisUrl' in settings ? openRedis(settings.redisUrl, log) : openPostgres(settings.postgres, log)
}

async function openPostgres(settings: PoolSettings, log: Log): Promise<QueueBackend> {
  const pool = createPool({ ...settings, searchPath: `${schema},public`, max: poolSize }, log)
  await migrateQueue(pool)
  return backend({
    kind: 'postgres',
    log,
    newQueue: (name, options) =>
      new Queue(name, { ...options, connection: pool }, createPostgresBackend as never),
    newWorker: (name, processor, options) =>
      new Worker(name, processor, { ...options, connection: pool }, createPostgresBackend as never),
    end: () => pool.end(),
  })
}

async function migrateQueue(pool: pg.Pool): Promise<void> {
  const client = await pool.connect()
  try {
    await runMigrations(client, schema)
  } finally {
    client.release()
  }
}

async function openRedis(url: string, log: Log): Promise<QueueBackend> {
  // Producers fail at once when Redis is away; consumers wait for it (BullMQ's advice for production).
  const producer = new Redis(url, { maxRetriesPerRequest: 1, enableOfflineQueue: false, lazyConnect: true })
  const consumer = new Redis(url, { maxRetriesPerRequest: null, lazyConnect: true })
  for (const connection of [producer, consumer]) {
    connection.on('error', (error) => log.warn({ err: error }, 'queue connection lost'))
    await connection.connect().catch((cause: unknown) => {
      producer.disconnect()
      consumer.disconnect()
      throw unreachable(url, cause)
    })
  }
  return backend({
    kind: 'redis',
    log,
    newQueue: (name, options) => new Queue(name, { ...options, connection: producer }),
    newWorker: (name, processor, options) =>
      new Worker(name, processor, { ...options, connection: consumer }),
    end: async () => {
      producer.disconnect()
      consumer.disconnect()
    },
  })
}

/** Said at the start, in words that name the setting; the URL is not repeated, it holds a password. */
function unreachable(url: string, cause: unknown): AppError {
  const where = URL.canParse(url) ? ` at "${new URL(url).host}"` : ''
  return new AppError(
    'unavailable',
    `Redis${where} cannot be reached or refuses us; check REDIS_URL and that it runs`,
    { cause, retryable: true },
  )
}

/** Jobs that wait to be begun. */
export async function waitingJobs(queues: QueueBackend, name: QueueName): Promise<number> {
  const counts = await queues.queue(name).getJobCounts('waiting', 'prioritized')
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}

interface Making {
  kind: QueueBackend['kind']
  log: Log
  newQueue(name: string, options: Omit<QueueOptions, 'connection'>): Queue
  newWorker(name: string, processor: Processor, options: Omit<WorkerOptions, 'connection'>): Worker
  end(): Promise<void>
}

function backend(making: Making): QueueBackend {
  const queues = new Map<QueueName, Queue>()
  const workers: Worker[] = []
  const drain = async (): Promise<void> => {
    await Promise.all(workers.map((worker) => worker.close()))
  }
  return {
    kind: making.kind,
    queue(name) {
      let queue = queues.get(name)
      if (!queue) {
        queue = making.newQueue(name, {
          defaultJobOptions: {
            // The tables hold the truth about attempts; these cover a database that is away for a moment.
            attempts: 3,
            backoff: { type: 'exponential', delay: 1_000 },
            removeOnComplete: { count: kept.completed },
            removeOnFail: { count: kept.failed },
          },
        })
        queue.on('error', (error) => making.log.warn({ err: error, queue: name }, 'queue error'))
        queues.set(name, queue)
      }
      return queue
    },
    work(name, processor, settings) {
      const worker = making.newWorker(name, processor, {
        concurrency: settings.concurrency,
        name: settings.name,
        lockDuration,
        stalledInterval: lockDuration / 2,
        // Without it an unreachable PostgreSQL is asked thousands of times a second.
        runRetryDelay: 1_000,
        maxStalledCount: 5,
      })
      worker.on('error', (error) => making.log.warn({ err: error, queue: name }, 'worker error'))
      worker.on('failed', (job, error) =>
        making.log.error({ err: error, queue: name, job: job?.name, jobId: job?.id }, 'job failed'),
      )
      workers.push(worker)
      return worker
    },
    drain,
    async close() {
      await drain()
      await Promise.all([...queues.values()].map((queue) => queue.close()))
      await making.end()
    },
  }
}
