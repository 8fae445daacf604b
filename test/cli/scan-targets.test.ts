import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { PartRunner } from '../../src/cli/part-runner.ts'
import { scanTargets, type TargetParts } from '../../src/cli/scan-targets.ts'
import { newTally, tallyProblem } from '../../src/cli/tally.ts'
import type { Blob, Place, SourceProblem } from '../../src/model/blob.ts'
import { AppError } from '../../src/model/errors.ts'
import { emptyStats, type Hit } from '../../src/model/hit.ts'
import { Secret } from '../../src/model/secret.ts'
import type { ReadingTask, Target, Task } from '../../src/model/target.ts'
import type { OpenUnit } from '../../src/model/unit.ts'

/** A blob whose content is its path; the engine below finds a credential where that says "leak". */
function blob(path: string, changes: Partial<Blob> = {}): Blob {
  return {
    place: { type: 'file', path },
    size: path.length,
    contentId: null,
    async *open() {
      yield Buffer.from(path)
    },
    ...changes,
  }
}

function hit(text: string): Hit {
  return {
    detector: 'acme-key',
    issuer: 'Acme',
    kind: 'key',
    secret: new Secret(Buffer.from(text), 'acme-key'),
    redacted: '…',
    check: 'none',
    checkPassed: null,
    checkBits: 0,
    confidence: 'medium',
    label: null,
    facts: {},
    span: { start_line: 1, start_column: 1, end_line: 1, end_column: 2, byte_start: 0, byte_end: 1 },
    decoding: [],
  }
}

const engine = {
  detectorSet: 'test',
  async scan(scanned: Blob, signal: AbortSignal) {
    let text = ''
    for await (const piece of scanned.open(signal)) text += Buffer.from(piece).toString()
    return { hits: text.includes('leak') ? [hit(text)] : [], stats: { ...emptyStats(), blobs: 1 } }
  },
  lend: () => null,
  batch() {
    throw new Error('no packs here')
  },
  tree() {
    throw new Error('no packs here')
  },
  scanBytes: () => ({ hits: [], stats: emptyStats() }),
}

interface World {
  parts: TargetParts
  problems: SourceProblem[]
  closed: string[]
  located: Place[][]
}

/** The units below have no parts. */
const noParts: PartRunner = {
  isFew: () => true,
  runHere: () => Promise.reject(new Error('there are no parts')),
  run: () => Promise.reject(new Error('there are no parts')),
  room: async () => {},
  rest: async () => {},
  close: async () => {},
}

type Content = (task: ReadingTask, signal: AbortSignal) => AsyncGenerator<Blob | SourceProblem>

function world(content: Content, changes: Partial<TargetParts> = {}): World {
  const problems: SourceProblem[] = []
  const closed: string[] = []
  const located: Place[][] = []
  const tally = newTally()
  const parts: TargetParts = {
    sources: {
      expand: () => Promise.reject(new AppError('remote_failed', 'nothing is listed here')),
      open: async (task): Promise<OpenUnit> => ({
        blobs: (signal) => content(task, signal),
        locate: async (places) => {
          located.push([...places])
          return places.map((place) => [place])
        },
        close: async () => {
          closed.push(task.kind)
        },
      }),
      close: async () => {},
    },
    engine: async () => engine,
    note: () => {},
    runner: noParts,
    excluded: () => false,
    least: 'medium',
    tally,
    onProgress() {},
    report(problem) {
      problems.push(problem)
      tallyProblem(tally, problem)
    },
    tasks: 2,
    signal: new AbortController().signal,
    ...changes,
  }
  return { parts, problems, closed, located }
}

function paths(...names: string[]): Target[] {
  return names.map((path) => ({ type: 'path', path }))
}

async function* named(task: ReadingTask): AsyncGenerator<Blob> {
  if (task.kind === 'path') yield blob(task.path)
}

