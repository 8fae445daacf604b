/**
 * One request, taken apart: operation, bucket, key, query. The path is used raw, never through `URL`, which
 * would fold `..` and empty segments that are ordinary parts of S3 keys.
 */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { S3Error } from './s3-error.ts'

export type Operation =
  | 'ListBuckets'
  | 'CreateBucket'
  | 'DeleteBucket'
  | 'HeadBucket'
  | 'GetBucketLocation'
  | 'GetBucketVersioning'
  | 'PutBucketVersioning'
  | 'GetBucketTagging'
  | 'PutBucketTagging'
  | 'GetBucketRequestPayment'
  | 'ListObjects'
  | 'ListObjectsV2'
  | 'ListObjectVersions'
  | 'GetObject'
  | 'HeadObject'
  | 'PutObject'
  | 'DeleteObject'

export interface S3Request {
  operation: Operation
  method: string
  /** As it stood on the request line, without the query. */
  path: string
  bucket: string
  key: string
  query: ReadonlyMap<string, string>
  headers: IncomingHttpHeaders
}

/** @throws S3Error for paths that cannot be decoded and operations this server does not have. */
export function parseRequest(message: IncomingMessage): S3Request {
  const [path, rawQuery] = splitOnce(message.url ?? '/', '?')
  const [rawBucket, rawKey] = splitOnce(path.slice(1), '/')
  const request = {
    method: message.method ?? 'GET',
    path,
    bucket: decode(rawBucket),
    key: decode(rawKey),
    query: parseQuery(rawQuery),
    headers: message.headers,
  }
  const operation = operationOf(request)
  if (!operation) throw new S3Error('NotImplemented')
  return { ...request, operation }
}

function operationOf(request: Omit<S3Request, 'operation'>): Operation | null {
  const { method, bucket, key, query } = request
  if (bucket === '') return method === 'GET' ? 'ListBuckets' : null
  if (key !== '') {
    const plain: Record<string, Operation> = {
      GET: 'GetObject',
      HEAD: 'HeadObject',
      PUT: 'PutObject',
      DELETE: 'DeleteObject',
    }
    const other = ['acl', 'tagging', 'uploads', 'uploadId', 'attributes', 'torrent', 'retention']
    return other.some((name) => query.has(name)) ? null : (plain[method] ?? null)
  }
  const subresources: Record<string, Operation> = {
    'GET location': 'GetBucketLocation',
    'GET versioning': 'GetBucketVersioning',
    'PUT versioning': 'PutBucketVersioning',
    'GET tagging': 'GetBucketTagging',
    'PUT tagging': 'PutBucketTagging',
    'GET requestPayment': 'GetBucketRequestPayment',
    'GET versions': 'ListObjectVersions',
  }
  for (const [name, operation] of Object.entries(subresources)) {
    const [verb, subresource = ''] = name.split(' ')
    if (verb === method && query.has(subresource)) return operation
  }
  if (method === 'GET') return query.get('list-type') === '2' ? 'ListObjectsV2' : 'ListObjects'
  const plain: Record<string, Operation> = { HEAD: 'HeadBucket', PUT: 'CreateBucket', DELETE: 'DeleteBucket' }
  return plain[method] ?? null
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}

function parseQuery(raw: string): Map<string, string> {
  const query = new Map<string, string>()
  for (const part of raw.split('&').filter((one) => one !== '')) {
    const [name, value] = splitOnce(part, '=')
    query.set(decode(name), decode(value))
  }
  return query
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new S3Error('InvalidURI')
  }
}
