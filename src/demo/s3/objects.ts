/** GetObject, HeadObject, PutObject and DeleteObject, with versions, ranges and conditions. */
import { type Answer, emptyAnswer } from './answer.ts'
import { addVersion, type Bucket, removeKey, type StoredVersion } from './bucket.ts'
import type { S3Request } from './request.ts'
import { S3Error } from './s3-error.ts'
import type { Upload } from './upload.ts'

/** Storage classes whose objects must be restored before they can be read. */
const frozen: ReadonlySet<string> = new Set(['GLACIER', 'DEEP_ARCHIVE'])

/** @throws S3Error NoSuchKey, NoSuchVersion, PreconditionFailed, InvalidRange, InvalidObjectState … */
export function getObject(bucket: Bucket, request: S3Request): Answer {
  const version = find(bucket, request)
  if (request.operation === 'GetObject' && frozen.has(version.storageClass)) {
    throw new S3Error('InvalidObjectState', { details: { StorageClass: version.storageClass } })
  }
  const headers = headersOf(bucket, version)
  if (notModified(version, request)) return emptyAnswer(304, headers)
  const range = rangeOf(request.headers.range, version.body.length)
  if (range) {
    headers['content-range'] = `bytes ${range.start}-${range.end - 1}/${version.body.length}`
    return { status: 206, headers, body: version.body.subarray(range.start, range.end) }
  }
  if (version.checksum && request.headers['x-amz-checksum-mode'] === 'ENABLED') {
    headers[version.checksum.header] = version.checksum.value
    headers['x-amz-checksum-type'] = 'FULL_OBJECT'
  }
  return { status: 200, headers, body: version.body }
}

/** @throws S3Error PreconditionFailed */
export function putObject(bucket: Bucket, request: S3Request, upload: Upload): Answer {
  const newest = bucket.versions.get(request.key)?.[0]
  if (request.headers['if-none-match'] === '*' && newest && !newest.deleteMarker) {
    throw new S3Error('PreconditionFailed')
  }
  const version = addVersion(bucket, request.key, {
    ...upload,
    storageClass: String(request.headers['x-amz-storage-class'] ?? 'STANDARD'),
    contentType: request.headers['content-type'] ?? 'binary/octet-stream',
  })
  return emptyAnswer(200, { etag: `"${version.etag}"`, ...versionHeader(bucket, version) })
}

export function deleteObject(bucket: Bucket, request: S3Request): Answer {
  const gone = removeKey(bucket, request.key, request.query.get('versionId'))
  return emptyAnswer(204, {
    ...(gone ? versionHeader(bucket, gone) : {}),
    ...(gone?.deleteMarker ? { 'x-amz-delete-marker': 'true' } : {}),
  })
}

function find(bucket: Bucket, request: S3Request): StoredVersion {
  const versions = bucket.versions.get(request.key) ?? []
  const id = request.query.get('versionId')
  const version = id === undefined ? versions[0] : versions.find((one) => one.versionId === id)
  if (!version) {
    throw new S3Error(id === undefined || versions.length === 0 ? 'NoSuchKey' : 'NoSuchVersion', {
      details: { Key: request.key },
    })
  }
  if (version.deleteMarker) {
    throw new S3Error(id === undefined ? 'NoSuchKey' : 'MethodNotAllowed', {
      headers: { 'x-amz-delete-marker': 'true', ...versionHeader(bucket, version) },
    })
  }
  const wanted = request.headers['if-match']
  if (wanted !== undefined && wanted !== '*' && wanted !== `"${version.etag}"`) {
    throw new S3Error('PreconditionFailed', { details: { Condition: 'If-Match' } })
  }
  return version
}

function notModified(version: StoredVersion, request: S3Request): boolean {
  const unwanted = request.headers['if-none-match']
  if (unwanted !== undefined) return unwanted === '*' || unwanted === `"${version.etag}"`
  const since = Date.parse(request.headers['if-modified-since'] ?? '')
  return Math.floor(version.lastModified.getTime() / 1_000) * 1_000 <= since
}

/** The asked part, end exclusive; null for the whole. A header that cannot be read is ignored, as S3 does. */
function rangeOf(header: string | undefined, size: number): { start: number; end: number } | null {
  const found = /^bytes=(\d*)-(\d*)$/.exec(header ?? '')
  if (!found || (found[1] === '' && found[2] === '')) return null
  const [, first = '', last = ''] = found
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const end = first === '' || last === '' ? size : Math.min(size, Number(last) + 1)
  if (first !== '' && last !== '' && Number(last) < Number(first)) return null
  if (start >= size || start >= end) {
    throw new S3Error('InvalidRange', { headers: { 'content-range': `bytes */${size}` } })
  }
  return { start, end }
}

function headersOf(bucket: Bucket, version: StoredVersion): Record<string, string> {
  return {
    etag: `"${version.etag}"`,
    'last-modified': version.lastModified.toUTCString(),
    'content-type': version.contentType,
    'accept-ranges': 'bytes',
    ...(version.storageClass === 'STANDARD' ? {} : { 'x-amz-storage-class': version.storageClass }),
    ...versionHeader(bucket, version),
  }
}

function versionHeader(bucket: Bucket, version: StoredVersion): Record<string, string> {
  return bucket.versioning === null ? {} : { 'x-amz-version-id': version.versionId }
}
