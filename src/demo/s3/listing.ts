/**
 * ListObjects, ListObjectsV2 and ListObjectVersions: one walk over the keys in byte order that honours prefix,
 * delimiter, markers and page size, written out three ways.
 */
import { type Answer, xmlAnswer } from './answer.ts'
import { type Bucket, keysOf, type StoredVersion } from './bucket.ts'
import type { FaultKind } from './fault.ts'
import type { S3Request } from './request.ts'
import { S3Error } from './s3-error.ts'
import { element, namespace } from './xml.ts'

/** S3's largest page. */
const maxPage = 1_000

interface Listed {
  versions: StoredVersion[]
  prefixes: string[]
  /** The last key (or common prefix) and version of the page, where more follow. */
  next: { key: string; versionId: string } | null
}

interface Walk {
  prefix: string
  delimiter: string
  after: string | null
  /** Goes on inside `after`, behind this version. */
  afterVersion: string | null
  limit: number
  versions: 'all' | 'newest'
}

/** @throws S3Error InvalidArgument for markers and sizes that make no sense */
export function listObjects(bucket: Bucket, request: S3Request, fault: FaultKind | null): Answer {
  const { query } = request
  const isSecond = request.operation === 'ListObjectsV2'
  const token = query.get('continuation-token')
  const after =
    token === undefined ? (query.get(isSecond ? 'start-after' : 'marker') ?? null) : readToken(token)
  const asked = walkOf(request, { after, afterVersion: null, versions: 'newest' })
  const listed = spoil(walk(bucket, asked), bucket, asked, fault)
  const encode = encoder(request)
  const next = listed.next && fault !== 'no-marker' ? listed.next.key : null
  const body = [
    head(bucket, request, asked, encode),
    element('IsTruncated', listed.next !== null),
    isSecond ? element('KeyCount', listed.versions.length + listed.prefixes.length) : '',
    next !== null && isSecond
      ? element('NextContinuationToken', Buffer.from(next).toString('base64url'))
      : '',
    next !== null && !isSecond ? element('NextMarker', encode(next)) : '',
    ...listed.versions.map((one) => `<Contents>${fields(one, encode)}</Contents>`),
    ...listed.prefixes.map((one) => `<CommonPrefixes>${element('Prefix', encode(one))}</CommonPrefixes>`),
  ]
  return xmlAnswer(`<ListBucketResult ${namespace}>${body.join('')}</ListBucketResult>`)
}

/** @throws S3Error InvalidArgument for markers and sizes that make no sense */
export function listVersions(bucket: Bucket, request: S3Request, fault: FaultKind | null): Answer {
  const after = request.query.get('key-marker') || null
  const afterVersion = request.query.get('version-id-marker') || null
  if (afterVersion !== null && after === null) throw new S3Error('InvalidArgument')
  const asked = walkOf(request, { after, afterVersion, versions: 'all' })
  const listed = spoil(walk(bucket, asked), bucket, asked, fault)
  const encode = encoder(request)
  const body = [
    head(bucket, request, asked, encode),
    element('KeyMarker', encode(after ?? '')),
    element('VersionIdMarker', afterVersion ?? ''),
    element('IsTruncated', listed.next !== null),
    listed.next && fault !== 'no-marker'
      ? element('NextKeyMarker', encode(listed.next.key)) +
        element('NextVersionIdMarker', listed.next.versionId)
      : '',
    ...listed.versions.map((one) => {
      const newest = bucket.versions.get(one.key)?.[0]
      const identity = element('VersionId', one.versionId) + element('IsLatest', one === (newest ?? one))
      return one.deleteMarker
        ? `<DeleteMarker>${element('Key', encode(one.key))}${identity}${element('LastModified', one.lastModified.toISOString())}</DeleteMarker>`
        : `<Version>${identity}${fields(one, encode)}</Version>`
    }),
    ...listed.prefixes.map((one) => `<CommonPrefixes>${element('Prefix', encode(one))}</CommonPrefixes>`),
  ]
  return xmlAnswer(`<ListVersionsResult ${namespace}>${body.join('')}</ListVersionsResult>`)
}