describe('a scan of several targets', () => {
  test('finds what each of them holds', async () => {
    const { parts, closed } = world(named)

    const found = await scanTargets(paths('leak-1', 'clean', 'leak-2', 'leak-3'), parts)

    expect(new Set(found.map((one) => one.places[0]?.path))).toEqual(new Set(['leak-1', 'leak-2', 'leak-3']))
    expect(closed).toHaveLength(4)
    expect(parts.tally.engine.blobs).toBe(4)
    expect(parts.tally.bytesRead).toBe('leak-1cleanleak-2leak-3'.length)
  })

  test('asks nobody where hits below the asked confidence stand, but counts them', async () => {
    const { parts, located } = world(named, { least: 'high' })

    expect(await scanTargets(paths('leak-1', 'leak-2'), parts)).toEqual([])
    expect(located).toEqual([])
    expect(parts.tally.belowConfidence).toBe(2)
  })

  test('goes on after a target that cannot be opened, and names it', async () => {
    const { parts, problems } = world(named)
    const open = parts.sources.open
    parts.sources = {
      ...parts.sources,
      open: (task) =>
        task.kind === 'path' && task.path === 'bad'
          ? Promise.reject(new AppError('not_found', 'there is nothing at "bad"'))
          : open(task),
    }

    const found = await scanTargets(paths('bad', 'leak'), parts)

    expect(found).toHaveLength(1)
    expect(problems).toEqual([
      { problem: 'error', code: 'not_found', subject: 'bad', message: 'there is nothing at "bad"' },
    ])
  })

  test('reads a target named twice once', async () => {
    const { parts, closed } = world(named)

    const found = await scanTargets(paths('leak', 'leak'), parts)

    expect(found).toHaveLength(1)
    expect(closed).toHaveLength(1)
  })

  test('works on as many at one time as it may, and no more', async () => {
    let now = 0
    let most = 0
    const { parts } = world(async function* (task) {
      now += 1
      most = Math.max(most, now)
      await sleep(5)
      now -= 1
      yield* named(task)
    })

    await scanTargets(paths('a', 'b', 'c', 'd', 'e', 'f'), { ...parts, tasks: 3 })

    expect(most).toBe(3)
  })

  test('follows listings to their end, in the order they come, also past a page that fails', async () => {
    const { parts, problems } = world(named)
    const opened: string[] = []
    const open = parts.sources.open
    parts.sources = {
      ...parts.sources,
      open: (task) => {
        if (task.kind === 'path') opened.push(task.path)
        return open(task)
      },
      async expand(task) {
        if (task.kind !== 'github-owner-page' || task.page === 3)
          throw new AppError('remote_failed', 'page 3 broke')
        const tasks: Task[] = [
          { kind: 'path', path: `leak-${task.page}` },
          { ...task, page: task.page + 1 },
          // A listing that leads back to itself ends all the same.
          task,
        ]
        return {
          tasks,
          problems: [{ problem: 'skipped', code: 'empty', subject: 'acme/none', message: 'empty' }],
        }
      },
    }

    const found = await scanTargets([{ type: 'github', owner: 'acme' }], { ...parts, tasks: 1 })

    expect(opened).toEqual(['leak-1', 'leak-2'])
    expect(found).toHaveLength(2)
    expect(problems.map((problem) => problem.code)).toEqual(['empty', 'empty', 'remote_failed'])
  })
})

