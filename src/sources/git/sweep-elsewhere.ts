/** Starts a thread that reads a part of a long history, while this one reads the rest. */
import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Swept } from './attribute/history.ts'
import type { PackPart } from './pack/shape.ts'
import type { SweepOrder } from './sweep-thread.ts'

/** Bytes in packs of commits and trees that are read sooner than a thread has started. */
const few = 8 * 1024 * 1024

/**
 * What the thread read; null where it is not worth one, or it failed: then what it took is read one by one.
 * @param next number of the next part, which both threads count on
 */
export async function sweepElsewhere(
  parts: readonly PackPart[],
  next: Int32Array,
  wanted: readonly Buffer[],
  signal: AbortSignal,
): Promise<Swept | null> {
  const bytes = parts.reduce((sum, part) => sum + part.bytes, 0)
  // Threads run what was built.
  if (bytes < few || extname(import.meta.url) !== '.js' || signal.aborted) return null
  const order: SweepOrder = {
    parts,
    next,
    wanted: Buffer.concat(wanted),
    idLength: wanted[0]?.length ?? 20,
  }
  const worker = new Worker(new URL('./sweep-thread.js', import.meta.url), { workerData: order })
  const stop = (): void => void worker.terminate()
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await new Promise<Swept | null>((resolve) => {
      worker.once('message', resolve)
      worker.once('error', () => resolve(null))
      worker.once('exit', () => resolve(null))
    })
  } finally {
    signal.removeEventListener('abort', stop)
    await worker.terminate()
  }
}
