/**
 * gzip: one member without much of a name. Files of several gzip members one after the other, as log shippers
 * write them, read as one.
 */
import { createGunzip } from 'node:zlib'
import { throughDecoder } from './inflate.ts'
import { type Budget, boundMember, countMember } from './limits.ts'

export interface GzipMember {
  name: string
  bytes: AsyncIterable<Uint8Array>
}

/**
 * @param head first bytes of the file, for the name in them
 * @param path name of the file itself, for when there is none
 */
export function gzipMember(
  packed: AsyncIterable<Uint8Array>,
  head: Buffer,
  path: string,
  budget: Budget,
): GzipMember {
  countMember(budget)
  let used = 0
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of packed) {
      used += chunk.length
      yield chunk
    }
  }
  const decoder = createGunzip({ chunkSize: 64 * 1024 })
  return {
    name: nameInHeader(head) ?? nameFromPath(path),
    bytes: boundMember(throughDecoder(counted(), decoder), budget, () => used),
  }
}

/** RFC 1952 section 2.3: after ten bytes an extra field (flag 4), then the name (flag 8), ended by NUL. */
function nameInHeader(head: Buffer): string | null {
  const flags = head[3] ?? 0
  if ((flags & 8) === 0) return null
  const start = (flags & 4) === 0 ? 10 : head.length < 12 ? head.length : 12 + head.readUInt16LE(10)
  const end = head.indexOf(0, start)
  if (end <= start) return null
  return head.toString('latin1', start, end)
}

function nameFromPath(path: string): string {
  const base = path.slice(path.lastIndexOf('/') + 1)
  if (/\.tgz$/i.test(base)) return `${base.slice(0, -4)}.tar`
  return base.replace(/\.gz$/i, '') || 'data'
}
