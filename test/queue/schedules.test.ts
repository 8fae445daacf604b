/** Schedule rows and the job schedulers of the queue, on both backends. */
import type { Job } from 'bullmq'
import { describe, expect, it } from 'vitest'
import { createMetrics } from '../../src/base/metrics.ts'
import { readConfig } from '../../src/config/config.ts'
import type { QueueBackend } from '../../src/queue/backend.ts'
import { createHandlers, processor } from '../../src/queue/handlers.ts'
import { keepUp, syncSchedules } from '../../src/queue/schedules.ts'
import { createServiceRespond } from '../../src/serve/respond.ts'
import {
  createSchedule,
  deleteSchedule,
  type NewSchedule,
  updateSchedule,
} from '../../src/store/schedules.ts'
import { ensureSource } from '../../src/store/sources.ts'
import { ownerPage } from '../support/scan.ts'
import { silent, type TestBackend, testBackends } from './backends.ts'
import { fakeSource, gate, keys, neverStopped, taskDeps } from './fakes.ts'

const backends = testBackends()

describe.each(backends)('the schedulers on $name', (backend) => {
  const test = it.runIf(backend.there)

  async function begin() {
    const queues = await backend.open()
    const { db } = backend.database()
    const source = { name: 'acme', target: 'github:acme', firstTask: ownerPage, authority: 'owned' } as const
    const { id } = await ensureSource(db, source, 'test')
    const schedule = (changes: Partial<NewSchedule> = {}) =>
      createSchedule(
        db,
        { name: 'nightly', cron: '0 3 * * *', timeZone: 'UTC', sourceIds: [id], ...changes },
        'test',
      )
    return { db, queues, schedule, sync: () => syncSchedules({ db, queues }) }
  }

  test('are made from rows that are on', async () => {
    const { queues, schedule, sync } = await begin()
    const on = await schedule({ cron: '15 4 * * 1', timeZone: 'Pacific/Auckland' })
    await schedule({ name: 'off', enabled: false })

    await sync()

    expect(await standing(queues)).toEqual([
      { key: `schedule-${on.id}`, pattern: '15 4 * * 1', tz: 'Pacific/Auckland' },
    ])
  })

  test('make ticks that are tried through hours of a database that is away', async () => {
    const { queues, schedule, sync } = await begin()
    await schedule()

    await sync()

    const [tick] = await queues.queue('upkeep').getDelayed()
    const waits = Array.from({ length: (tick?.opts.attempts ?? 1) - 1 }, (_, made) => 2 ** made)
    expect(tick?.opts.backoff).toEqual({ type: 'exponential', delay: 1_000 })
    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeGreaterThan(2 * 3600)
  })

  test('are left alone where nothing changed', async () => {
    const { queues, schedule, sync } = await begin()
    await schedule()
    await sync()
    const before = await ticks(queues)

    await sync()

    expect(before).toHaveLength(1)
    expect(await ticks(queues)).toEqual(before)
  })

  test('follow a change of time and of zone, with one tick to come', async () => {
    const { db, queues, schedule, sync } = await begin()
    const { id } = await schedule()
    await sync()

    await updateSchedule(db, id, { cron: '30 5 * * *' }, 'test')
    await sync()
    expect(await standing(queues)).toMatchObject([{ pattern: '30 5 * * *', tz: 'UTC' }])
    await updateSchedule(db, id, { timeZone: 'Asia/Tokyo' }, 'test')
    await sync()

    expect(await standing(queues)).toMatchObject([{ pattern: '30 5 * * *', tz: 'Asia/Tokyo' }])
    expect(await ticks(queues)).toHaveLength(1)
  })

  test.each(['turned off', 'deleted'])('are removed with their tick when the row is %s', async (how) => {
    const { db, queues, schedule, sync } = await begin()
    const { id } = await schedule()
    await sync()

    if (how === 'deleted') await deleteSchedule(db, id, 'test')
    else await updateSchedule(db, id, { enabled: false }, 'test')
    await sync()

    expect(await standing(queues)).toEqual([])
    expect(await ticks(queues)).toEqual([])
  })

  test('that are not ours stay', async () => {
    const { queues, sync } = await begin()
    await queues.queue('upkeep').upsertJobScheduler('another', { pattern: '0 0 1 1 *' }, { name: 'purge' })

    await sync()

    expect(await standing(queues)).toMatchObject([{ key: 'another' }])
  })

  test('are made anew by the clock when the queue has lost them', async () => {
    const { queues, schedule, sync } = await begin()
    await schedule()
    const upkeep = keepUp('schedules', 50, sync, silent)
    await expect.poll(() => standing(queues)).toHaveLength(1)
    const before = await ticks(queues)

    await backend.lose(queues)

    await expect.poll(() => standing(queues)).toHaveLength(1)
    await expect.poll(() => ticks(queues)).toEqual(before)
    await upkeep.stop()
  })

  test('start one scan a tick, however many workers and repeats', async () => {
    const { db, queues, schedule, sync } = await begin()
    const others = await backend.openAgain()
    const jobs: Job[] = []
    const work = await worker(backend, (job) => jobs.push(job))
    for (const one of [queues, others]) one.work('upkeep', work.run, { concurrency: 2, name: 'test' })
    await schedule({ cron: '* * * * * *' })

    await Promise.all([sync(), syncSchedules({ db, queues: others })])
    const scans = () => db.selectFrom('scan').select(['runKey', 'startedBy']).orderBy('runKey').execute()
    await expect.poll(scans, { timeout: 30_000 }).toHaveLength(2)
    for (const job of jobs.slice()) await work.run(job)
    await db.updateTable('schedule').set({ enabled: false }).execute()
    await sync()

    const keysOfTicks = new Set(jobs.map((job) => job.id))
    const made = await scans()
    expect(made.every((scan) => keysOfTicks.has(scan.runKey ?? ''))).toBe(true)
    expect(new Set(made.map((scan) => scan.runKey)).size).toBe(made.length)
    expect(made.length).toBeLessThanOrEqual(keysOfTicks.size)
    await work.close()
  })
})

