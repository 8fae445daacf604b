/**
 * Zstandard: the frames are taken apart here and their blocks, of 128 KiB at most, handed to fzstd one by one; so the
 * window is looked at before it is made, and no piece of input can stand for more than a block. Format: RFC 8878.
 */
import { Decompress } from 'fzstd'
import type { ByteReader } from './byte-reader.ts'
import { LimitReached } from './limits.ts'

const frameMagic = 0xfd2fb528

/** Throws `LimitReached` where a window is larger than `mostMemory`, and plain errors on damage. */
export async function* unzstd(reader: ByteReader, mostMemory: number): AsyncGenerator<Uint8Array> {
  for (let first = true; ; first = false) {
    const head = await reader.peek(8)
    if (head.length === 0 && !first) return
    if (head.length < 8) throw new Error('the zstd stream ends early')
    const magic = head.readUInt32LE(0)
    if (magic >>> 4 === 0x184d2a5) {
      const size = head.readUInt32LE(4)
      await reader.take(8)
      for await (const _ of reader.pieces(size));
    } else if (magic === frameMagic) yield* unpackFrame(reader, mostMemory)
    else throw new Error('the zstd stream is damaged')
  }
}

async function* unpackFrame(reader: ByteReader, mostMemory: number): AsyncGenerator<Uint8Array> {
  const { header, checksum } = await readHeader(reader, mostMemory)
  let out: Uint8Array[] = []
  const decoder = new Decompress((piece) => out.push(piece))
  decoder.push(header)
  for (let last = false; !last; ) {
    const head = (await reader.take(3)).readUIntLE(0, 3)
    last = (head & 1) === 1
    const kind = (head >> 1) & 3
    const body = await reader.take(kind === 1 ? 1 : head >> 3)
    const block = Buffer.alloc(3 + body.length)
    block.writeUIntLE(head, 0, 3)
    body.copy(block, 3)
    decoder.push(block)
    for (const piece of out) if (piece.length > 0) yield piece
    out = []
  }
  if (checksum) await reader.take(4)
}

/** The frame's header, with the bit for a checksum taken out: fzstd does not look at it, and would wait for it. */
async function readHeader(
  reader: ByteReader,
  mostMemory: number,
): Promise<{ header: Buffer; checksum: boolean }> {
  const flags = (await reader.peek(5))[4] ?? 0
  const single = (flags >> 5) & 1
  const dictionaryBytes = [0, 1, 2, 4][flags & 3] ?? 0
  const sizeBytes = flags >> 6 === 0 ? single : 1 << (flags >> 6)
  const header = Buffer.from(await reader.take(6 - single + dictionaryBytes + sizeBytes))
  const window = single === 1 ? contentSize(header, sizeBytes) : windowSize(header[5] ?? 0)
  if (window > mostMemory) {
    throw new LimitReached(
      `unpacking it would take more than ${mostMemory} bytes of memory; it was not read`,
      false,
    )
  }
  header[4] = flags & ~4
  return { header, checksum: (flags & 4) !== 0 }
}

function windowSize(code: number): number {
  const base = 2 ** (10 + (code >> 3))
  return base + (base / 8) * (code & 7)
}

function contentSize(header: Buffer, bytes: number): number {
  const at = header.length - bytes
  if (bytes === 8) return Number(header.readBigUInt64LE(at))
  return header.readUIntLE(at, bytes) + (bytes === 2 ? 256 : 0)
}