describe('one unit', () => {
  test('keeps what was found before its listing broke', async () => {
    const { parts, problems, closed } = world(async function* () {
      yield blob('leak')
      throw new AppError('unreadable', 'the folder went away')
    })

    const found = await scanTargets(paths('x'), parts)

    expect(found).toHaveLength(1)
    expect(problems.map((problem) => problem.message)).toEqual(['the folder went away'])
    expect(closed).toHaveLength(1)
  })

  test('goes on after a blob that cannot be read', async () => {
    const { parts, problems } = world(async function* () {
      yield blob('broken', {
        // oxlint-disable-next-line require-yield -- it fails before its first byte
        async *open() {
          throw new AppError('unreadable', 'no permission')
        },
      })
      yield blob('leak')
    })

    const found = await scanTargets(paths('x'), parts)

    expect(found).toHaveLength(1)
    expect(problems).toMatchObject([{ problem: 'error', code: 'unreadable', subject: 'broken' }])
  })

  test('counts a limit as a deliberate skip, and an unforeseen error without its text', async () => {
    const failing = (error: Error): Partial<Blob> => ({
      // oxlint-disable-next-line require-yield -- it fails before its first byte
      async *open() {
        throw error
      },
    })
    const { parts, problems } = world(async function* () {
      yield blob('big', failing(new AppError('too_large', 'over the limit')))
      yield blob('odd', failing(new Error('what was read: abc')))
    })

    await scanTargets(paths('x'), parts)

    expect(problems.map((problem) => [problem.problem, problem.code])).toEqual([
      ['skipped', 'too_large'],
      ['error', 'internal'],
    ])
    expect(JSON.stringify(problems)).not.toContain('abc')
  })

  test('is located once and only for blobs with hits', async () => {
    const { parts, located } = world(async function* () {
      yield blob('leak-1')
      yield blob('clean')
      yield blob('leak-2')
    })

    await scanTargets(paths('x'), parts)

    expect(located.map((places) => places.map((place) => place.path))).toEqual([['leak-1', 'leak-2']])
  })

  test('without hits is not located at all', async () => {
    const { parts, located } = world(async function* () {
      yield blob('clean')
    })

    await scanTargets(paths('x'), parts)

    expect(located).toEqual([])
  })

  test('that cannot be located still reports its hits where they were read', async () => {
    const { parts, problems } = world(named)
    const open = parts.sources.open
    parts.sources = {
      ...parts.sources,
      open: async (task) => ({
        ...(await open(task)),
        locate: () => Promise.reject(new AppError('git_failed', 'the walk of the history broke')),
      }),
    }

    const found = await scanTargets(paths('leak'), parts)

    expect(found.map((one) => one.places)).toEqual([[{ type: 'file', path: 'leak' }]])
    expect(problems).toMatchObject([{ problem: 'error', code: 'git_failed' }])
  })

  test('leaves out and counts what is excluded, members of archives by the path in them, too', async () => {
    const { parts, problems } = world(
      async function* () {
        yield blob('leak.png')
        yield blob('leak', { place: { type: 'file', path: 'a.zip', archive_path: 'in.zip!leak.png' } })
        yield blob('leak', { place: { type: 's3_object', path: 'k', bucket: 'b', key: 'leak.png' } })
        yield blob('leak.txt')
      },
      { excluded: (path) => path.endsWith('.png') },
    )

    const found = await scanTargets(paths('x'), parts)

    expect(found).toHaveLength(1)
    expect(problems.map((problem) => problem.subject)).toEqual([
      'leak.png',
      'a.zip!in.zip!leak.png',
      's3://b/k',
    ])
    expect(parts.tally.skipped).toEqual(new Map([['excluded', 3]]))
  })
})

describe('a git history', () => {
  test('is excluded by the paths that locating brings, place by place', async () => {
    const { parts, problems } = world(
      async function* () {
        yield blob('leak-1', { place: { type: 'commit', path: '', blob_sha: 'a1' } })
        yield blob('leak-2', { place: { type: 'commit', path: '', blob_sha: 'a2' } })
      },
      { excluded: (path) => path.startsWith('vendor/') },
    )
    const open = parts.sources.open
    parts.sources = {
      ...parts.sources,
      open: async (task) => ({
        ...(await open(task)),
        locate: async (places) =>
          places.map((place) =>
            place.blob_sha === 'a1'
              ? [
                  { ...place, path: 'vendor/x' },
                  { ...place, path: 'src/x' },
                ]
              : [{ ...place, path: 'vendor/y' }],
          ),
      }),
    }

    const found = await scanTargets(paths('x'), parts)

    expect(found.flatMap((one) => one.places.map((place) => place.path))).toEqual(['src/x'])
    expect(problems).toMatchObject([{ code: 'excluded', subject: 'vendor/y' }])
  })
})

describe('an interrupted scan', () => {
  test('ends with what was found and reports no error for what was cut off', async () => {
    const interrupt = new AbortController()
    const { parts, problems, closed } = world(
      async function* (task, signal) {
        yield blob('leak')
        interrupt.abort()
        signal.throwIfAborted()
        yield* named(task)
      },
      { signal: interrupt.signal, tasks: 1 },
    )

    const found = await scanTargets(paths('a', 'b', 'c'), parts)

    expect(found).toHaveLength(1)
    expect(problems).toEqual([])
    expect(closed).toHaveLength(1)
  })
})
