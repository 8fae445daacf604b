/**
 * xz: LZMA2 in blocks with an index behind them, one stream or several. Sums of CRC-32 are checked; the others of the
 * format are passed over, since what is damaged is still worth a look. Format: xz-file-format 1.2.1.
 */
import { crc32 } from 'node:zlib'
import { AppError } from '../../model/errors.ts'
import type { ByteReader } from './byte-reader.ts'
import { unlzma2 } from './lzma-streams.ts'

/** Bytes of a block's sum by the number of its kind. */
const sumSizes = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64]
const magic = Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0])
const lzma2 = 0x21
/** Filters for machine code: they change jumps alone, never text. */
const branchFilters = { from: 0x04, to: 0x0b } as const

/** Throws `AppError` (archive_unsupported) for filters it has not, `LimitReached`, and plain errors on damage. */
export async function* unxz(reader: ByteReader, mostMemory: number): AsyncGenerator<Uint8Array> {
  do {
    const head = await reader.take(12)
    if (!head.subarray(0, 6).equals(magic) || head.readUInt32LE(8) !== crc32(head.subarray(6, 8)))
      throw damaged()
    yield* unpackBlocks(reader, head.readUInt8(7) & 15, mostMemory)
    await skipPadding(reader)
  } while ((await reader.peek(magic.length)).subarray(0, magic.length).equals(magic))
}

async function* unpackBlocks(
  reader: ByteReader,
  sumKind: number,
  mostMemory: number,
): AsyncGenerator<Uint8Array> {
  for (;;) {
    const first = (await reader.peek(1))[0]
    if (first === 0) return await skipIndex(reader)
    const dictionary = parseBlockHeader(await reader.take(((first ?? 0) + 1) * 4))
    const before = reader.used
    let sum = 0
    for await (const piece of unlzma2(reader, dictionary, mostMemory)) {
      if (sumKind === 1) sum = crc32(piece, sum)
      yield piece
    }
    await reader.take((4 - ((reader.used - before) % 4)) % 4)
    const stated = await reader.take(sumSizes[sumKind] ?? 0)
    if (sumKind === 1 && stated.readUInt32LE(0) !== sum) throw damaged()
  }
}

/** @returns bytes of the dictionary */
function parseBlockHeader(header: Buffer): number {
  const length = header.length - 4
  if (header.readUInt32LE(length) !== crc32(header.subarray(0, length))) throw damaged()
  const flags = header.readUInt8(1)
  const fields = new Varints(header.subarray(0, length), 2)
  if (flags & 0x40) fields.next()
  if (flags & 0x80) fields.next()
  for (let left = flags & 3; ; left--) {
    const id = fields.next()
    const properties = fields.bytes(fields.next())
    if (id === lzma2 && left === 0) return dictionarySize(properties[0] ?? 0xff)
    if (left === 0 || id < branchFilters.from || id > branchFilters.to) {
      throw new AppError(
        'archive_unsupported',
        `this xz stream uses the filter ${id}, which is not read; unpack it and scan the files`,
      )
    }
  }
}

/** From the byte that LZMA2 has for it. */
export function dictionarySize(code: number): number {
  if (code > 40) throw damaged()
  return code === 40 ? 0xffffffff : (2 | (code & 1)) * 2 ** ((code >> 1) + 11)
}

/** The index and the footer behind it, of which only the lengths count here. */
async function skipIndex(reader: ByteReader): Promise<void> {
  const before = reader.used
  await reader.take(1)
  const records = await nextVarint(reader)
  for (let record = 0; record < records; record++) {
    await nextVarint(reader)
    await nextVarint(reader)
  }
  await reader.take((4 - ((reader.used - before) % 4)) % 4)
  await reader.take(4 + 12)
}

async function nextVarint(reader: ByteReader): Promise<number> {
  const held = await reader.peek(9)
  const numbers = new Varints(held.subarray(0, 9), 0)
  const value = numbers.next()
  reader.skipHeld(numbers.at)
  return value
}

async function skipPadding(reader: ByteReader): Promise<void> {
  while ((await reader.peek(4)).length >= 4 && (await reader.peek(4)).readUInt32LE(0) === 0)
    reader.skipHeld(4)
}

/** Numbers in sevens of bits, the lowest first. */
class Varints {
  readonly #bytes: Buffer
  at: number

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes
    this.at = at
  }

  next(): number {
    let value = 0
    for (let shift = 0; shift < 9; shift++) {
      const byte = this.#bytes[this.at++]
      if (byte === undefined) throw damaged()
      value += (byte & 0x7f) * 2 ** (7 * shift)
      if (byte < 0x80) return value
    }
    throw damaged()
  }

  bytes(length: number): Buffer {
    const bytes = this.#bytes.subarray(this.at, this.at + length)
    if (bytes.length < length) throw damaged()
    this.at += length
    return bytes
  }
}

function damaged(): Error {
  return new Error('the xz stream is damaged')
}
