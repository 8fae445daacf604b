/**
 * gzip: one member without much of a name. Files of several gzip members one after the other, as log shippers
 * write them, read as one.
 */
import { createGunzip } from 'node:zlib'
import { throughDecoder } from './inflate.ts'

export function gunzip(packed: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  return throughDecoder(packed, createGunzip({ chunkSize: 64 * 1024 }))
}

/** RFC 1952 section 2.3: after ten bytes an extra field (flag 4), then the name (flag 8), ended by NUL. */
export function nameInHeader(head: Buffer): string | null {
  const flags = head[3] ?? 0
  if ((flags & 8) === 0) return null
  const start = (flags & 4) === 0 ? 10 : head.length < 12 ? head.length : 12 + head.readUInt16LE(10)
  const end = head.indexOf(0, start)
  if (end <= start) return null
  return head.toString('latin1', start, end)
}
