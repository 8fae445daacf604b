/** Scans and tasks: leases, what a task leaves behind when it ends, and the end of the scan. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { emptyStats } from '../../src/model/hit.ts'
import type { Task } from '../../src/model/target.ts'
import { verifyAudit } from '../../src/store/audit.ts'
import { unsent } from '../../src/store/outbox.ts'
import {
  cancelScan,
  claimTask,
  createScan,
  finishTask,
  getScan,
  renewTask,
  retryTask,
} from '../../src/store/scans.ts'
import { createSchedule, startScheduledScan } from '../../src/store/schedules.ts'
import { type TestDatabase, testDatabase } from '../support/postgres.ts'
import { ownerPage, startTestScan } from '../support/scan.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  await database.db.deleteFrom('outbox').execute()
})

const git: Task = { kind: 'git', location: 'x', repository: 'acme/app', public: false, url: null }
const ended = { worker: 'w1', childTasks: [], problems: [], stats: emptyStats(), state: 'done' } as const

async function jobs(): Promise<string[]> {
  return (await unsent(database.db, 1000)).map((row) => row.job).sort()
}

describe('a scan', () => {
  test('starts with an outbox row for each first task', async () => {
    const { taskIds } = await startTestScan(database.db)

    const rows = await unsent(database.db, 10)

    expect(rows.map(({ job, payload }) => ({ job, payload }))).toEqual([
      { job: 'github-owner-page', payload: { taskId: taskIds[0] } },
    ])
  })

  test('of one tick of a schedule is made once, also by two processes at once', async () => {
    const { sourceId } = await startTestScan(database.db)
    const schedule = await createSchedule(
      database.db,
      { name: 'nightly', cron: '0 3 * * *', timeZone: 'UTC', sourceIds: [sourceId] },
      'test',
    )

    const started = await Promise.all(
      [1, 2, 3].map(() => startScheduledScan(database.db, schedule.id, 'repeat:1')),
    )

    expect(new Set(started.map((one) => one?.id)).size).toBe(1)
    expect(started.filter((one) => one?.created)).toHaveLength(1)
  })

  test('cannot begin with standard input', async () => {
    const { sourceId } = await startTestScan(database.db)

    const making = createScan(database.db, {
      startedBy: 'test',
      firstTasks: [{ sourceId, task: { kind: 'stdin' } }],
    })

    await expect(making).rejects.toMatchObject({ code: 'unprocessable' })
  })

  test('ends with its last task, sums their counts and has its notices collected', async () => {
    const { scanId, taskIds } = await startTestScan(database.db)
    await claimTask(database.db, taskIds[0] ?? '', 'w1', 10_000)
    await finishTask(database.db, {
      ...ended,
      taskId: taskIds[0] ?? '',
      childTasks: [git, { ...git, repository: 'acme/b' }],
    })
    const children = await database.db
      .selectFrom('task')
      .select('id')
      .where('scanId', '=', scanId)
      .where('state', '=', 'pending')
      .execute()

    for (const { id } of children) {
      await claimTask(database.db, id, 'w1', 10_000)
      const stats = { ...emptyStats(), blobs: 2, drops: { placeholder: 1 } }
      await finishTask(database.db, { ...ended, taskId: id, stats })
    }

    const scan = await getScan(database.db, scanId)
    expect(scan).toMatchObject({ state: 'complete', totals: { blobs: 4, drops: { placeholder: 2 } } })
    expect(await jobs()).toContain('collect-notices')
    expect(await verifyAudit(database.db)).toMatchObject({ ok: true })
  })

  test('whose last two tasks end at the same moment still ends', async () => {
    const tasks = Array.from({ length: 8 }, (_, page) => ({ ...ownerPage, page }) as Task)
    const { scanId, taskIds } = await startTestScan(database.db, tasks)
    for (const id of taskIds) await claimTask(database.db, id, 'w1', 10_000)

    const results = await Promise.all(taskIds.map((taskId) => finishTask(database.db, { ...ended, taskId })))

    expect(results.filter((one) => one.scanFinished)).toHaveLength(1)
    expect(await getScan(database.db, scanId)).toMatchObject({ state: 'complete' })
  })

  test('with an unreadable place is complete with errors, one with deliberate skips is complete', async () => {
    const problem = { code: 'unreadable', subject: 'a\0b', message: 'cannot be read' }
    const states = []
    for (const kind of ['error', 'skipped'] as const) {
      const { scanId, taskIds } = await startTestScan(database.db)
      await claimTask(database.db, taskIds[0] ?? '', 'w1', 10_000)
      await finishTask(database.db, {
        ...ended,
        taskId: taskIds[0] ?? '',
        problems: [{ problem: kind, ...problem }],
      })
      states.push((await getScan(database.db, scanId))?.state)
    }

    expect(states).toEqual(['complete_with_errors', 'complete'])
  })

  test('that is cancelled gives out no task and takes no result', async () => {
    const { scanId, taskIds } = await startTestScan(database.db, [ownerPage, git])
    await claimTask(database.db, taskIds[0] ?? '', 'w1', 10_000)

    expect(await cancelScan(database.db, scanId, 'test')).toBe(true)

    expect(await claimTask(database.db, taskIds[1] ?? '', 'w1', 10_000)).toBeNull()
    expect(await renewTask(database.db, taskIds[0] ?? '', 'w1', 10_000)).toBe(false)
    expect((await finishTask(database.db, { ...ended, taskId: taskIds[0] ?? '' })).finished).toBe(false)
    expect(await cancelScan(database.db, scanId, 'test')).toBe(false)
  })
})

describe('a task', () => {
  test('is given to one of many workers', async () => {
    const { taskIds } = await startTestScan(database.db)

    const claims = await Promise.all(
      ['a', 'b', 'c', 'd'].map((worker) => claimTask(database.db, taskIds[0] ?? '', worker, 10_000)),
    )

    expect(claims.filter((claim) => claim !== null)).toHaveLength(1)
  })

  test('whose lease ran out goes to another worker, and what the first one brings is dropped', async () => {
    const { taskIds } = await startTestScan(database.db)
    const taskId = taskIds[0] ?? ''
    await claimTask(database.db, taskId, 'slow', -1)

    const second = await claimTask(database.db, taskId, 'w1', 10_000)
    const late = await finishTask(database.db, { ...ended, taskId, worker: 'slow', childTasks: [git] })
    const good = await finishTask(database.db, { ...ended, taskId })

    expect(second?.attempts).toBe(2)
    expect(late.finished).toBe(false)
    expect(good).toEqual({ finished: true, scanFinished: true })
  })

  test('that was ended is not ended again', async () => {
    const { scanId, taskIds } = await startTestScan(database.db, [ownerPage, git])
    const taskId = taskIds[0] ?? ''
    await claimTask(database.db, taskId, 'w1', 10_000)
    await finishTask(database.db, { ...ended, taskId, stats: { blobs: 1 } })

    const again = await finishTask(database.db, { ...ended, taskId, stats: { blobs: 1 } })

    expect(again.finished).toBe(false)
    expect((await getScan(database.db, scanId))?.totals).toEqual({ blobs: 1 })
  })

  test('to be retried comes back at its time', async () => {
    const { taskIds } = await startTestScan(database.db)
    await database.db.deleteFrom('outbox').execute()
    await claimTask(database.db, taskIds[0] ?? '', 'w1', 10_000)

    await retryTask(database.db, taskIds[0] ?? '', { delayMilliseconds: 60_000, worker: 'w1' })

    expect(await jobs()).toEqual([])
    expect(await database.db.selectFrom('outbox').select('job').execute()).toEqual([
      { job: 'github-owner-page' },
    ])
    expect(await claimTask(database.db, taskIds[0] ?? '', 'w2', 10_000)).toMatchObject({ attempts: 2 })
  })

  test('that a repeated listing names again is one task', async () => {
    const { scanId, taskIds } = await startTestScan(database.db, [
      ownerPage,
      { kind: 'github-owner-page', owner: 'acme', page: 2 },
    ])
    for (const taskId of taskIds) {
      await claimTask(database.db, taskId, 'w1', 10_000)
      await finishTask(database.db, { ...ended, taskId, childTasks: [git] })
    }

    expect((await getScan(database.db, scanId))?.tasks).toMatchObject({ done: 2, pending: 1 })
  })

  test('keeps object keys that PostgreSQL could not store as they are', async () => {
    const key = 'a\0b\u001b0000\uD800c/ü'
    const object = { key, version_id: null, etag: 'e', size: 1, latest: true }
    const { taskIds } = await startTestScan(database.db, [
      { kind: 's3-objects', bucket: 'b', objects: [object] },
    ])

    const claimed = await claimTask(database.db, taskIds[0] ?? '', 'w1', 10_000)

    expect(claimed?.params).toEqual({ kind: 's3-objects', bucket: 'b', objects: [object] })
  })
})
