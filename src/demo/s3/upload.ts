/**
 * Reads the body of an upload: plain, or `aws-chunked` with checksums in trailers
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html), which is what the SDK sends
 * for streams. Every length and digest the client names is compared with what came.
 */
import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { crc32 } from 'node:zlib'
import type { S3Request } from './request.ts'
import { S3Error } from './s3-error.ts'

/** Enough for tests and demo; everything is kept in memory. */
const maxBytes = 64 * 1024 * 1024

export interface Upload {
  body: Buffer
  checksum: { header: string; value: string } | null
}

/** @throws S3Error EntityTooLarge, IncompleteBody, BadDigest, XAmzContentSHA256Mismatch, NotImplemented */
export async function readUpload(message: IncomingMessage, request: S3Request): Promise<Upload> {
  const raw = await readAll(message)
  const claimed = String(request.headers['x-amz-content-sha256'] ?? 'UNSIGNED-PAYLOAD')
  const { body, trailers } = unwrap(raw, claimed)
  const decodedLength = request.headers['x-amz-decoded-content-length']
  if (decodedLength !== undefined && Number(decodedLength) !== body.length)
    throw new S3Error('IncompleteBody')
  const md5 = request.headers['content-md5']
  if (md5 !== undefined && digest('md5', body) !== md5) throw new S3Error('BadDigest')
  return { body, checksum: checkedSum(body, { ...request.headers, ...trailers }) }
}

async function readAll(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of message as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > maxBytes) throw new S3Error('EntityTooLarge')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function unwrap(raw: Buffer, claimed: string): { body: Buffer; trailers: Record<string, string> } {
  if (claimed === 'STREAMING-UNSIGNED-PAYLOAD-TRAILER') return unchunk(raw)
  // Chunks that are each signed are not used by the SDK for JavaScript.
  if (claimed.startsWith('STREAMING-')) throw new S3Error('NotImplemented')
  const isHash = /^[0-9a-f]{64}$/.test(claimed)
  if (isHash && createHash('sha256').update(raw).digest('hex') !== claimed) {
    throw new S3Error('XAmzContentSHA256Mismatch')
  }
  if (!isHash && claimed !== 'UNSIGNED-PAYLOAD') throw new S3Error('InvalidArgument')
  return { body: raw, trailers: {} }
}

/** `SIZE-IN-HEX CRLF BYTES CRLF … 0 CRLF NAME:VALUE CRLF CRLF`. */
function unchunk(raw: Buffer): { body: Buffer; trailers: Record<string, string> } {
  const chunks: Buffer[] = []
  let at = 0
  for (;;) {
    const end = raw.indexOf('\r\n', at)
    const size = end < 0 ? '' : (raw.toString('latin1', at, end).split(';')[0] ?? '')
    if (!/^[0-9a-fA-F]{1,8}$/.test(size)) throw new S3Error('IncompleteBody')
    const length = Number.parseInt(size, 16)
    at = end + 2
    if (length === 0) break
    if (at + length + 2 > raw.length) throw new S3Error('IncompleteBody')
    chunks.push(raw.subarray(at, at + length))
    at += length + 2
  }
  const trailers: Record<string, string> = {}
  for (const line of raw.toString('latin1', at).split('\r\n')) {
    const colon = line.indexOf(':')
    if (colon > 0) trailers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim()
  }
  return { body: Buffer.concat(chunks), trailers }
}

function checkedSum(
  body: Buffer,
  headers: Record<string, string | string[] | undefined>,
): { header: string; value: string } | null {
  const sums: Record<string, () => string> = {
    'x-amz-checksum-crc32': () => {
      const bytes = Buffer.alloc(4)
      bytes.writeUInt32BE(crc32(body))
      return bytes.toString('base64')
    },
    'x-amz-checksum-sha1': () => digest('sha1', body),
    'x-amz-checksum-sha256': () => digest('sha256', body),
  }
  for (const [header, compute] of Object.entries(sums)) {
    const value = headers[header]
    if (typeof value !== 'string') continue
    if (compute() !== value) throw new S3Error('BadDigest')
    return { header, value }
  }
  return null
}

function digest(algorithm: string, body: Buffer): string {
  return createHash(algorithm).update(body).digest('base64')
}
