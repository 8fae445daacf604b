/**
 * Random access for zip, from memory or by range. Ranges are read in aligned blocks of 1 MiB of which the last
 * few are kept: a zip's directory is read in steps of 46 bytes, and each must not become a request to S3.
 */
export interface RandomAccess {
  size: number
  /** Bytes from `start` up to `end`, exclusive; fewer at the end of the file. */
  bytes(start: number, end: number): Promise<Buffer>
}

const blockSize = 1024 * 1024
/** One under the directory, one under the member being read, two for what lies across their edges. */
const blocksKept = 4

export function accessMemory(memory: Buffer): RandomAccess & { memory: Buffer } {
  return { memory, size: memory.length, bytes: async (start, end) => memory.subarray(start, end) }
}

export function accessRanges(
  read: (start: number, end: number) => Promise<Buffer>,
  size: number,
): RandomAccess {
  const kept = new Map<number, Buffer>()

  async function block(index: number): Promise<Buffer> {
    const start = index * blockSize
    const bytes = kept.get(index) ?? (await read(start, Math.min(start + blockSize, size)))
    // Put back at the end: the first key is the one longest unused.
    kept.delete(index)
    kept.set(index, bytes)
    for (const oldest of kept.keys()) {
      if (kept.size <= blocksKept) break
      kept.delete(oldest)
    }
    return bytes
  }

  return {
    size,
    async bytes(start, end) {
      const parts: Buffer[] = []
      const stop = Math.min(end, size)
      for (let at = start; at < stop; ) {
        const offset = at % blockSize
        const part = (await block(Math.floor(at / blockSize))).subarray(offset, offset + stop - at)
        if (part.length === 0) break
        parts.push(part)
        at += part.length
      }
      return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts)
    },
  }
}

/** The bytes of a range in chunks of at most 256 KiB; ends early where the file does. */
export async function* rangeChunks(
  access: RandomAccess,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array> {
  for (let at = start; at < end; ) {
    const chunk = await access.bytes(at, Math.min(at + 256 * 1024, end))
    if (chunk.length === 0) return
    at += chunk.length
    yield chunk
  }
}
