/**
 * What runs in a thread of the pool (`pool.ts`): parts come as messages and are done one after the other. It ends with
 * the pool.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { asAppError, type ErrorCode } from '../model/errors.ts'

/** What every thread is given when it starts. */
export interface PoolData {
  /** Not 0 once parts should end early. */
  stopFlag: Int32Array
  setup: unknown
}

export type Answer = { result: unknown } | { error: { code: ErrorCode; message: string } }

/**
 * Does the parts that this thread is given. What `open` or the parts throw is answered as an error.
 * @param open called once, with what the pool's maker set up: makes what does the parts. `stopped` turns true when they
 * should end early, with what they have.
 */
export function serveParts(
  open: (setup: unknown, stopped: () => boolean) => Promise<(part: unknown) => Promise<unknown>>,
): void {
  const { stopFlag, setup } = workerData as PoolData
  const opened = open(setup, () => Atomics.load(stopFlag, 0) !== 0)
  // Told to whoever sends a part.
  opened.catch(() => {})
  parentPort?.on('message', (part: unknown) => void answer(opened, part))
}

/** The pool sends the next part when this one is answered. */
async function answer(opened: Promise<(part: unknown) => Promise<unknown>>, part: unknown): Promise<void> {
  let answer: Answer
  try {
    answer = { result: await (await opened)(part) }
  } catch (thrown) {
    const { code, message } = asAppError(thrown)
    answer = { error: { code, message } }
  }
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port has none
  parentPort?.postMessage(answer)
}
