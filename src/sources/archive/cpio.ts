/** cpio in its portable forms (`newc`, with or without sums, and `odc`), and rpm, which wraps a compressed one. */
import type { ByteReader } from './byte-reader.ts'
import { type Budget, boundMember, countMember } from './limits.ts'
import type { PackedMember } from './members.ts'

const longestName = 64 * 1024
/** Type bits of a mode, and those of a plain file. */
const typeBits = 0o170000
const plainFile = 0o100000

interface Header {
  mode: number
  nameLength: number
  size: number
  /** Name and content are filled up to a multiple of this. */
  align: 1 | 4
  length: number
}

/** Throws plain errors where a header is none. */
export async function* cpioMembers(reader: ByteReader, budget: Budget): AsyncGenerator<PackedMember> {
  for (;;) {
    const header = await readHeader(reader)
    const name = (await reader.take(header.nameLength)).toString('utf8').replace(/\0.*$/s, '')
    await reader.take(padding(header.length + header.nameLength, header.align))
    if (name === 'TRAILER!!!') return
    const before = reader.used
    if (header.size > 0 && (header.mode & typeBits) === plainFile) {
      countMember(budget)
      const bytes = boundMember(reader.pieces(header.size), budget, () => reader.used - before)
      yield { name, size: header.size, refused: null, bytes }
    }
    for await (const _ of reader.pieces(header.size - (reader.used - before)));
    await reader.take(padding(header.size, header.align))
  }
}

async function readHeader(reader: ByteReader): Promise<Header> {
  const magic = (await reader.peek(6)).toString('latin1', 0, 6)
  const old = magic === '070707'
  if (!old && !/^07070[12]$/.test(magic)) throw new Error('the cpio archive is damaged')
  const length = old ? 76 : 110
  const text = (await reader.take(length)).toString('latin1')
  const field = old
    ? (at: number, digits: number) => Number.parseInt(text.slice(at, at + digits), 8)
    : (at: number) => Number.parseInt(text.slice(at, at + 8), 16)
  const header: Header = old
    ? { mode: field(18, 6), nameLength: field(59, 6), size: field(65, 11), align: 1, length }
    : { mode: field(14, 8), nameLength: field(94, 8), size: field(54, 8), align: 4, length }
  const { mode, nameLength, size } = header
  if (![mode, nameLength, size].every(Number.isSafeInteger) || nameLength > longestName) {
    throw new Error('the cpio archive is damaged')
  }
  return header
}

function padding(length: number, align: number): number {
  return (align - (length % align)) % align
}

/** The compressed cpio of an rpm, behind its lead and two headers. */
export async function* rpmMembers(reader: ByteReader, budget: Budget): AsyncGenerator<PackedMember> {
  await reader.take(96)
  const signature = await skipHeader(reader)
  await reader.take((8 - (signature % 8)) % 8)
  await skipHeader(reader)
  countMember(budget)
  const before = reader.used
  const bytes = boundMember(reader.rest(), budget, () => reader.used - before)
  yield { name: 'payload', size: null, refused: null, bytes }
}

/** @returns its length */
async function skipHeader(reader: ByteReader): Promise<number> {
  const head = await reader.take(16)
  if (head.readUIntBE(0, 3) !== 0x8eade8) throw new Error('the rpm package is damaged')
  const length = head.readUInt32BE(8) * 16 + head.readUInt32BE(12)
  for await (const _ of reader.pieces(length));
  return 16 + length
}
