/**
 * One page of a bucket becomes reading tasks and the task of the next page. What is left out (delete markers,
 * archived objects, keys that cannot be kept) is named, and a listing that does not come forward ends.
 */
import type { SourceProblem } from '../../model/blob.ts'
import { AppError } from '../../model/errors.ts'
import type { ListedObject, ListingTask, Task } from '../../model/target.ts'
import type { S3Deps } from './client.ts'
import { s3Failure } from './failure.ts'
import { comesAfter, isFolderPlaceholder, isStorable, readMarker, subjectOf, writeMarker } from './keys.ts'
import type { S3Limits } from './limits.ts'
import { type Entry, fetchPage, type Page, type PageMarker } from './page.ts'

export type BucketPageTask = Extract<ListingTask, { kind: 's3-list-page' }>

/** @throws AppError naming the bucket: it does not exist, may not be listed, is in another region … */
export async function expandBucketPage(
  task: BucketPageTask,
  deps: S3Deps,
  signal: AbortSignal,
): Promise<{ tasks: Task[]; problems: SourceProblem[] }> {
  checkBucketName(task.bucket)
  const after =
    task.keyMarker === null ? null : { key: readMarker(task.keyMarker), versionId: task.versionMarker }
  const page = await listPage(task, after, deps, signal)
  const problems: SourceProblem[] = []
  if (page.versionsDenied && after === null) problems.push(versionsUnseen(task))
  const objects: ListedObject[] = []
  for (const entry of page.entries) {
    const object = sortOut(entry, task.bucket, deps.limits)
    if (object === null) continue
    if ('problem' in object) problems.push(object)
    else objects.push(object)
  }
  const tasks: Task[] = batches(objects, deps.limits).map((batch) => ({
    kind: 's3-objects',
    bucket: task.bucket,
    objects: batch,
  }))
  const next = nextTask(task, after, page.next, deps.limits)
  if (next && 'problem' in next) problems.push(next)
  else if (next) tasks.push(next)
  return { tasks, problems }
}

async function listPage(
  task: BucketPageTask,
  after: PageMarker | null,
  deps: S3Deps,
  signal: AbortSignal,
): Promise<Page> {
  try {
    const where = { bucket: task.bucket, prefix: task.prefix, after }
    return await fetchPage(await deps.calls(), where, signal)
  } catch (error) {
    signal.throwIfAborted()
    throw s3Failure(error, { bucket: task.bucket })
  }
}

/** The object to read, the reason why it is not, or null for what is nothing. */
function sortOut(entry: Entry, bucket: string, limits: S3Limits): ListedObject | SourceProblem | null {
  const { key, versionId, etag, size, latest } = entry
  if (key === null || !isStorable(key)) {
    const message =
      'its key is not valid text (it holds NUL or is not UTF-8) and cannot be kept exactly; give it another key'
    return { problem: 'error', code: 'unreadable', subject: subjectOf(bucket, key ?? entry.listed), message }
  }
  const subject = subjectOf(bucket, key)
  if (entry.deleteMarker) {
    const message = 'it is a delete marker: there is nothing in it to read'
    return { problem: 'skipped', code: 'special_file', subject, message }
  }
  if (isFolderPlaceholder(key, size)) return null
  if (entry.archived !== null) {
    const message = `it is archived (${entry.archived}) and cannot be read before it is restored`
    return { problem: 'skipped', code: 'special_file', subject, message }
  }
  if (size === null) {
    return { problem: 'error', code: 'unreadable', subject, message: 'the listing does not say its size' }
  }
  if (size > limits.maxObjectBytes) {
    const message = `it has ${size} bytes, more than the limit of ${limits.maxObjectBytes}`
    return { problem: 'skipped', code: 'too_large', subject, message }
  }
  return { key, version_id: versionId, etag, size, latest }
}

function batches(objects: readonly ListedObject[], limits: S3Limits): ListedObject[][] {
  const made: ListedObject[][] = []
  let bytes = 0
  for (const object of objects) {
    const batch = made.at(-1)
    if (batch && batch.length < limits.batchObjects && bytes + object.size <= limits.batchBytes) {
      batch.push(object)
      bytes += object.size
    } else {
      made.push([object])
      bytes = object.size
    }
  }
  return made
}

function nextTask(
  task: BucketPageTask,
  after: PageMarker | null,
  next: Page['next'],
  limits: S3Limits,
): BucketPageTask | SourceProblem | null {
  if (next === null) return null
  if (next === 'broken') return unending(task, 'S3 says that more follows, but not where')
  const isSameKey = next.key === after?.key
  const comesForward = isSameKey
    ? next.versionId !== null && next.versionId !== after.versionId
    : after === null || comesAfter(next.key, after.key)
  if (!comesForward) return unending(task, 'the listing does not come forward: it names the same place again')
  const page = (task.page ?? 1) + 1
  if (page > limits.maxPages) return unending(task, `the listing has more than ${limits.maxPages} pages`)
  return { ...task, keyMarker: writeMarker(next.key), versionMarker: next.versionId, page }
}

function unending(task: BucketPageTask, why: string): SourceProblem {
  const message = `${why}; what follows in bucket "${task.bucket}" was not read. Scan narrower prefixes instead`
  return { problem: 'error', code: 'remote_failed', subject: subjectOf(task.bucket, task.prefix), message }
}

function versionsUnseen(task: BucketPageTask): SourceProblem {
  const message = `bucket "${task.bucket}" does not let us list versions (s3:ListBucketVersions): only the newest of each object is read`
  return { problem: 'skipped', code: 'forbidden', subject: subjectOf(task.bucket, task.prefix), message }
}

/** Names as AWS and compatible servers allow them, and ARNs of access points. */
function checkBucketName(bucket: string): void {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{1,254}$/.test(bucket) || /^arn:aws[a-z-]*:s3/.test(bucket)) return
  throw new AppError('usage', `"${bucket}" is not a name a bucket can have`)
}
