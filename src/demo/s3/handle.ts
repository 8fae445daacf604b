/** One request to its answer: who asks, may they, which bucket, which operation. */
import type { IncomingMessage } from 'node:http'
import { type Answer, emptyAnswer } from './answer.ts'
import type { Bucket } from './bucket.ts'
import { bucketOperation, createBucket, deleteBucket, listBuckets } from './bucket-operations.ts'
import type { FaultKind, Faults } from './fault.ts'
import { listObjects, listVersions } from './listing.ts'
import { deleteObject, getObject, putObject } from './objects.ts'
import type { Operation, S3Request } from './request.ts'
import { S3Error } from './s3-error.ts'
import { verifySignature } from './signature.ts'
import { readUpload } from './upload.ts'

export interface World {
  region: string
  buckets: Map<string, Bucket>
  keys: Map<string, { secret: string; deny: ReadonlySet<Operation> }>
  faults: Faults
}

/** What anybody may do in a public bucket: S3's usual public policy grants ListBucket and GetObject. */
const publicOperations: ReadonlySet<Operation> = new Set([
  'ListObjects',
  'ListObjectsV2',
  'GetObject',
  'HeadObject',
  'HeadBucket',
  'GetBucketLocation',
])

/** @throws S3Error whatever S3 would answer */
export async function handle(
  world: World,
  message: IncomingMessage,
  request: S3Request,
  fault: FaultKind | null,
): Promise<{ caller: string | null; answer: Answer }> {
  if (fault === 'slow-down') throw new S3Error('SlowDown', { headers: { 'retry-after': '0' } })
  if (fault === 'internal-error') throw new S3Error('InternalError')
  if (fault === 'access-denied') throw new S3Error('AccessDenied')
  if (fault === 'not-implemented') throw new S3Error('NotImplemented')
  if (fault === 'redirect') {
    return { caller: null, answer: emptyAnswer(302, { location: 'http://127.0.0.1:1/elsewhere' }) }
  }
  const caller = verifySignature(request, {
    region: world.region,
    secretOf: (id) => world.keys.get(id)?.secret,
    now: () => Date.now(),
  })
  return { caller, answer: await perform(world, message, request, caller, fault) }
}

async function perform(
  world: World,
  message: IncomingMessage,
  request: S3Request,
  caller: string | null,
  fault: FaultKind | null,
): Promise<Answer> {
  if (request.operation === 'ListBuckets') {
    authorize(world, null, request, caller)
    return listBuckets(world.buckets)
  }
  if (request.operation === 'CreateBucket') {
    authorize(world, null, request, caller)
    await readUpload(message, request)
    return createBucket(world.buckets, request.bucket, world.region)
  }
  const bucket = world.buckets.get(request.bucket)
  if (!bucket) throw new S3Error('NoSuchBucket', { details: { BucketName: request.bucket } })
  authorize(world, bucket, request, caller)
  if (bucket.region !== world.region) {
    throw new S3Error('PermanentRedirect', {
      details: { Bucket: bucket.name, Endpoint: `s3.${bucket.region}.amazonaws.com` },
      headers: { 'x-amz-bucket-region': bucket.region },
    })
  }
  switch (request.operation) {
    case 'DeleteBucket':
      return deleteBucket(world.buckets, bucket)
    case 'ListObjects':
    case 'ListObjectsV2':
      return listObjects(bucket, request, fault)
    case 'ListObjectVersions':
      return listVersions(bucket, request, fault)
    case 'GetObject':
    case 'HeadObject':
      return getObject(bucket, request)
    case 'PutObject':
      return putObject(bucket, request, await readUpload(message, request))
    case 'DeleteObject':
      return deleteObject(bucket, request)
    default:
      return bucketOperation(bucket, request, (await readUpload(message, request)).body)
  }
}

function authorize(world: World, bucket: Bucket | null, request: S3Request, caller: string | null): void {
  if (caller === null) {
    const open = bucket?.public === true && publicOperations.has(request.operation)
    if (!open || request.query.has('versionId')) throw new S3Error('AccessDenied')
    return
  }
  if (world.keys.get(caller)?.deny.has(request.operation)) throw new S3Error('AccessDenied')
  const pays = request.headers['x-amz-request-payer'] === 'requester'
  const isObject = request.operation === 'GetObject' || request.operation === 'HeadObject'
  if (bucket?.requesterPays && isObject && !pays) throw new S3Error('AccessDenied')
}
