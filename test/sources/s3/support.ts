/** Reading tasks and units to their end, and a source pointed at a local S3. */
import { type Blob, isProblem, type SourceProblem } from '../../../src/model/blob.ts'
import type { ListedObject, Task } from '../../../src/model/target.ts'
import type { OpenUnit } from '../../../src/model/unit.ts'
import { createS3, type S3Deps, type S3Options } from '../../../src/sources/s3/client.ts'
import { type BucketPageTask, expandBucketPage } from '../../../src/sources/s3/list.ts'
import { openObjects } from '../../../src/sources/s3/open-objects.ts'
import type { S3World } from '../../support/s3.ts'

export const signal = new AbortController().signal

export function sourceFor(world: S3World, options: S3Options = {}): S3Deps {
  return createS3({
    endpoint: world.endpoint,
    region: world.region,
    credentials: world.credentials,
    maxAttempts: 2,
    ...options,
    limits: { stallTimeout: 5_000, ...options.limits },
  })
}

export function firstPage(bucket: string, prefix = ''): BucketPageTask {
  return { kind: 's3-list-page', bucket, prefix, keyMarker: null, versionMarker: null }
}

export interface Listing {
  objects: ListedObject[]
  batches: ListedObject[][]
  pages: number
  problems: SourceProblem[]
}

/** Follows a listing to its end, as the queue does: each task through JSON. */
export async function listAll(deps: S3Deps, first: BucketPageTask): Promise<Listing> {
  const listing: Listing = { objects: [], batches: [], pages: 0, problems: [] }
  const open: Task[] = [first]
  for (let task = open.shift(); task; task = open.shift()) {
    if (task.kind === 's3-objects') {
      listing.batches.push(task.objects)
      listing.objects.push(...task.objects)
    } else if (task.kind === 's3-list-page') {
      const page = await expandBucketPage(task, deps, signal)
      listing.pages += 1
      listing.problems.push(...page.problems)
      open.push(...(JSON.parse(JSON.stringify(page.tasks)) as Task[]))
    }
  }
  return listing
}

export interface ReadBlob {
  blob: Blob
  text: string
}

/** Reads every blob to its end. */
export async function readUnit(unit: OpenUnit): Promise<{ read: ReadBlob[]; problems: SourceProblem[] }> {
  const read: ReadBlob[] = []
  const problems: SourceProblem[] = []
  for await (const item of unit.blobs(signal)) {
    if (isProblem(item)) problems.push(item)
    else read.push({ blob: item, text: await textOf(item) })
  }
  await unit.close()
  return { read, problems }
}

export async function textOf(blob: Blob): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of blob.open(signal)) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

/** Lists a bucket and reads all that was listed. */
export async function readBucket(
  deps: S3Deps,
  bucket: string,
): Promise<{ read: ReadBlob[]; problems: SourceProblem[] }> {
  const { objects, problems } = await listAll(deps, firstPage(bucket))
  const unit = await openObjects({ kind: 's3-objects', bucket, objects }, deps)
  const outcome = await readUnit(unit)
  return { read: outcome.read, problems: [...problems, ...outcome.problems] }
}
