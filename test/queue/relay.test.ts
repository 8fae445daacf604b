/** From the outbox to the queue, on both backends. */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { type QueueBackend, waitingJobs } from '../../src/queue/backend.ts'
import { relayOnce, startRelay } from '../../src/queue/relay.ts'
import { runTask } from '../../src/queue/run-task.ts'
import { transact } from '../../src/store/database.ts'
import { enqueue, enqueueAll, unsent } from '../../src/store/outbox.ts'
import { recover } from '../../src/store/recover.ts'
import { getScan } from '../../src/store/scans.ts'
import { ownerPage, startTestScan } from '../support/scan.ts'
import { silent, testBackends } from './backends.ts'
import { fakeSource, gitTask, neverStopped, taskDeps } from './fakes.ts'

const backends = testBackends()

describe.each(backends)('the relay to $name', (backend) => {
  const test = it.runIf(backend.there)

  async function running(queues: QueueBackend) {
    const { db, settings } = backend.database()
    return startRelay({ db, connection: settings, queues, log: silent })
  }

  test('makes one job of a row that was committed and none of one that was rolled back', async () => {
    const queues = await backend.open()
    const { db } = backend.database()
    const jobs = collect(queues)
    const relay = await running(queues)
    const findingId = randomUUID()

    await transact(db, async (tx) => {
      await enqueue(tx, 'notify', { findingId: randomUUID() })
      throw new Error('rolled back')
    }).catch(() => undefined)
    await transact(db, (tx) => enqueue(tx, 'notify', { findingId }))

    await expect.poll(() => jobs).toEqual([{ name: 'notify', data: { findingId } }])
    await expect.poll(() => unsent(db, 10)).toEqual([])
    await relay.stop()
    expect(jobs).toHaveLength(1)
  })

  test('makes one job of a row that two relays carry at once', async () => {
    const queues = await backend.open()
    const { db } = backend.database()
    const jobs = collect(queues)
    const relays = [await running(queues), await running(await backend.openAgain())]
    const mailIds = Array.from({ length: 30 }, () => randomUUID())

    for (const mailId of mailIds) await enqueue(db, 'send-mail', { mailId })
    await expect.poll(() => jobs.length).toBeGreaterThanOrEqual(30)
    for (const relay of relays) await relay.stop()

    expect(jobs).toHaveLength(30)
    expect(new Set(jobs.map((job) => job.data['mailId']))).toEqual(new Set(mailIds))
  })

  test('sends each kind of job to its queue', async () => {
    const queues = await backend.open()
    const { db } = backend.database()
    await enqueue(db, 'git', { taskId: randomUUID() })
    await enqueue(db, 'deliver', { deliveryId: randomUUID() })
    await enqueue(db, 'purge', {})

    expect(await relayOnce({ db, queues })).toBe(3)

    const names = async (name: Parameters<QueueBackend['queue']>[0]) =>
      (await queues.queue(name).getWaiting()).map((job) => job.name)
    expect(await names('scan')).toEqual(['git'])
    expect(await names('respond')).toEqual(['deliver'])
    expect(await names('upkeep')).toEqual(['purge'])
  })

  test('leaves a row where it is until its time has come', async () => {
    const queues = await backend.open()
    const { db } = backend.database()
    await enqueue(db, 'recover', {}, new Date(Date.now() + 3_600_000))

    expect(await relayOnce({ db, queues })).toBe(0)
    await db
      .updateTable('outbox')
      .set({ runAt: new Date(Date.now() - 1_000) })
      .execute()

    expect(await relayOnce({ db, queues })).toBe(1)
  })

  test('wakes by itself when the time of a row comes', async () => {
    const queues = await backend.open()
    const { db } = backend.database()
    const jobs = collect(queues)
    const relay = await running(queues)
    const runAt = new Date(Date.now() + 1_500)

    await enqueue(db, 'recover', {}, runAt)
    await expect.poll(() => jobs.length, { timeout: 20_000 }).toBe(1)
    await relay.stop()

    expect(Date.now()).toBeGreaterThanOrEqual(runAt.getTime())
  })

  test('carries more rows than fit one round', async () => {
    const queues = await backend.open()
    const { db } = backend.database()
    const payloads = Array.from({ length: 700 }, () => ({ findingId: randomUUID() }))
    await transact(db, (tx) => enqueueAll(tx, 'notify', payloads))

    const relay = await running(queues)
    await expect.poll(() => unsent(db, 1), { timeout: 20_000 }).toEqual([])
    await relay.stop()

    expect(await queues.queue('respond').getWaitingCount()).toBe(700)
  })

  test('that died before it marked a row repeats its job, which then does nothing', async () => {
    const queues = await backend.open()
    const { db } = backend.database()
    const { scanId } = await startTestScan(db, [gitTask])
    const source = fakeSource({ files: { 'a.env': 'leak-1' } })
    const jobs = collect(queues, (taskId) => runTask({ taskId }, taskDeps(db, source), neverStopped))
    await relayOnce({ db, queues })
    await expect.poll(async () => (await getScan(db, scanId))?.state).toBe('complete')

    // The queue has forgotten the job, as it does with old ones: the worst that a repeat can meet.
    for (const job of await queues.queue('scan').getCompleted()) await job.remove()
    await db.updateTable('outbox').set({ sentAt: null }).where('job', '=', 'git').execute()
    await relayOnce({ db, queues })
    await expect.poll(() => jobs.filter((job) => job.name === 'git').length).toBe(2)

    expect(source.opened).toBe(1)
    expect(await getScan(db, scanId)).toMatchObject({ state: 'complete', findings: 1 })
  })

  test('is not fooled by what the queue remembers of an earlier database', async () => {
    const queues = await backend.open()
    const { db } = backend.database()
    await enqueue(db, 'purge', {}, new Date(Date.now() - 2_000))
    await db
      .updateTable('outbox')
      .set({ createdAt: new Date(Date.now() - 2_000) })
      .execute()
    await relayOnce({ db, queues })
    // Restored from a backup, its counters are back where they were.
    await sql`truncate outbox restart identity`.execute(db)

    await enqueue(db, 'recover', {})
    await relayOnce({ db, queues })

    const waiting = await queues.queue('upkeep').getWaiting()
    expect(waiting.map((job) => job.name).sort()).toEqual(['purge', 'recover'])
  })

  test('keeps a row that the queue did not take', async () => {
    const queues = await backend.open()
    const { db } = backend.database()
    await enqueue(db, 'purge', {})

    await expect(relayOnce({ db, queues: refusing(queues) })).rejects.toThrow('away')

    expect(await unsent(db, 10)).toHaveLength(1)
  })

  test('is given no more jobs by recovery than it can take, while those it has wait their turn', async () => {
    const queues = await backend.open()
    const { db } = backend.database()
    await startTestScan(db, [gitTask, ownerPage])
    await relayOnce({ db, queues })

    for (let round = 0; round < 5; round++) {
      await db
        .updateTable('outbox')
        .set({ sentAt: new Date(Date.now() - 3_600_000) })
        .execute()
      await recover(db, { limit: 3, waiting: (name) => waitingJobs(queues, name) })
      await relayOnce({ db, queues })
    }

    expect(await queues.queue('scan').getWaitingCount()).toBe(3)
  })

  test('refills a queue that was emptied under a waiting worker', async () => {
    const queues = await backend.open()
    const { db } = backend.database()
    const { scanId } = await startTestScan(db, [gitTask])
    await relayOnce({ db, queues })
    expect(await queues.queue('scan').getWaitingCount()).toBe(1)

    await backend.lose(queues)
    const source = fakeSource({ files: { 'a.env': 'leak-1' } })
    collect(queues, (taskId) => runTask({ taskId }, taskDeps(db, source), neverStopped))
    // Once more, now under a worker that waits for jobs.
    await backend.lose(queues)
    await sleep(100)
    expect(source.opened).toBe(0)
    const written = await recover(db, { everySeconds: 0 })
    await relayOnce({ db, queues })

    expect(written).toEqual({ task: 1 })
    await expect.poll(async () => (await getScan(db, scanId))?.state).toBe('complete')
    expect(source.opened).toBe(1)
  })
})

interface Collected {
  name: string
  data: Record<string, string>
}

/** Takes the jobs of all queues; those of a task are carried out by `work`. */
function collect(queues: QueueBackend, work?: (taskId: string) => Promise<void>): Collected[] {
  const jobs: Collected[] = []
  for (const name of ['scan', 'respond', 'upkeep'] as const) {
    queues.work(
      name,
      async (job) => {
        if (work && job.data.taskId) await work(job.data.taskId)
        jobs.push({ name: job.name, data: job.data })
      },
      { concurrency: 4, name: 'test' },
    )
  }
  return jobs
}

function refusing(queues: QueueBackend): QueueBackend {
  return {
    ...queues,
    queue: () =>
      ({ addBulk: () => Promise.reject(new Error('away')) }) as unknown as ReturnType<QueueBackend['queue']>,
  }
}
