/** What is asked of a bucket rather than of an object: its tags, region, versioning, and buckets themselves. */
import { type Answer, emptyAnswer, xmlAnswer } from './answer.ts'
import { type Bucket, newBucket } from './bucket.ts'
import type { S3Request } from './request.ts'
import { S3Error } from './s3-error.ts'
import { element, namespace, textsOf } from './xml.ts'

export function listBuckets(buckets: ReadonlyMap<string, Bucket>): Answer {
  const entries = [...buckets.values()].map(
    (one) =>
      `<Bucket>${element('Name', one.name)}${element('CreationDate', one.created.toISOString())}</Bucket>`,
  )
  return xmlAnswer(
    `<ListAllMyBucketsResult ${namespace}><Owner>${element('ID', 'owner')}</Owner><Buckets>${entries.join('')}</Buckets></ListAllMyBucketsResult>`,
  )
}

/** @throws S3Error InvalidBucketName, BucketAlreadyOwnedByYou */
export function createBucket(buckets: Map<string, Bucket>, name: string, region: string): Answer {
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name)) throw new S3Error('InvalidBucketName')
  if (buckets.has(name)) throw new S3Error('BucketAlreadyOwnedByYou')
  buckets.set(name, newBucket(name, region, {}))
  return emptyAnswer(200, { location: `/${name}` })
}

/** @throws S3Error BucketNotEmpty */
export function deleteBucket(buckets: Map<string, Bucket>, bucket: Bucket): Answer {
  if (bucket.versions.size > 0) throw new S3Error('BucketNotEmpty')
  buckets.delete(bucket.name)
  return emptyAnswer(204)
}

/** The rest of the bucket operations; `body` is the request's. @throws S3Error NoSuchTagSet, MalformedXML */
export function bucketOperation(bucket: Bucket, request: S3Request, body: Buffer): Answer {
  switch (request.operation) {
    case 'HeadBucket':
      return emptyAnswer(200, { 'x-amz-bucket-region': bucket.region })
    case 'GetBucketLocation':
      // The oldest region is written as an empty element.
      return xmlAnswer(
        `<LocationConstraint ${namespace}>${bucket.region === 'us-east-1' ? '' : bucket.region}</LocationConstraint>`,
      )
    case 'GetBucketVersioning':
      return xmlAnswer(
        `<VersioningConfiguration ${namespace}>${bucket.versioning ? element('Status', bucket.versioning) : ''}</VersioningConfiguration>`,
      )
    case 'PutBucketVersioning':
      return putVersioning(bucket, body)
    case 'GetBucketTagging':
      return getTagging(bucket)
    case 'PutBucketTagging':
      return putTagging(bucket, body)
    case 'GetBucketRequestPayment':
      return xmlAnswer(
        `<RequestPaymentConfiguration ${namespace}>${element('Payer', bucket.requesterPays ? 'Requester' : 'BucketOwner')}</RequestPaymentConfiguration>`,
      )
    default:
      throw new S3Error('NotImplemented')
  }
}

function putVersioning(bucket: Bucket, body: Buffer): Answer {
  const [status] = textsOf(body.toString(), 'Status')
  if (status !== 'Enabled' && status !== 'Suspended') throw new S3Error('MalformedXML')
  bucket.versioning = status
  return emptyAnswer(200)
}

function getTagging(bucket: Bucket): Answer {
  if (bucket.tags.size === 0) throw new S3Error('NoSuchTagSet', { details: { BucketName: bucket.name } })
  const tags = [...bucket.tags].map(
    ([key, value]) => `<Tag>${element('Key', key)}${element('Value', value)}</Tag>`,
  )
  return xmlAnswer(`<Tagging ${namespace}><TagSet>${tags.join('')}</TagSet></Tagging>`)
}

function putTagging(bucket: Bucket, body: Buffer): Answer {
  const xml = body.toString()
  const values = textsOf(xml, 'Value')
  bucket.tags = new Map(textsOf(xml, 'Key').map((key, index) => [key, values[index] ?? '']))
  return emptyAnswer(204)
}
