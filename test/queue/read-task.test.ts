/** What was read whole is not read again under the same detectors; what was not, is. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SourceProblem } from '../../src/model/blob.ts'
import type { ReadingTask } from '../../src/model/target.ts'
import { type ReadOutcome, readTask } from '../../src/queue/read-task.ts'
import { type TestDatabase, testDatabase } from '../support/postgres.ts'
import { startTestScan } from '../support/scan.ts'
import { fakeEngine, fakeSource, gitTask, type Held, neverStopped, objectsTask, taskDeps } from './fakes.ts'

let database: TestDatabase
let scan: Awaited<ReturnType<typeof startTestScan>>
beforeAll(async () => {
  database = await testDatabase()
  scan = await startTestScan(database.db)
})
afterAll(() => database.drop())

interface Read extends ReadOutcome {
  /** Paths whose content was read. */
  paths: string[]
  closed: number
}

async function read(task: ReadingTask, held: Held, detectorSet = 'first'): Promise<Read> {
  const source = fakeSource(held)
  const outcome = await readTask(
    task,
    { ...scan, progress: () => {} },
    taskDeps(database.db, source, { engine: fakeEngine(detectorSet) }),
    neverStopped,
  )
  return { ...outcome, paths: source.read, closed: source.closed }
}

function git(repository: string): ReadingTask {
  return { ...gitTask, kind: 'git', repository } as ReadingTask
}

function githubBlob(blobSha: string, path = 'src/app.js'): ReadingTask {
  return {
    kind: 'github-blob',
    repository: 'acme/app',
    path,
    blobSha,
    public: true,
    url: 'https://git.test/x',
  }
}

function error(subject: string): SourceProblem {
  return { problem: 'error', code: 'unreadable', subject, message: 'broken' }
}

describe('a repository', () => {
  it('is read once in one state', async () => {
    const held = { files: { a: 'leak-g1' }, state: 's1' }

    const first = await read(git('acme/one'), held)
    const second = await read(git('acme/one'), held)

    expect(first).toMatchObject({ paths: ['a'], unchanged: 0, stats: { blobs: 1, hits: 1 } })
    expect(second).toMatchObject({ paths: [], unchanged: 1, stats: { blobs: 0, hits: 0 }, closed: 1 })
  })

  it.each([
    ['in another state', git('acme/two'), 's2', 'first'],
    ['under other detectors', git('acme/two'), 's1', 'second'],
    ['that is another', git('acme/other'), 's1', 'first'],
  ] as const)('is read %s', async (_, task, state, detectorSet) => {
    await read(git('acme/two'), { files: { a: 'x' }, state: 's1' })

    const again = await read(task, { files: { a: 'x' }, state }, detectorSet)

    expect(again.paths).toEqual(['a'])
  })

  it('is read again where a part of it could not be read', async () => {
    await read(git('acme/three'), { files: { a: 'x' }, state: 's1', problems: [error('b')] })

    const again = await read(git('acme/three'), { files: { a: 'x' }, state: 's1' })
    const third = await read(git('acme/three'), { files: { a: 'x' }, state: 's1' })

    expect(again.paths).toEqual(['a'])
    expect(third.paths).toEqual([])
  })

  it('is not read again for what was left out on purpose', async () => {
    const skipped: SourceProblem = { ...error('lfs'), problem: 'skipped' }
    const held = { files: { a: 'x' }, state: 's1', problems: [skipped] }
    await read(git('acme/four'), held)

    const again = await read(git('acme/four'), held)

    expect(again).toMatchObject({ paths: [], problems: [] })
  })

  it('with very many hits is recorded on the way, so that they are not all held', async () => {
    const many = Array.from({ length: 10_001 }, () => 'leak-many').join(' ')
    const source = fakeSource({ files: { a: many, b: 'leak-last' }, state: 's1' })
    const readWhenRecorded: string[][] = []
    const { open } = source.sources
    source.sources.open = async (task) => {
      const unit = await open(task)
      return {
        ...unit,
        locate: async (places, signal) => {
          readWhenRecorded.push([...source.read])
          return unit.locate(places, signal)
        },
      }
    }

    const context = { ...scan, progress: () => {} }
    await readTask(git('acme/many'), context, taskDeps(database.db, source), neverStopped)

    expect(readWhenRecorded).toEqual([['a'], ['a', 'b']])
  })

  it('is read again when the scan was stopped in the middle', async () => {
    const stop = new AbortController()
    const source = fakeSource({
      files: { a: 'leak-stopped' },
      state: 's1',
      before: async (signal) => (stop.abort(), signal.throwIfAborted()),
    })
    const stopped = readTask(
      git('acme/five'),
      { ...scan, progress: () => {} },
      taskDeps(database.db, source),
      stop.signal,
    )
    await expect(stopped).rejects.toThrow()

    const again = await read(git('acme/five'), { files: { a: 'leak-stopped' }, state: 's1' })

    expect(again.paths).toEqual(['a'])
  })
})

