/**
 * Looks at the first bytes of a blob without losing them: many blobs can be read once only. The blob given back
 * goes on with the stream that was begun, so that nothing is read twice.
 */
import type { Blob } from '../../model/blob.ts'
import { headSize } from './format.ts'

export interface Peeked {
  /** Up to `headSize` bytes from the start. */
  head: Buffer
  /** The whole blob, head included. */
  blob: Blob
  /** Ends the stream that was begun if nobody took it over. */
  release(): Promise<void>
}

export async function peek(blob: Blob, signal: AbortSignal): Promise<Peeked> {
  const iterator = blob.open(signal)[Symbol.asyncIterator]()
  const first: Uint8Array[] = []
  let size = 0
  let ended = false
  while (size < headSize && !ended) {
    const step = await iterator.next()
    if (step.done) ended = true
    else {
      first.push(step.value)
      size += step.value.length
    }
  }
  let taken = false

  async function release(): Promise<void> {
    if (taken) return
    taken = true
    await iterator.return?.()
  }

  async function* replay(): AsyncGenerator<Uint8Array> {
    try {
      yield* first
      while (!ended) {
        const step = await iterator.next()
        if (step.done) ended = true
        else yield step.value
      }
    } finally {
      await iterator.return?.()
    }
  }

  return {
    head: Buffer.concat(first).subarray(0, headSize),
    blob: {
      ...blob,
      open(signal) {
        if (taken) return blob.open(signal)
        taken = true
        return replay()
      },
    },
    release,
  }
}
