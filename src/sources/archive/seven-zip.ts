/**
 * 7z: members in the order in which they are packed together, unpacked as they are read. LZMA, LZMA2, bzip2, deflate,
 * Zstandard and what is only stored; what is encrypted or packed otherwise is told, member by member.
 */
import { createInflateRaw } from 'node:zlib'
import { AppError } from '../../model/errors.ts'
import { ByteReader, withReader } from './byte-reader.ts'
import { bunzip2 } from './bzip2.ts'
import { throughDecoder } from './inflate.ts'
import { type Budget, boundMember, countMember, LimitReached } from './limits.ts'
import { unlzma, unlzma2 } from './lzma-streams.ts'
import type { PackedMember } from './members.ts'
import { type RandomAccess, rangeChunks } from './random-access.ts'
import { type Coder, type Folder, parseHeader, type SevenZipHeader } from './seven-zip-header.ts'
import { dictionarySize } from './xz.ts'
import { unzstd } from './zstd.ts'

/** A header for a hundred thousand files takes a few megabytes. */
const longestHeader = 32 * 1024 * 1024
/** Filters for machine code: they change jumps alone, so text goes through as it is. */
const branchFilters = /^(?:0303|0[4-9a]$|3f)/
const encryption = /^06f107/

/** Throws `LimitReached`, `AppError` for an encrypted header, or plain errors for a broken one. */
export async function* sevenZipMembers(access: RandomAccess, budget: Budget): AsyncGenerator<PackedMember> {
  const header = await readHeader(access, budget)
  const names = header.names.filter((name) => name !== null)
  let named = 0
  let stream = 0
  let at = header.packedAt
  for (const folder of header.folders) {
    const packed = header.packedSizes[stream] ?? 0
    const refused = refusal(folder)
    const from = at
    for (let i = 0; i < folder.packedStreams; i++) at += header.packedSizes[stream++] ?? 0
    const own = folder.files.map((size) => ({ size, name: names[named++] ?? '' }))
    if (refused) {
      for (const { name, size } of own) {
        countMember(budget)
        yield { name, size, refused, bytes: nothing() }
      }
      continue
    }
    yield* folderMembers(
      own,
      unpackFolder(folder, rangeChunks(access, from, from + packed), budget),
      packed,
      budget,
    )
  }
}

async function* folderMembers(
  own: readonly { size: number; name: string }[],
  unpacked: AsyncGenerator<Uint8Array>,
  packed: number,
  budget: Budget,
): AsyncGenerator<PackedMember> {
  const reader = new ByteReader(unpacked)
  try {
    for (const { name, size } of own) {
      countMember(budget)
      const before = reader.used
      if (size > 0) {
        // Files packed together share their input, so the whole of it is held against each.
        yield { name, size, refused: null, bytes: boundMember(reader.pieces(size), budget, () => packed) }
      }
      // What was not read of it lies before the next one.
      const left = size - (reader.used - before)
      if (left > 0) for await (const _ of boundMember(reader.pieces(left), budget, () => packed));
    }
  } finally {
    await reader.close()
  }
}

async function readHeader(access: RandomAccess, budget: Budget): Promise<SevenZipHeader> {
  const head = await access.bytes(0, 32)
  if (head.length < 32) throw new Error('the 7z archive ends early')
  let bytes = await headerBytes(access, 32 + number64(head, 12), number64(head, 20))
  // An encoded header may hold another one, which no program writes more than once.
  for (let level = 0; level < 4; level++) {
    if (bytes.length === 0) return { packedAt: 0, packedSizes: [], folders: [], names: [] }
    const { encoded, header } = parseHeader(bytes)
    if (!encoded) return header
    const [folder] = header.folders
    if (!folder) throw new Error('the header of the 7z archive is damaged')
    const refused = refusal(folder)
    if (refused) throw refused
    const packed = rangeChunks(access, header.packedAt, header.packedAt + (header.packedSizes[0] ?? 0))
    bytes = await gather(unpackFolder(folder, packed, budget))
  }
  throw new Error('the header of the 7z archive is damaged')
}

async function headerBytes(access: RandomAccess, start: number, length: number): Promise<Buffer> {
  if (length > longestHeader) throw new LimitReached('its list of files is too long; it was not read', false)
  const bytes = await access.bytes(start, start + length)
  if (bytes.length < length) throw new Error('the 7z archive ends early')
  return bytes
}

async function gather(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of bytes) {
    length += part.length
    if (length > longestHeader)
      throw new LimitReached('its list of files is too long; it was not read', false)
    parts.push(part)
  }
  return Buffer.concat(parts)
}

function number64(bytes: Buffer, at: number): number {
  return Number(bytes.readBigUInt64LE(at))
}

function refusal({ coders, packedStreams }: Folder): AppError | null {
  const methods = coders?.map(({ method }) => method)
  if (methods?.some((method) => encryption.test(method))) {
    return new AppError('archive_encrypted', 'it is encrypted and cannot be read without its password')
  }
  const unknown = methods?.find((method) => !decoders[method] && !branchFilters.test(method))
  if (methods !== undefined && packedStreams === 1 && unknown === undefined) return null
  return new AppError(
    'archive_unsupported',
    `this member is packed by ${unknown === undefined ? 'several methods together' : `method ${unknown}`}, which is not read; unpack it and scan the files`,
  )
}

type Decoder = (
  packed: AsyncIterable<Uint8Array>,
  properties: Buffer,
  size: number,
  mostMemory: number,
) => AsyncGenerator<Uint8Array>

const decoders: Readonly<Record<string, Decoder>> = {
  '00': (packed) => passed(packed),
  '21': (packed, properties, _, most) =>
    withReader(packed, (reader) => unlzma2(reader, dictionarySize(properties[0] ?? 0xff), most)),
  '030101': (packed, properties, size, most) =>
    withReader(packed, (reader) => unlzma(reader, properties, size, most)),
  '040108': (packed) => throughDecoder(packed, createInflateRaw({ chunkSize: 64 * 1024 })),
  '040202': (packed) => withReader(packed, bunzip2),
  '04f71101': (packed, _, __, most) => withReader(packed, (reader) => unzstd(reader, most)),
}

function unpackFolder(
  folder: Folder,
  packed: AsyncIterable<Uint8Array>,
  budget: Budget,
): AsyncGenerator<Uint8Array> {
  const size = folder.sizes[folder.outputOf] ?? 0
  const coders: readonly Coder[] = folder.coders ?? []
  let bytes = passed(packed)
  for (const { method, properties } of [...coders].reverse()) {
    const decode = decoders[method]
    // Filters keep the length; so all outputs of a chain are as long as the last.
    if (decode) bytes = decode(bytes, properties, size, budget.limits.maxMemoryBytes)
  }
  return bytes
}

async function* passed(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* bytes
}

// oxlint-disable-next-line require-yield
async function* nothing(): AsyncGenerator<Uint8Array> {}