describe('objects', () => {
  it('are read once a version', async () => {
    const task = objectsTask({ key: 'o1', version_id: 'v1' }, { key: 'o1', version_id: 'v2' })
    await read(task, {})

    const again = await read(task, {})
    const more = await read(objectsTask({ key: 'o1', version_id: 'v2' }, { key: 'o1', version_id: 'v3' }), {})

    expect(again).toMatchObject({ paths: [], unchanged: 2 })
    expect(more).toMatchObject({ paths: ['o1'], unchanged: 1 })
  })

  it('without versions are read again when their ETag is another', async () => {
    await read(objectsTask({ key: 'o2', etag: 'e1' }), {})

    expect((await read(objectsTask({ key: 'o2', etag: 'e1' }), {})).paths).toEqual([])
    expect((await read(objectsTask({ key: 'o2', etag: 'e2' }), {})).paths).toEqual(['o2'])
  })

  it('are read again under other detectors', async () => {
    await read(objectsTask({ key: 'o3' }), {})

    expect((await read(objectsTask({ key: 'o3' }), {}, 'second')).paths).toEqual(['o3'])
  })

  it('with a problem are read again next time, the others of their batch are not', async () => {
    const task = objectsTask({ key: 'good.txt' }, { key: 'bad.zip' })
    await read(task, { problems: [error('s3://acme-backups/bad.zip')] })

    const again = await read(task, {})

    expect(again).toMatchObject({ paths: ['bad.zip'], unchanged: 1 })
  })

  it('all known are not even opened', async () => {
    await read(objectsTask({ key: 'o4' }), {})

    expect((await read(objectsTask({ key: 'o4' }), {})).closed).toBe(0)
  })
})

describe('a blob that code search named', () => {
  it('is read once', async () => {
    await read(githubBlob('b1'), { files: { x: 'leak-b1' } })

    expect(await read(githubBlob('b1'), { files: { x: 'leak-b1' } })).toMatchObject({
      paths: [],
      unchanged: 1,
    })
  })

  it.each([
    ['with other content', githubBlob('b3'), 'first'],
    ['at another path', githubBlob('b2', 'other.js'), 'first'],
    ['under other detectors', githubBlob('b2'), 'second'],
  ])('is read %s', async (_, task, detectorSet) => {
    await read(githubBlob('b2'), { files: { x: 'y' } })

    expect((await read(task, { files: { x: 'y' } }, detectorSet)).paths).toEqual(['x'])
  })

  it('with a problem is read again', async () => {
    await read(githubBlob('b4'), { files: { x: 'y' }, problems: [error('acme/app: src/app.js')] })

    expect((await read(githubBlob('b4'), { files: { x: 'y' } })).paths).toEqual(['x'])
  })
})

describe('what is found', () => {
  it('is recorded at each place the source tells, once', async () => {
    const held = { files: { 'a.env': 'leak-twice', 'b.env': 'and leak-twice' } }
    await read({ kind: 'path', path: '/srv/app' }, held)
    await read({ kind: 'path', path: '/srv/app' }, held)

    const places = await database.db
      .selectFrom('place')
      .innerJoin('finding', 'finding.id', 'place.findingId')
      .select(['findingId', 'details'])
      .where('details', '@>', JSON.stringify({ repository: 'acme/app' }) as never)
      .execute()
    const mine = places.filter((one) => ['a.env', 'b.env'].includes((one.details as { path: string }).path))

    expect(mine).toHaveLength(2)
    expect(new Set(mine.map((one) => one.findingId)).size).toBe(1)
  })
})
