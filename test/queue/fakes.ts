/** Sources and an engine that tests can foresee: texts by path, in which every word that begins with `leak` is a hit. */
import { setTimeout as sleep } from 'node:timers/promises'
import { createMetrics } from '../../src/base/metrics.ts'
import { deriveKeys } from '../../src/base/service-key.ts'
import type { Blob, SourceProblem } from '../../src/model/blob.ts'
import { emptyStats } from '../../src/model/hit.ts'
import type { ListedObject, ReadingTask, Task } from '../../src/model/target.ts'
import type { RunTaskDeps } from '../../src/queue/run-task.ts'
import type { Engine, ScanResult } from '../../src/scan/engine.ts'
import type { Db } from '../../src/store/database.ts'
import { makeHit, makePlace } from '../support/hit.ts'
import { silent } from './backends.ts'

export const keys = deriveKeys(Buffer.alloc(32, 9), 1)

export interface FakeSource {
  sources: RunTaskDeps['sources']
  /** Paths whose content was read, in order. */
  read: string[]
  opened: number
  closed: number
}

export interface Held {
  /** Content by path; of a batch of objects only those it names are read. */
  files?: Readonly<Record<string, string>>
  /** The digest that git gives. */
  state?: string
  problems?: readonly SourceProblem[]
  /** What a listing brings. */
  lists?: readonly Task[]
  /** Awaited before the first blob. */
  before?: (signal: AbortSignal) => Promise<unknown>
}

export function fakeSource(held: Held): FakeSource {
  const { files = {}, state, problems = [], lists = [], before } = held
  const fake: FakeSource = {
    read: [],
    opened: 0,
    closed: 0,
    sources: {
      async expand(_task, signal) {
        fake.opened += 1
        await before?.(signal)
        return { tasks: [...lists], problems: [...problems] }
      },
      async open(task) {
        fake.opened += 1
        return {
          ...(state === undefined ? {} : { state: async () => state }),
          async *blobs(signal) {
            await before?.(signal)
            yield* problems
            for (const path of pathsOf(task, files)) {
              fake.read.push(path)
              yield textBlob(path, files[path] ?? '')
            }
          },
          locate: async (places) => places.map((place) => [place]),
          async close() {
            fake.closed += 1
          },
        }
      },
    },
  }
  return fake
}

function pathsOf(task: ReadingTask, files: Readonly<Record<string, string>>): string[] {
  if (task.kind === 's3-objects') return task.objects.map((object) => object.key)
  return Object.keys(files)
}

function textBlob(path: string, text: string): Blob {
  return {
    place: makePlace(path),
    size: text.length,
    contentId: null,
    async *open() {
      yield Buffer.from(text)
    },
  }
}

export function fakeEngine(detectorSet = 'first'): Engine {
  function scanBytes(bytes: Buffer): ScanResult {
    const hits = (bytes.toString().match(/\bleak\S*/g) ?? []).map((word) => makeHit(word))
    return { hits, stats: { ...emptyStats(), blobs: 1, bytesScanned: bytes.length, hits: hits.length } }
  }
  return {
    detectorSet,
    scanBytes,
    lend: () => null,
    batch() {
      throw new Error('no packs here')
    },
    tree() {
      throw new Error('no packs here')
    },
    async scan(blob, signal) {
      const pieces: Uint8Array[] = []
      for await (const piece of blob.open(signal)) pieces.push(piece)
      return scanBytes(Buffer.concat(pieces))
    },
  }
}

/** The lease is long enough that nothing renews it during a test, unless a test says otherwise. */
export function taskDeps(db: Db, source: FakeSource, changes: Partial<RunTaskDeps> = {}): RunTaskDeps {
  return {
    db,
    keys,
    engine: fakeEngine(),
    metrics: createMetrics(),
    sources: source.sources,
    log: silent,
    worker: 'worker-1',
    leaseMilliseconds: 60_000,
    ...changes,
  }
}

export const gitTask: ReadingTask = {
  kind: 'git',
  location: 'https://git.test/acme/app.git',
  repository: 'acme/app',
  public: false,
  url: null,
}

export function objectsTask(...objects: readonly Partial<ListedObject>[]): ReadingTask {
  const whole = objects.map((object) => ({
    key: 'a.txt',
    version_id: null,
    etag: 'e1',
    size: 1,
    latest: true,
    ...object,
  }))
  return { kind: 's3-objects', bucket: 'acme-backups', objects: whole }
}

export const neverStopped = new AbortController().signal

/** Settles only by the signal, as a source does that waits on the other side. */
export function untilAborted(signal: AbortSignal): Promise<unknown> {
  return sleep(3_600_000, undefined, { signal })
}

/** A gate that a test opens. */
export function gate(): { opened: Promise<void>; open: () => void } {
  let open = (): void => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open }
}
