/** Passes a response body through and ends it where the server falls silent or does not stop. */
import type { Readable } from 'node:stream'
import { AppError } from '../../model/errors.ts'

export interface BodyBounds {
  /** Longest wait for the next bytes, in milliseconds. Time the reader takes does not count. */
  stallTimeout: number
  maxBytes: number
}

/** @throws AppError `timeout` after a silence, `too_large` past the bound; the body is destroyed with it */
export async function* guardBody(body: Readable, bounds: BodyBounds): AsyncGenerator<Buffer> {
  const chunks = (body as AsyncIterable<Buffer>)[Symbol.asyncIterator]()
  let size = 0
  try {
    for (;;) {
      const step = await nextWithin(chunks, body, bounds.stallTimeout)
      if (step.done) return
      size += step.value.length
      if (size > bounds.maxBytes) {
        throw new AppError(
          'too_large',
          `the server sent more than the ${bounds.maxBytes} bytes there should be`,
        )
      }
      yield step.value
    }
  } finally {
    body.destroy()
  }
}

async function nextWithin(
  chunks: AsyncIterator<Buffer>,
  body: Readable,
  stallTimeout: number,
): Promise<IteratorResult<Buffer>> {
  let stalled = false
  const timer = setTimeout(() => {
    stalled = true
    body.destroy(new Error('stalled'))
  }, stallTimeout)
  try {
    return await chunks.next()
  } catch (error) {
    if (!stalled) throw error
    const seconds = stallTimeout / 1_000
    throw new AppError('timeout', `the server sent nothing for ${seconds} seconds`, { retryable: true })
  } finally {
    clearTimeout(timer)
  }
}