describe('upkeep', () => {
  it('goes on after a failure, one round at a time, and ends with the running one', async () => {
    let rounds = 0
    let ended = 0
    const third = gate()
    const upkeep = keepUp(
      'test',
      1,
      async () => {
        rounds += 1
        if (rounds === 1) throw new Error('once')
        if (rounds === 3) await third.opened
        ended += 1
      },
      silent,
    )
    await expect.poll(() => rounds).toBe(3)

    const stopped = upkeep.stop()
    third.open()
    await stopped

    expect({ rounds, ended }).toEqual({ rounds: 3, ended: 2 })
  })
})

/** The real handlers over a database, with no source behind them. */
async function worker(backend: TestBackend, onJob: (job: Job) => void) {
  const { db } = backend.database()
  const metrics = createMetrics()
  const respond = await createServiceRespond({
    config: readConfig({}),
    detectors: [],
    log: silent,
    metrics,
    keys,
  })
  const run = processor(
    createHandlers({ task: taskDeps(db, fakeSource({})), respond: respond.deps }),
    neverStopped,
  )
  return {
    close: () => respond.close(),
    async run(job: Job): Promise<void> {
      onJob(job)
      await run(job)
    },
  }
}

async function standing(queues: QueueBackend) {
  const schedulers = await queues.queue('upkeep').getJobSchedulers()
  return schedulers.map(({ key, pattern, tz }) => ({ key, pattern, tz }))
}

/** Ids of the jobs that wait for their time. */
async function ticks(queues: QueueBackend): Promise<(string | undefined)[]> {
  return (await queues.queue('upkeep').getDelayed()).map((job) => job.id)
}
