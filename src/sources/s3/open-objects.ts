/** A batch of objects as an open unit: blobs in the order of the batch, a few fetched ahead of their turn. */
import type { Blob, SourceProblem } from '../../model/blob.ts'
import { type AppError, asAppError } from '../../model/errors.ts'
import type { ListedObject, ReadingTask } from '../../model/target.ts'
import type { OpenUnit } from '../../model/unit.ts'
import { unpackAll } from '../archive/unpack.ts'
import type { S3Calls, S3Deps } from './client.ts'
import { subjectOf } from './keys.ts'
import { createLocator } from './locate.ts'
import { openObject } from './object-blob.ts'
import { readAhead } from './read-ahead.ts'

export type ObjectsTask = Extract<ReadingTask, { kind: 's3-objects' }>

/**
 * What goes wrong with one object is a problem among the blobs. The batch as a whole fails (`AppError`) only
 * where nothing of it can be read: no credentials, or a server that does not answer.
 */
export async function openObjects(task: ObjectsTask, deps: S3Deps): Promise<OpenUnit> {
  const calls = await deps.calls()
  return {
    blobs: (signal) => unpackAll(objectBlobs(task, calls, deps, signal), deps.archive, signal),
    locate: createLocator(task.bucket, deps),
    close: () => Promise.resolve(),
  }
}

async function* objectBlobs(
  task: ObjectsTask,
  calls: S3Calls,
  deps: S3Deps,
  signal: AbortSignal,
): AsyncGenerator<Blob | SourceProblem> {
  const work = (object: ListedObject, workSignal: AbortSignal) =>
    openObject(task.bucket, object, { calls, limits: deps.limits }, workSignal)
  const requesterPays = createPayerQuestion(task.bucket, calls, signal)
  let isFirst = true
  for await (const { item, settled } of readAhead(task.objects, deps.limits.parallel, work, signal)) {
    const subject = subjectOf(task.bucket, item.key)
    if (settled.status === 'rejected') {
      signal.throwIfAborted()
      const error = asAppError(settled.reason)
      if (concernsAll(error, isFirst)) throw error
      yield await problemOf(error, subject, requesterPays)
      isFirst = false
      continue
    }
    isFirst = false
    yield settled.value.blob
    const broke = settled.value.broke()
    if (broke) yield { problem: 'error', code: broke.code, subject, message: broke.message }
  }
}

function concernsAll(error: AppError, isFirst: boolean): boolean {
  if (error.code === 'unauthorized' || error.code === 'internal') return true
  return isFirst && (error.code === 'unavailable' || error.code === 'rate_limited')
}

async function problemOf(
  error: AppError,
  subject: string,
  requesterPays: () => Promise<boolean>,
): Promise<SourceProblem> {
  if (error.code === 'forbidden' && (await requesterPays())) {
    const message = 'its bucket makes the requester pay, which is not accepted'
    return { problem: 'skipped', code: 'forbidden', subject, message }
  }
  // Archived, or deleted since it was listed: there is nothing that could be read.
  const isSkip = error.code === 'special_file' || error.code === 'not_found'
  return { problem: isSkip ? 'skipped' : 'error', code: error.code, subject, message: error.message }
}

/** Asked once, at the first refusal: a 403 does not say whether it is about money. */
function createPayerQuestion(bucket: string, calls: S3Calls, signal: AbortSignal): () => Promise<boolean> {
  let answer: Promise<boolean> | null = null
  const ask = async (): Promise<boolean> => {
    try {
      return (await calls.getRequestPayment({ Bucket: bucket }, signal)).Payer === 'Requester'
    } catch {
      // Who may not ask is refused for a reason that cannot be told apart: it stays an error.
      return false
    }
  }
  return () => (answer ??= ask())
}
