/** Scans over the API: started, followed, cancelled. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { transact } from '../../src/store/database.ts'
import { unsent } from '../../src/store/outbox.ts'
import { claimTask, finishTask } from '../../src/store/scans.ts'
import { type ApiWorld, apiWorld } from './api-world.ts'

let world: ApiWorld
beforeAll(async () => {
  world = await apiWorld()
})
afterAll(() => world.close())

let names = 0
async function addSource(target = 's3://bucket/prefix'): Promise<string> {
  const body = { name: `source ${names++}`, target, authority: 'owned' }
  const answer = await world.ask('admin', 'POST', '/v1/sources', body)
  expect(answer.status).toBe(201)
  return answer.body.id
}

describe('scans', () => {
  test('start for sources, with their first tasks on the way', async () => {
    const [one, two] = [await addSource('github:acme'), await addSource('s3://bucket')]

    const started = await world.ask('triage', 'POST', '/v1/scans', { source_ids: [one, two, one] })

    expect(started.status).toBe(202)
    expect(started.headers['location']).toBe(started.body.url)
    expect(started.body).toMatchObject({ state: 'running', schedule_id: null, finished_at: null })
    expect(started.body.progress).toMatchObject({
      tasks: { pending: 2, running: 0, done: 0, failed: 0, cancelled: 0 },
      blobs: 0,
      bytes: 0,
      findings: 0,
      problems: 0,
    })
    const jobs = (await unsent(world.db, 1000)).map((job) => job.job)
    expect(jobs).toEqual(expect.arrayContaining(['github-owner-page', 's3-list-page']))
  })

  test('start for targets by admins alone, as public sources', async () => {
    const body = { targets: ['github:octo', 's3://public-bucket', 'github:octo'] }

    const forbidden = await world.ask('triage', 'POST', '/v1/scans', body)
    const started = await world.ask('admin', 'POST', '/v1/scans', body)
    const again = await world.ask('admin', 'POST', '/v1/scans', body)

    expect(forbidden.status).toBe(403)
    expect([started.status, again.status]).toEqual([202, 202])
    expect(started.body.progress.tasks.pending).toBe(2)
    const sources = await world.ask('read', 'GET', '/v1/sources?per_page=100')
    const octo = sources.body.filter((source: { target: string }) => source.target === 'github:octo')
    expect(octo).toMatchObject([{ name: 'github:octo', authority: 'public' }])
  })

  test('show their progress, what they could not read, and their end', async () => {
    const { body } = await world.ask('admin', 'POST', '/v1/scans', { targets: ['s3://progress'] })
    const task = await world.db
      .selectFrom('task')
      .select('id')
      .where('scanId', '=', body.id)
      .executeTakeFirstOrThrow()
    await claimTask(world.db, task.id, 'tester', 60_000)
    const problems = ['a', 'b', 'c'].map((subject, at) => ({
      problem: at === 0 ? ('error' as const) : ('skipped' as const),
      code: 'too_large',
      subject,
      message: 'it is larger than the limit',
    }))
    await transact(world.db, (tx) =>
      finishTask(tx, {
        taskId: task.id,
        worker: 'tester',
        childTasks: [],
        problems,
        stats: { blobs: 4, bytesScanned: 500, candidates: 3, hits: 1, drops: {} },
        state: 'done',
      }),
    )

    const scan = await world.ask('read', 'GET', body.url)
    const first = await world.ask('read', 'GET', `${scan.body.problems_url}?per_page=2`)
    const next = /<([^>]+)>; rel="next"/.exec(first.headers['link'] ?? '')?.[1] ?? ''
    const second = await world.ask('read', 'GET', next)
    const errors = await world.ask('read', 'GET', `${scan.body.problems_url}?problem=error`)

    expect(scan.body.state).toBe('complete_with_errors')
    expect(scan.body.finished_at).not.toBeNull()
    expect(scan.body.progress).toMatchObject({
      blobs: 4,
      bytes: 500,
      problems: 3,
      tasks: { done: 1, pending: 0 },
    })
    expect([...first.body, ...second.body]).toEqual(problems)
    expect(errors.body).toEqual(problems.slice(0, 1))
    const ended = await world.ask('triage', 'POST', `${body.url}/cancel`)
    expect([ended.status, ended.body.type]).toEqual([409, 'urn:keyrecall:problem:scan-ended'])
  })

  test('are cancelled once', async () => {
    const { body } = await world.ask('triage', 'POST', '/v1/scans', { source_ids: [await addSource()] })

    const cancelled = await world.ask('triage', 'POST', `${body.url}/cancel`)

    expect(cancelled.body).toMatchObject({
      state: 'cancelled',
      progress: { tasks: { cancelled: 1, pending: 0 } },
    })
    expect((await world.ask('triage', 'POST', `${body.url}/cancel`)).status).toBe(409)
    expect((await world.ask('triage', 'POST', `/v1/scans/${randomUUID()}/cancel`)).status).toBe(404)
  })

  test('are listed by state and schedule', async () => {
    const all = await world.ask('read', 'GET', '/v1/scans?per_page=100')
    const cancelled = await world.ask('read', 'GET', '/v1/scans?state=cancelled')
    const scheduled = await world.ask('read', 'GET', `/v1/scans?schedule_id=${randomUUID()}`)

    expect(all.body.length).toBeGreaterThan(cancelled.body.length)
    expect(cancelled.body.map((one: { state: string }) => one.state)).toEqual(['cancelled'])
    expect(scheduled.body).toEqual([])
    expect((await world.ask('read', 'GET', '/v1/scans?state=asleep')).status).toBe(400)
    for (const path of ['', '/problems']) {
      expect((await world.ask('read', 'GET', `/v1/scans/${randomUUID()}${path}`)).status).toBe(404)
    }
  })

  test('of nothing, of unknown sources or of broken targets do not start', async () => {
    const cases: [object, number][] = [
      [{}, 400],
      [{ source_ids: [] }, 400],
      [{ source_ids: ['x'] }, 400],
      [{ source_ids: [randomUUID()] }, 422],
      [{ targets: ['github:'] }, 400],
      [{ targets: ['-'] }, 400],
      [{ targets: Array.from({ length: 101 }, (_, at) => `s3://bucket${at}`) }, 400],
    ]
    for (const [body, status] of cases) {
      expect([body, (await world.ask('admin', 'POST', '/v1/scans', body)).status]).toEqual([body, status])
    }
  })
})
