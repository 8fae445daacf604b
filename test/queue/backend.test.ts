import { setTimeout as sleep } from 'node:timers/promises'
import type { Job } from 'bullmq'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createLog } from '../../src/base/log.ts'
import { openQueues, type QueueBackend, type QueueSettings } from '../../src/queue/backend.ts'
import { type TestDatabase, testDatabase } from '../support/postgres.ts'
import { redisFound, startRedis, type TestRedis } from '../support/redis.ts'

const log = createLog({ level: 'silent' })

let database: TestDatabase
let redis: TestRedis | null = null

beforeAll(async () => {
  database = await testDatabase()
  if (redisFound) redis = await startRedis()
})

afterAll(async () => {
  await database.drop()
  await redis?.stop()
})

const backends: { name: string; there: boolean; settings: () => QueueSettings }[] = [
  { name: 'PostgreSQL', there: true, settings: () => ({ postgres: database.settings }) },
  { name: 'Redis', there: redisFound, settings: () => ({ redisUrl: redis?.url ?? '' }) },
]

describe.each(backends)('the queue on $name', ({ there, settings }) => {
  const open: QueueBackend[] = []

  async function queues(): Promise<QueueBackend> {
    const backend = await openQueues(settings(), log)
    open.push(backend)
    await backend.queue('upkeep').obliterate({ force: true })
    return backend
  }

  afterEach(async () => {
    for (const backend of open.splice(0)) await backend.close()
  })

  it.runIf(there)('hands a job to a worker with its name and data', async () => {
    const backend = await queues()
    const done = received(backend, 1)

    await backend.queue('upkeep').add('purge', { some: 'id' })

    expect(await done).toEqual([{ name: 'purge', data: { some: 'id' } }])
  })

  it.runIf(there)('runs a job once however often its id is enqueued while it waits', async () => {
    const backend = await queues()
    for (let round = 0; round < 3; round++) {
      await backend.queue('upkeep').addBulk([{ name: 'purge', data: {}, opts: { jobId: 'outbox-7' } }])
    }

    const done = received(backend, 1)
    await backend.queue('upkeep').add('recover', {})
    await done
    await sleep(200)

    expect((await done).map((job) => job.name)).toEqual(['purge', 'recover'])
  })

  it.runIf(there)('tries a job again that threw', async () => {
    const backend = await queues()
    let tries = 0
    const done = new Promise<number>((resolve) => {
      backend.work(
        'upkeep',
        async () => {
          tries += 1
          if (tries === 1) throw new Error('once')
          resolve(tries)
        },
        { concurrency: 1, name: 'test' },
      )
    })

    await backend.queue('upkeep').add('purge', {})

    expect(await done).toBe(2)
  })

  it.runIf(there)('starts a job by cron in a time zone', async () => {
    const backend = await queues()
    const done = received(backend, 1)

    await backend
      .queue('upkeep')
      .upsertJobScheduler(
        'schedule-x',
        { pattern: '* * * * * *', tz: 'Pacific/Auckland' },
        { name: 'run-schedule' },
      )
    const [job] = await done
    await backend.queue('upkeep').removeJobScheduler('schedule-x')

    expect(job?.name).toBe('run-schedule')
  })

  it.runIf(there)('waits for running jobs when it closes', async () => {
    const backend = await openQueues(settings(), log)
    await backend.queue('upkeep').obliterate({ force: true })
    let finished = false
    const started = new Promise<void>((resolve) => {
      backend.work(
        'upkeep',
        async () => {
          resolve()
          await sleep(300)
          finished = true
        },
        { concurrency: 1, name: 'test' },
      )
    })
    await backend.queue('upkeep').add('purge', {})
    await started

    await backend.close()

    expect(finished).toBe(true)
  })
})

/** Collects jobs until there are `count`, and those that come in the same breath. */
function received(backend: QueueBackend, count: number): Promise<{ name: string; data: unknown }[]> {
  const jobs: { name: string; data: unknown }[] = []
  return new Promise((resolve) => {
    backend.work(
      'upkeep',
      async (job: Job) => {
        jobs.push({ name: job.name, data: job.data })
        if (jobs.length >= count) resolve(jobs)
      },
      { concurrency: 1, name: 'test' },
    )
  })
}
