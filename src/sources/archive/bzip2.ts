/**
 * bzip2, block by block: at most 900,000 bytes before the last step, whose runs are written out in pieces, so that a
 * block of a few bytes that stands for 46 MB costs no memory. Format: bzip2's sources; there is no other description.
 */
import type { ByteReader } from './byte-reader.ts'
import { Truncated } from './byte-reader.ts'
import { BitReader, readBlockSymbols } from './bzip2-block.ts'

/** Compressed blocks are hardly longer than this; longer ones are tried again with more. */
const usualBlock = 1_200_000
/** No block of 900,000 symbols of 20 bits and its tables is longer. */
const longestBlock = 3_000_000
const pieceSize = 64 * 1024

/** The bytes of one bzip2 stream or several, one behind the other. Throws on damage. */
export async function* bunzip2(reader: ByteReader): AsyncGenerator<Uint8Array> {
  for (let first = true; ; first = false) {
    const head = await reader.peek(4)
    if (!first && head.subarray(0, 3).toString('latin1') !== 'BZh') return
    const level = (await reader.take(4)).readUInt8(3) - 0x30
    if (level < 1 || level > 9) throw new Error('a bzip2 stream of an unknown kind')
    yield* unpackStream(reader, level * 100_000)
  }
}

/** Blocks begin at any bit, so what is left of a byte goes over to the next block. */
async function* unpackStream(reader: ByteReader, blockSize: number): AsyncGenerator<Uint8Array> {
  const symbols = new Uint32Array(blockSize)
  for (let bit = 0; ; ) {
    const block = await readBlock(reader, bit, symbols)
    reader.skipHeld(Math.floor(block.endBit / 8))
    bit = block.endBit % 8
    if (block.last) {
      if (bit > 0) await reader.take(1)
      return
    }
    yield* undoRuns(symbols, block.count, block.origin, block.crc)
  }
}

interface Block {
  last: boolean
  /** Bits from the start of what the reader holds. */
  endBit: number
  count: number
  origin: number
  crc: number
}

async function readBlock(reader: ByteReader, bit: number, symbols: Uint32Array): Promise<Block> {
  for (let wanted = usualBlock; ; wanted = longestBlock) {
    const held = await reader.peek(wanted)
    const bits = new BitReader(held, bit)
    try {
      return parseBlock(bits, symbols)
    } catch (error) {
      // Less than was asked for is all there is.
      if (!(error instanceof Truncated) || held.length < wanted || wanted === longestBlock) throw error
    }
  }
}

function parseBlock(bits: BitReader, symbols: Uint32Array): Block {
  const magic = bits.read(24) * 0x1000000 + bits.read(24)
  const crc = bits.read(16) * 0x10000 + bits.read(16)
  // The sum of the whole stream is not looked at: each block has its own.
  if (magic === 0x177245385090) return { last: true, endBit: bits.position, count: 0, origin: 0, crc }
  if (magic !== 0x314159265359) throw new Error('a bzip2 block is damaged')
  if (bits.read(1) === 1) throw new Error('bzip2 blocks from before 1997 are not read')
  const origin = bits.read(24)
  const count = readBlockSymbols(bits, symbols)
  if (origin >= count) throw new Error('a bzip2 block is damaged')
  return { last: false, endBit: bits.position, count, origin, crc }
}

/** Burrows and Wheeler's transform and the first run-length coding taken back. */
function* undoRuns(symbols: Uint32Array, count: number, origin: number, crc: number): Generator<Uint8Array> {
  linkPredecessors(symbols, count)
  let out = Buffer.allocUnsafe(pieceSize)
  let length = 0
  let sum = 0xffffffff
  let previous = -1
  let run = 0
  let at = (symbols[origin] ?? 0) >>> 8
  for (let i = 0; i < count; i++) {
    const entry = symbols[at] ?? 0
    const byte = entry & 0xff
    at = entry >>> 8
    let times = 1
    if (run === 4) {
      times = byte
      run = 0
    } else if (byte === previous) run++
    else {
      previous = byte
      run = 1
    }
    for (let left = times; left > 0; left--) {
      out[length++] = previous
      sum = ((sum << 8) ^ (crcTable[((sum >>> 24) ^ previous) & 0xff] ?? 0)) >>> 0
      if (length === pieceSize) {
        yield out
        out = Buffer.allocUnsafe(pieceSize)
        length = 0
      }
    }
  }
  if (length > 0) yield out.subarray(0, length)
  if (~sum >>> 0 !== crc >>> 0) throw new Error('a bzip2 block has a wrong checksum')
}

/** Each entry holds a byte and, above it, the place of the entry that follows. */
function linkPredecessors(symbols: Uint32Array, count: number): void {
  const starts = new Uint32Array(256)
  for (let i = 0; i < count; i++) {
    const byte = (symbols[i] ?? 0) & 0xff
    starts[byte] = (starts[byte] ?? 0) + 1
  }
  let total = 0
  for (let byte = 0; byte < 256; byte++) {
    const times = starts[byte] ?? 0
    starts[byte] = total
    total += times
  }
  for (let i = 0; i < count; i++) {
    const byte = (symbols[i] ?? 0) & 0xff
    const place = starts[byte] ?? 0
    starts[byte] = place + 1
    symbols[place] = ((symbols[place] ?? 0) & 0xff) | (i << 8)
  }
}

/** CRC-32 from the highest bit down, as bzip2 has it; zlib's goes the other way. */
const crcTable = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index << 24
  for (let bit = 0; bit < 8; bit++) value = value & 0x80000000 ? (value << 1) ^ 0x04c11db7 : value << 1
  return value >>> 0
})
