/** The handler of scan jobs: claims, leases, retries, and what is left when a task ends. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { AppError } from '../../src/model/errors.ts'
import type { Task } from '../../src/model/target.ts'
import { runTask } from '../../src/queue/run-task.ts'
import { asConnectionError } from '../../src/store/connection-error.ts'
import { cancelScan, getScan } from '../../src/store/scans.ts'
import { type TestDatabase, testDatabase } from '../support/postgres.ts'
import { ownerPage, startTestScan } from '../support/scan.ts'
import { fakeSource, gate, gitTask, neverStopped, taskDeps, untilAborted } from './fakes.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
beforeEach(async () => {
  await database.pool.query('truncate scan, outbox, finding cascade')
})
afterAll(() => database.drop())

async function begin(tasks: readonly Task[] = [gitTask]) {
  const { scanId, taskIds } = await startTestScan(database.db, tasks)
  await database.db.deleteFrom('outbox').execute()
  return { scanId, taskId: taskIds[0] ?? '' }
}

async function row(taskId: string) {
  return database.db.selectFrom('task').selectAll().where('id', '=', taskId).executeTakeFirstOrThrow()
}

async function problems() {
  return database.db.selectFrom('taskProblem').select(['problem', 'code', 'subject', 'message']).execute()
}

async function outbox() {
  return database.db.selectFrom('outbox').select(['job', 'payload', 'runAt']).orderBy('id').execute()
}

const nextPage: Task = { kind: 'github-owner-page', owner: 'acme', page: 2 }

describe('a task', () => {
  it('of a listing brings its tasks with their jobs, in one go with its end', async () => {
    const { scanId, taskId } = await begin([ownerPage])
    const source = fakeSource({ lists: [nextPage, gitTask] })

    await runTask({ taskId }, taskDeps(database.db, source), neverStopped)

    expect((await row(taskId)).state).toBe('done')
    expect((await getScan(database.db, scanId))?.tasks).toMatchObject({ done: 1, pending: 2 })
    expect((await outbox()).map((one) => one.job).sort()).toEqual(['git', 'github-owner-page'])
  })

  it('that reads leaves findings, sums and problems, and closes its scan', async () => {
    const { scanId, taskId } = await begin()
    const skipped = { problem: 'skipped', code: 'special_file', subject: 'fifo', message: 'a FIFO' } as const
    const source = fakeSource({ files: { a: 'leak-1 leak-2', b: 'leak-1' }, problems: [skipped] })

    await runTask({ taskId }, taskDeps(database.db, source), neverStopped)

    const scan = await getScan(database.db, scanId)
    expect(scan).toMatchObject({
      state: 'complete',
      findings: 2,
      totals: { blobs: 2, hits: 3, unchanged: 0 },
      problems: { error: 0, skipped: 1 },
    })
    expect(await problems()).toEqual([skipped])
    expect(source.closed).toBe(1)
  })

  it('is carried out once however many workers race for it', async () => {
    const { taskId } = await begin()
    const source = fakeSource({ files: { a: 'leak-1' } })

    await Promise.all(
      ['worker-1', 'worker-2', 'worker-3'].map((worker) =>
        runTask({ taskId }, taskDeps(database.db, source, { worker }), neverStopped),
      ),
    )

    expect(source.opened).toBe(1)
    expect(await row(taskId)).toMatchObject({ state: 'done', attempts: 1 })
  })

  it('that has ended is not carried out again by a repeated job', async () => {
    const { taskId } = await begin()
    const source = fakeSource({})

    await runTask({ taskId }, taskDeps(database.db, source), neverStopped)
    await runTask({ taskId }, taskDeps(database.db, source), neverStopped)

    expect(source.opened).toBe(1)
  })
})

describe('a lease', () => {
  it('that went to another worker makes what the first one brings worth nothing', async () => {
    const { scanId, taskId } = await begin([ownerPage])
    const stalled = gate()
    const started = gate()
    const problem = { problem: 'error', code: 'timeout', subject: 'acme', message: 'late' } as const
    const first = fakeSource({
      lists: [gitTask],
      problems: [problem],
      before: () => (started.open(), stalled.opened),
    })
    const firstDeps = taskDeps(database.db, first)
    const running = runTask({ taskId }, firstDeps, neverStopped)
    await started.opened

    await database.db
      .updateTable('task')
      .set({ claimedUntil: new Date(Date.now() - 1_000) })
      .execute()
    const ends = gate()
    const taken = gate()
    const second = fakeSource({ lists: [nextPage], before: () => (taken.open(), ends.opened) })
    const other = runTask({ taskId }, taskDeps(database.db, second, { worker: 'worker-2' }), neverStopped)
    await taken.opened
    stalled.open()
    await running
    const held = await row(taskId)
    ends.open()
    await other

    expect(held).toMatchObject({ state: 'running', claimedBy: expect.stringMatching(/^worker-2/) })
    const kinds = await database.db.selectFrom('task').select('kind').where('id', '!=', taskId).execute()
    expect(kinds).toEqual([{ kind: 'github-owner-page' }])
    expect(await problems()).toEqual([])
    expect(await getScan(database.db, scanId)).toMatchObject({ state: 'running', problems: { error: 0 } })
    expect(await firstDeps.metrics.registry.metrics()).not.toContain('state="done"')
  })

  it('that was lost hides the failure of the worker that had it', async () => {
    const { taskId } = await begin()
    const started = gate()
    const stalled = gate()
    const source = fakeSource({
      before: async () => {
        started.open()
        await stalled.opened
        throw new AppError('remote_failed', 'gone', { retryable: true })
      },
    })
    const running = runTask({ taskId }, taskDeps(database.db, source), neverStopped)
    await started.opened

    await database.db.updateTable('task').set({ claimedBy: 'worker-2' }).execute()
    stalled.open()
    await running

    expect(await row(taskId)).toMatchObject({ state: 'running', claimedBy: 'worker-2' })
    expect(await outbox()).toEqual([])
  })

  it('is renewed with the sums so far while the task runs', async () => {
    const { scanId, taskId } = await begin()
    const rest = gate()
    const source = fakeSource({ files: { a: 'leak-1' } })
    const { open } = source.sources
    source.sources.open = async (task) => {
      const unit = await open(task)
      return {
        ...unit,
        async *blobs(signal) {
          yield* unit.blobs(signal)
          await rest.opened
        },
      }
    }
    const running = runTask(
      { taskId },
      taskDeps(database.db, source, { leaseMilliseconds: 600 }),
      neverStopped,
    )

    await expect.poll(async () => (await getScan(database.db, scanId))?.totals).toMatchObject({ blobs: 1 })
    const before = (await row(taskId)).claimedUntil?.getTime() ?? 0
    await expect.poll(async () => (await row(taskId)).claimedUntil?.getTime() ?? 0).toBeGreaterThan(before)
    rest.open()
    await running

    expect((await row(taskId)).state).toBe('done')
  })
})

describe('a task that fails', () => {
  const passing = new AppError('remote_failed', 'the server is away', { retryable: true })

  it('for a passing reason is tried again after a growing wait, and at last recorded', async () => {
    const { scanId, taskId } = await begin()
    const source = fakeSource({ before: () => Promise.reject(passing) })
    const deps = taskDeps(database.db, source)
    const waits: number[] = []

    for (let attempt = 0; attempt < 3; attempt++) {
      const before = Date.now()
      await runTask({ taskId }, deps, neverStopped)
      const retry = (await outbox()).filter((one) => one.job === 'git')[attempt]
      if (retry) waits.push(Math.floor((retry.runAt.getTime() - before) / 1_000))
    }

    expect(waits).toHaveLength(2)
    expect(waits[0]).toBeGreaterThanOrEqual(1)
    expect(waits[1]).toBeGreaterThanOrEqual(5)
    expect(await row(taskId)).toMatchObject({ state: 'failed', attempts: 3 })
    expect(await problems()).toEqual([
      { problem: 'error', code: 'remote_failed', subject: 'acme/app', message: 'the server is away' },
    ])
    expect((await getScan(database.db, scanId))?.state).toBe('complete_with_errors')
  })

  it('waits as long as the other side asked for', async () => {
    const { taskId } = await begin()
    const asked = new AppError('rate_limited', 'later', { retryable: true, retryAfter: 900_000 })
    const source = fakeSource({ before: () => Promise.reject(asked) })
    const before = Date.now()

    await runTask({ taskId }, taskDeps(database.db, source), neverStopped)

    const [retry] = await outbox()
    expect(retry).toMatchObject({ job: 'git', payload: { taskId } })
    expect(retry?.runAt.getTime()).toBeGreaterThanOrEqual(before + 900_000)
    expect(await row(taskId)).toMatchObject({ state: 'pending', claimedBy: null })
  })

  it('for a lasting reason is recorded at once', async () => {
    const { scanId, taskId } = await begin()
    const source = fakeSource({
      before: () => Promise.reject(new AppError('not_found', 'no such repository')),
    })

    await runTask({ taskId }, taskDeps(database.db, source), neverStopped)

    expect(source.closed).toBe(1)
    expect(await row(taskId)).toMatchObject({ state: 'failed', attempts: 1 })
    expect((await getScan(database.db, scanId))?.state).toBe('complete_with_errors')
  })

  it('unexpectedly is recorded without a word of what was thrown', async () => {
    const { taskId } = await begin()
    const value = ['npm', 'made', 'up', 'value'].join('_')
    const source = fakeSource({ before: () => Promise.reject(new Error(`\0 ${value} \ud800`)) })

    await runTask({ taskId }, taskDeps(database.db, source), neverStopped)

    expect(await problems()).toMatchObject([{ code: 'internal', subject: 'acme/app' }])
    expect(JSON.stringify(await problems())).not.toContain(value)
  })

  it('because the database went away for a moment is tried again, and never recorded as unreadable', async () => {
    const { taskId } = await begin()
    const restarting = Object.assign(new Error('terminating connection'), { code: '57P01' })
    const source = fakeSource({ before: () => Promise.reject(asConnectionError(restarting)) })

    for (let attempt = 0; attempt < 4; attempt++) {
      await runTask({ taskId }, taskDeps(database.db, source), neverStopped)
    }

    expect(await row(taskId)).toMatchObject({ state: 'pending', claimedBy: null })
    expect(await problems()).toEqual([])
    expect((await outbox()).map((one) => one.job)).toEqual(['git', 'git', 'git', 'git'])
  })

  it('by ending its worker each time is given up, and its scan ends', async () => {
    const { scanId, taskId } = await begin()
    const source = fakeSource({})
    await database.db
      .updateTable('task')
      .set({ state: 'running', attempts: 10, claimedBy: 'gone', claimedUntil: new Date(Date.now() - 1_000) })
      .execute()

    await runTask({ taskId }, taskDeps(database.db, source), neverStopped)

    expect(source.opened).toBe(0)
    expect((await row(taskId)).state).toBe('failed')
    expect(await problems()).toMatchObject([{ problem: 'error', code: 'internal', subject: 'acme/app' }])
    expect((await getScan(database.db, scanId))?.state).toBe('complete_with_errors')
  })

  it('in one part ends its scan with errors, what it found kept', async () => {
    const { scanId, taskId } = await begin()
    const problem = { problem: 'error', code: 'unreadable', subject: 'b', message: 'broken' } as const
    const source = fakeSource({ files: { a: 'leak-1' }, problems: [problem] })

    await runTask({ taskId }, taskDeps(database.db, source), neverStopped)

    expect(await getScan(database.db, scanId)).toMatchObject({ state: 'complete_with_errors', findings: 1 })
  })
})

describe('a running task', () => {
  it('is aborted when its scan is cancelled, and leaves nothing', async () => {
    const { scanId, taskId } = await begin()
    const started = gate()
    const source = fakeSource({ before: (signal) => (started.open(), untilAborted(signal)) })
    const running = runTask(
      { taskId },
      taskDeps(database.db, source, { leaseMilliseconds: 600 }),
      neverStopped,
    )
    await started.opened

    await cancelScan(database.db, scanId, 'test')
    await running

    expect(source.closed).toBe(1)
    expect((await row(taskId)).state).toBe('cancelled')
    expect(await problems()).toEqual([])
    expect(await outbox()).toEqual([])
  })

  it('is given back when its worker is asked to stop', async () => {
    const { taskId } = await begin()
    const stopping = new AbortController()
    const source = fakeSource({ before: (signal) => (stopping.abort(), untilAborted(signal)) })

    await runTask({ taskId }, taskDeps(database.db, source), stopping.signal)

    expect(await row(taskId)).toMatchObject({ state: 'pending', claimedBy: null })
    const [again] = await outbox()
    expect(again).toMatchObject({ job: 'git', payload: { taskId } })
    expect(again?.runAt.getTime()).toBeLessThanOrEqual(Date.now())
  })

  it('that was given back has lost no attempt by it', async () => {
    const { taskId } = await begin()
    const stopping = new AbortController()
    const source = fakeSource({ before: (signal) => (stopping.abort(), untilAborted(signal)) })

    await runTask({ taskId }, taskDeps(database.db, source), stopping.signal)

    expect((await row(taskId)).attempts).toBe(0)
  })

  it("taken up again by the same worker, once its lease ran out, is not the first run's to give back", async () => {
    const { taskId } = await begin()
    const started = gate()
    const stalled = gate()
    const failing = fakeSource({
      before: async () => {
        started.open()
        await stalled.opened
        throw new AppError('remote_failed', 'gone', { retryable: true })
      },
    })
    const first = runTask({ taskId }, taskDeps(database.db, failing), neverStopped)
    await started.opened
    await database.db
      .updateTable('task')
      .set({ claimedUntil: new Date(Date.now() - 1_000) })
      .execute()
    const rest = gate()
    const running = gate()
    const slow = fakeSource({ before: () => (running.open(), rest.opened) })
    const second = runTask({ taskId }, taskDeps(database.db, slow), neverStopped)
    await running.opened

    stalled.open()
    await first

    expect((await row(taskId)).state).toBe('running')
    rest.open()
    await second
    expect((await row(taskId)).state).toBe('done')
  })
})