function walk(bucket: Bucket, asked: Walk): Listed {
  const listed: Listed = { versions: [], prefixes: [], next: null }
  if (asked.limit === 0) return listed
  let last: { key: string; versionId: string } | null = null
  for (const key of keysOf(bucket)) {
    if (!key.startsWith(asked.prefix)) continue
    const common = commonPrefix(key, asked)
    if (common !== null && common === asked.after) continue
    if (common !== null && listed.prefixes.at(-1) === common) continue
    for (const version of common === null ? versionsOf(bucket, key, asked) : [null]) {
      if (version === null && isBefore(key, asked)) continue
      if (listed.versions.length + listed.prefixes.length >= asked.limit) return { ...listed, next: last }
      if (version) listed.versions.push(version)
      else listed.prefixes.push(common ?? '')
      last = { key: common ?? key, versionId: version?.versionId ?? '' }
    }
  }
  return listed
}

/** The versions of `key` that the page may hold, given where it starts. */
function versionsOf(bucket: Bucket, key: string, asked: Walk): StoredVersion[] {
  const all = bucket.versions.get(key) ?? []
  const wanted = asked.versions === 'all' ? all : all.slice(0, 1).filter((one) => !one.deleteMarker)
  if (!isBefore(key, asked)) return wanted
  if (key !== asked.after || asked.afterVersion === null) return []
  const at = all.findIndex((one) => one.versionId === asked.afterVersion)
  return at < 0 ? [] : all.slice(at + 1)
}

function isBefore(key: string, asked: Walk): boolean {
  return asked.after !== null && Buffer.compare(Buffer.from(key), Buffer.from(asked.after)) <= 0
}

function commonPrefix(key: string, asked: Walk): string | null {
  if (asked.delimiter === '') return null
  const at = key.indexOf(asked.delimiter, asked.prefix.length)
  return at < 0 ? null : key.slice(0, at + asked.delimiter.length)
}

function walkOf(request: S3Request, start: Pick<Walk, 'after' | 'afterVersion' | 'versions'>): Walk {
  const size = request.query.get('max-keys') ?? String(maxPage)
  if (!/^\d{1,9}$/.test(size)) throw new S3Error('InvalidArgument')
  return {
    ...start,
    prefix: request.query.get('prefix') ?? '',
    delimiter: request.query.get('delimiter') ?? '',
    limit: Math.min(Number(size), maxPage),
  }
}

function spoil(listed: Listed, bucket: Bucket, asked: Walk, fault: FaultKind | null): Listed {
  const end = listed.versions.at(-1)
  if (fault === 'no-marker') return { ...listed, next: { key: end?.key ?? '', versionId: '' } }
  if (fault === 'same-page') {
    const first = walk(bucket, { ...asked, after: null, afterVersion: null })
    const last = first.versions.at(-1)
    return { ...first, next: { key: last?.key ?? '', versionId: last?.versionId ?? '' } }
  }
  const [any] = [...bucket.versions.values()].flat()
  if (fault !== 'ever-new-keys' || !any) return listed
  const number = Number(/\d+$/.exec(asked.after ?? '')?.[0] ?? 0) + 1
  const key = `${asked.prefix}more-${String(number).padStart(9, '0')}`
  return { versions: [{ ...any, key }], prefixes: [], next: { key, versionId: any.versionId } }
}

function head(bucket: Bucket, request: S3Request, asked: Walk, encode: (text: string) => string): string {
  return [
    element('Name', bucket.name),
    element('Prefix', encode(asked.prefix)),
    element('MaxKeys', asked.limit),
    asked.delimiter === '' ? '' : element('Delimiter', encode(asked.delimiter)),
    request.query.get('encoding-type') === 'url' ? element('EncodingType', 'url') : '',
  ].join('')
}

function fields(version: StoredVersion, encode: (text: string) => string): string {
  return [
    element('Key', encode(version.key)),
    element('LastModified', version.lastModified.toISOString()),
    element('ETag', `"${version.etag}"`),
    element('Size', version.body.length),
    element('StorageClass', version.storageClass),
  ].join('')
}

/** S3 writes a space as `+` when asked for `encoding-type=url`, and leaves slashes alone. */
function encoder(request: S3Request): (text: string) => string {
  const type = request.query.get('encoding-type')
  if (type === undefined) return (text) => text
  if (type !== 'url') throw new S3Error('InvalidArgument')
  return (text) => encodeURIComponent(text).replaceAll('%20', '+').replaceAll('%2F', '/')
}

function readToken(token: string): string {
  const key = Buffer.from(token, 'base64url')
  if (key.length === 0 || key.toString('base64url') !== token) throw new S3Error('InvalidArgument')
  return key.toString()
}
