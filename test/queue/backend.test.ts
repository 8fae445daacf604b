/** What we rely on the queue library for, on both backends. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Job } from 'bullmq'
import { describe, expect, it } from 'vitest'
import type { QueueBackend } from '../../src/queue/backend.ts'
import { testBackends } from './backends.ts'

const backends = testBackends()

describe.each(backends)('the queue on $name', (backend) => {
  const test = it.runIf(backend.there)

  test('hands a job to a worker with its name and data', async () => {
    const queues = await backend.open()
    const done = received(queues, 1)

    await queues.queue('upkeep').add('purge', { some: 'id' })

    expect(await done).toEqual([{ name: 'purge', data: { some: 'id' } }])
  })

  test('runs a job once however often its id is enqueued while it waits', async () => {
    const queues = await backend.open()
    for (let round = 0; round < 3; round++) {
      await queues.queue('upkeep').addBulk([{ name: 'purge', data: {}, opts: { jobId: 'outbox-7' } }])
    }

    const done = received(queues, 1)
    await queues.queue('upkeep').add('recover', {})
    await done
    await sleep(200)

    expect((await done).map((job) => job.name)).toEqual(['purge', 'recover'])
  })

  test('tries a job again that threw', async () => {
    const queues = await backend.open()
    let tries = 0
    const done = new Promise<number>((resolve) => {
      queues.work(
        'upkeep',
        async () => {
          tries += 1
          if (tries === 1) throw new Error('once')
          resolve(tries)
        },
        { concurrency: 1, name: 'test' },
      )
    })

    await queues.queue('upkeep').add('purge', {})

    expect(await done).toBe(2)
  })

  test('starts a job by cron in a time zone', async () => {
    const queues = await backend.open()
    const done = received(queues, 1)

    await queues
      .queue('upkeep')
      .upsertJobScheduler(
        'schedule-x',
        { pattern: '* * * * * *', tz: 'Pacific/Auckland' },
        { name: 'run-schedule' },
      )
    const [job] = await done
    await queues.queue('upkeep').removeJobScheduler('schedule-x')

    expect(job?.name).toBe('run-schedule')
  })

  test('waits for running jobs when it drains', async () => {
    const queues = await backend.open()
    let finished = false
    const started = new Promise<void>((resolve) => {
      queues.work(
        'upkeep',
        async () => {
          resolve()
          await sleep(300)
          finished = true
        },
        { concurrency: 1, name: 'test' },
      )
    })
    await queues.queue('upkeep').add('purge', {})
    await started

    await queues.drain()

    expect(finished).toBe(true)
  })
})

/** Collects jobs until there are `count`, and those that come in the same breath. */
function received(queues: QueueBackend, count: number): Promise<{ name: string; data: unknown }[]> {
  const jobs: { name: string; data: unknown }[] = []
  return new Promise((resolve) => {
    queues.work(
      'upkeep',
      async (job: Job) => {
        jobs.push({ name: job.name, data: job.data })
        if (jobs.length >= count) resolve(jobs)
      },
      { concurrency: 1, name: 'test' },
    )
  })
}
