/**
 * Who does the parts of a scan: this thread where there is little to do, since another takes longer to start than a few
 * files to read, else the threads of a pool. What comes out is the same.
 */
import { extname } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { asAppError } from '../model/errors.ts'
import { addStats } from '../model/hit.ts'
import type { UnitPart } from '../model/unit.ts'
import type { Pool } from '../scan/pool.ts'
import type { PartRecord } from './part-record.ts'
import type { Sums } from './scan-blob.ts'
import type { PartContext, PartOutcome } from './scan-part.ts'
import type { ThreadSetup } from './scan-worker.ts'
import type { Tally } from './tally.ts'
import { createTurns } from './turns.ts'

/** Files that are done sooner than a thread starts. */
const fewFiles = 64
/** Bytes of packs that are. */
const fewPackBytes = 1024 * 1024
/** Archives that are unpacked at once: each takes up to some 100 MB, whatever the number of threads. */
const mostUnpackers = 2
/** Parts that may wait: so many file names take a few megabytes, and the sooner all are listed, the sooner it is known how much is left. */
const mostWaiting = 512

export interface RunnerOptions {
  /** Threads that scan; with 1 it is this one. */
  threads: number
  setup: Omit<ThreadSetup, 'bytesRead'>
  /** For what this thread does itself. */
  here: Omit<PartContext, 'sums'>
  tally: Tally
}

export interface PartRunner {
  /** True for a part that this thread had better do itself unless more follow. */
  isFew: (part: UnitPart) => boolean
  /** Does a part in this thread. Never rejects: what failed is among the problems. */
  runHere: (part: UnitPart) => Promise<PartOutcome>
  /** Does a part in any thread. Never rejects. */
  run: (part: UnitPart) => Promise<PartOutcome>
  /** Comes back when another part is welcome. */
  room: () => Promise<void>
  /** Ends the threads that have nothing to do: what comes now needs their memory. */
  rest: () => Promise<void>
  /** Ends the threads. */
  close: () => Promise<void>
}

export function createPartRunner({ threads, setup, here, tally }: RunnerOptions): PartRunner {
  const bytesRead = new BigInt64Array(new SharedArrayBuffer(8))
  /** Of these, those of parts that are done and in the tally. */
  let tallied = 0
  let pool: Promise<Pool<UnitPart, PartRecord>> | null = null
  let last: Promise<unknown> = Promise.resolve()
  let broken = false
  const unpackers = createTurns(mostUnpackers)
  tally.underway = () => Number(Atomics.load(bytesRead, 0)) - tallied

  // What does parts, and what starts threads, is loaded when there is a part: an empty scan pays for neither.
  async function startPool(): Promise<Pool<UnitPart, PartRecord>> {
    const { createPool } = await import('../scan/pool.ts')
    const entry = new URL(`./scan-worker${extname(import.meta.url)}`, import.meta.url)
    const started = createPool<UnitPart, PartRecord>({ entry, threads, setup: { ...setup, bytesRead } })
    here.signal.addEventListener('abort', () => started.stop(), { once: true })
    return started
  }

  async function runHere(part: UnitPart): Promise<PartOutcome> {
    const before = last
    const run = before.then(async () => {
      const { scanPart } = await import('./scan-part.ts')
      return await scanPart(part, { ...here, sums: tally })
    })
    last = run.then(() => setImmediate())
    return await run
  }

  async function runThere(part: UnitPart): Promise<PartOutcome> {
    try {
      const record = await (await (pool ??= startPool())).run(part)
      tallied += record.sums.bytesRead
      addSums(tally, record.sums)
      here.onProgress()
      const { unpackOutcome } = await import('./part-record.ts')
      return unpackOutcome(record)
    } catch (thrown) {
      return await failed(thrown, part)
    }
  }

  async function failed(thrown: unknown, part: UnitPart): Promise<PartOutcome> {
    const { code, message } = asAppError(thrown)
    // What no thread can do, each of them says for each part.
    const told = here.signal.aborted || broken
    broken ||= code === 'config'
    const { nameOfPart } = await import('./scan-part.ts')
    const problem = { problem: 'error', code, subject: nameOfPart(part), message } as const
    return { found: [], problems: told ? [] : [problem], rest: [] }
  }

  return {
    isFew: (part) =>
      pool === null && (part.kind === 'pack' ? part.bytes <= fewPackBytes : part.paths.length <= fewFiles),
    runHere,
    run(part) {
      if (threads === 1) return runHere(part)
      return part.kind === 'files' && part.archive ? unpackers(() => runThere(part)) : runThere(part)
    },
    async room() {
      if (pool) await (await pool).room(mostWaiting)
      else await last
    },
    rest: async () => await (await pool)?.rest(),
    close: async () => await (await pool)?.close(),
  }
}

function addSums(total: Sums, more: Sums): void {
  addStats(total.engine, more.engine)
  total.bytesRead += more.bytesRead
  total.belowConfidence += more.belowConfidence
  for (const step of ['list', 'read', 'scan', 'locate', 'merge'] as const)
    total.milliseconds[step] += more.milliseconds[step]
}
