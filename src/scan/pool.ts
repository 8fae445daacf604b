/**
 * Worker threads that share parts of some work; what a part is, only the module they run knows (`serve-parts.ts` is its
 * other side). Parts wait here, and a thread gets its next one when it has answered, so that none waits behind a long
 * one. A thread that ends by itself is replaced once, and the part it was at is an error.
 */
import { Worker } from 'node:worker_threads'
import { AppError } from '../model/errors.ts'
import type { Answer, PoolData } from './serve-parts.ts'

export interface PoolOptions {
  /** Module every thread runs; it calls `serveParts`. */
  entry: URL
  threads: number
  /** Handed to every thread when it starts; plain data, or shared. */
  setup: unknown
}

export interface Pool<Part, Result> {
  /**
   * Has a part done by the next thread that is free.
   * @param transfer what changes hands instead of being copied
   * @throws AppError as the thread did, or `internal` where the thread ended; `unavailable` after `stop` or `close`
   */
  run: (part: Part, transfer?: readonly ArrayBuffer[]) => Promise<Result>
  /** Comes back once fewer than `most` parts wait: who makes them may go on. */
  room: (most: number) => Promise<void>
  /** Asks the threads to end the parts they are at early; those that wait are not begun. */
  stop: () => void
  /** Ends the threads that have nothing to do, and with them their memory; the next part starts one anew. */
  rest: () => Promise<void>
  /** Ends the threads, whatever they are at. */
  close: () => Promise<void>
}

interface Job {
  part: unknown
  transfer: readonly ArrayBuffer[]
  resolve(result: unknown): void
  reject(error: unknown): void
}

interface Thread {
  worker: Worker
  job: Job | null
  replaced: boolean
}

/**
 * What a part leaves behind dies young; with the room that V8 takes for it by itself a thread holds 15 MB more and is no
 * faster.
 */
const resourceLimits = { maxYoungGenerationSizeMb: 4 }

/** A thread is started when there is a part for it. */
export function createPool<Part, Result>({ entry, threads, setup }: PoolOptions): Pool<Part, Result> {
  const stopFlag = new Int32Array(new SharedArrayBuffer(4))
  const workerData: PoolData = { stopFlag, setup }
  const waiting: Job[] = []
  const crew = new Set<Thread>()
  let makers: { most: number; go: () => void }[] = []
  let started = 0
  let over = false

  function start(replaced: boolean): Thread {
    const worker = new Worker(entry, { workerData, resourceLimits })
    const thread: Thread = { worker, job: null, replaced }
    crew.add(thread)
    thread.worker.on('message', (answer: Answer) => {
      const { job } = thread
      thread.job = null
      handOut()
      if ('error' in answer) job?.reject(new AppError(answer.error.code, answer.error.message))
      else job?.resolve(answer.result)
    })
    thread.worker.on('error', (error) => lose(thread, error))
    thread.worker.on('exit', () => lose(thread, null))
    return thread
  }

  function lose(thread: Thread, error: unknown): void {
    if (!crew.delete(thread)) return
    thread.job?.reject(lostThread(error))
    if (!thread.replaced) start(true)
    else if (crew.size === 0 && started === threads) refuse(lostThread(error))
    handOut()
  }

  function refuse(error: AppError): void {
    for (const job of waiting.splice(0)) job.reject(error)
    letIn()
  }

  function handOut(): void {
    while (waiting.length > 0) {
      const thread = idleThread()
      if (!thread) break
      const job = waiting.shift()
      if (!job) break
      thread.job = job
      thread.worker.postMessage(job.part, job.transfer)
    }
    letIn()
  }

  function idleThread(): Thread | null {
    for (const thread of crew) if (!thread.job) return thread
    if (started === threads) return null
    started++
    return start(false)
  }

  function letIn(): void {
    const ready = makers.filter(({ most }) => waiting.length < most || over)
    if (ready.length === 0) return
    makers = makers.filter((maker) => !ready.includes(maker))
    for (const { go } of ready) go()
  }

  return {
    run: (part, transfer = []) =>
      new Promise<Result>((resolve, reject) => {
        if (over || (crew.size === 0 && started === threads)) {
          reject(over ? ended() : lostThread(null))
          return
        }
        waiting.push({ part, transfer, resolve: (result) => resolve(result as Result), reject })
        handOut()
      }),
    room: (most) =>
      new Promise((go) => {
        if (waiting.length < most || over) go()
        else makers.push({ most, go })
      }),
    stop() {
      over = true
      Atomics.store(stopFlag, 0, 1)
      refuse(ended())
    },
    async rest() {
      const idle = [...crew].filter(({ job }) => job === null)
      for (const thread of idle) crew.delete(thread)
      started -= idle.length
      await Promise.all(idle.map(({ worker }) => worker.terminate()))
    },
    async close() {
      over = true
      const left = [...crew]
      crew.clear()
      for (const { job } of left) job?.reject(ended())
      refuse(ended())
      await Promise.all(left.map(({ worker }) => worker.terminate()))
    },
  }
}

function ended(): AppError {
  return new AppError('unavailable', 'the scan was ended before this was read')
}

function lostThread(error: unknown): AppError {
  const memory = (error as NodeJS.ErrnoException | null)?.code === 'ERR_WORKER_OUT_OF_MEMORY'
  return new AppError(
    'internal',
    memory
      ? 'reading it took more memory than a thread may have; the rest was read by another'
      : 'the thread that read it ended by itself; the rest was read by another',
    { cause: error },
  )
}
