/**
 * Checks AWS Signature Version 4 in the Authorization header
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html). Signed query strings
 * (presigned URLs) are refused: nothing here makes them.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { S3Request } from './request.ts'
import { S3Error } from './s3-error.ts'

/** S3 refuses requests whose clock is further off than this, in milliseconds. */
const maxSkew = 15 * 60_000

export interface SigningKeys {
  region: string
  /** The secret of an access key id. */
  secretOf(accessKeyId: string): string | undefined
  now(): number
}

/**
 * The access key id that signed `request`, or null for an anonymous one. The body's hash is compared elsewhere,
 * when the body has been read.
 * @throws S3Error as S3 answers: SignatureDoesNotMatch, InvalidAccessKeyId, RequestTimeTooSkewed and others
 */
export function verifySignature(request: S3Request, keys: SigningKeys): string | null {
  if (request.query.has('X-Amz-Signature')) throw new S3Error('AccessDenied')
  const header = request.headers.authorization
  if (header === undefined) return null
  const parts =
    /^AWS4-HMAC-SHA256 Credential=([^/,]+)\/(\d{8})\/([^/,]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
      header,
    )
  if (!parts) throw new S3Error('AuthorizationHeaderMalformed')
  const [, accessKeyId = '', day = '', region = '', signedHeaders = '', given = ''] = parts
  const secret = keys.secretOf(accessKeyId)
  if (secret === undefined) {
    throw new S3Error('InvalidAccessKeyId', { details: { AWSAccessKeyId: accessKeyId } })
  }
  if (region !== keys.region) {
    throw new S3Error('AuthorizationHeaderMalformed', { details: { Region: keys.region } })
  }
  const time = headerOf(request, 'x-amz-date')
  checkTime(time, day, keys.now())
  for (const name of ['host', 'x-amz-date', 'x-amz-content-sha256']) {
    if (!signedHeaders.split(';').includes(name)) throw new S3Error('AccessDenied')
  }
  const scope = `${day}/${region}/s3/aws4_request`
  const hash = createHash('sha256').update(canonicalRequest(request, signedHeaders)).digest('hex')
  const wanted = hmac(signingKey(secret, day, region), `AWS4-HMAC-SHA256\n${time}\n${scope}\n${hash}`)
  if (!timingSafeEqual(wanted, Buffer.from(given, 'hex'))) throw new S3Error('SignatureDoesNotMatch')
  return accessKeyId
}

function canonicalRequest(request: S3Request, signedHeaders: string): string {
  const names = signedHeaders.split(';')
  const query = [...request.query]
    .map(([name, value]) => [uriEncode(name), uriEncode(value)] as const)
    .sort(([a, x], [b, y]) => (a === b ? compare(x, y) : compare(a, b)))
    .map(([name, value]) => `${name}=${value}`)
  return [
    request.method,
    request.path
      .split('/')
      .map((segment) => uriEncode(decodeURIComponent(segment)))
      .join('/'),
    query.join('&'),
    ...names.map((name) => `${name}:${headerOf(request, name).trim().replaceAll(/ +/g, ' ')}`),
    '',
    signedHeaders,
    headerOf(request, 'x-amz-content-sha256'),
  ].join('\n')
}

function signingKey(secret: string, day: string, region: string): Buffer {
  return hmac(hmac(hmac(hmac(Buffer.from(`AWS4${secret}`), day), region), 's3'), 'aws4_request')
}

function checkTime(time: string, day: string, now: number): void {
  const found = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(time)
  if (!found || !time.startsWith(day)) throw new S3Error('AccessDenied')
  const [year = 0, month = 0, date = 0, hour = 0, minute = 0, second = 0] = found.slice(1).map(Number)
  if (Math.abs(Date.UTC(year, month - 1, date, hour, minute, second) - now) > maxSkew) {
    throw new S3Error('RequestTimeTooSkewed')
  }
}

function headerOf(request: S3Request, name: string): string {
  const value = request.headers[name]
  return Array.isArray(value) ? value.join(',') : (value ?? '')
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

/** RFC 3986: all but the unreserved characters. */
function uriEncode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
