/**
 * zip and all that is one (jar, docx, xlsx, whl, apk). Members are those of the central directory, as every
 * unpacker sees them. yauzl reads the directory only; inflating is done here, where it can be bounded.
 */
import { createInflateRaw } from 'node:zlib'
import * as yauzl from 'yauzl'
import { AppError } from '../../model/errors.ts'
import { type ByteReader, withReader } from './byte-reader.ts'
import { bunzip2 } from './bzip2.ts'
import { throughDecoder } from './inflate.ts'
import { type Budget, boundMember, countMember, LimitReached } from './limits.ts'
import { unlzma } from './lzma-streams.ts'
import type { PackedMember } from './members.ts'
import { type RandomAccess, rangeChunks } from './random-access.ts'
import { unxz } from './xz.ts'

/**
 * Yields the members of a zip; each is to be read before the next is asked for.
 * Throws what the reading of `access` throws, `LimitReached`, or the errors of yauzl for a broken directory.
 */
export async function* zipMembers(access: RandomAccess, budget: Budget): AsyncGenerator<PackedMember> {
  const zip = await yauzl.fromRandomAccessReaderPromise(new Reader(access), access.size, {
    // Names are labels here; strict ones would refuse the whole archive for one `../`.
    decodeStrings: false,
    // Sizes are claims; the budget counts what comes out.
    validateEntrySizes: false,
    autoClose: false,
  })
  // A read still under way when the reader stops may fail with nobody listening.
  zip.on('error', () => {})
  let claimed = 0
  try {
    for await (const entry of zip.eachEntry()) {
      countMember(budget)
      claimed += entry.compressedSize
      // Members that share bytes are the one way to claim more than there is: the overlapping zip bomb.
      if (claimed > access.size) throw new LimitReached('its members overlap; the rest was not read', false)
      const name = entryName(entry)
      if (name.endsWith('/')) continue
      yield {
        name,
        size: entry.uncompressedSize,
        refused: refusal(entry),
        bytes: memberBytes(zip, entry, access, budget),
      }
    }
  } finally {
    zip.close()
  }
}

async function* memberBytes(
  zip: yauzl.ZipFile,
  entry: yauzl.Entry,
  access: RandomAccess,
  budget: Budget,
): AsyncGenerator<Uint8Array> {
  const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true })
  let used = 0
  async function* packed(): AsyncGenerator<Uint8Array> {
    for await (const chunk of rangeChunks(access, fileDataStart, fileDataStart + entry.compressedSize)) {
      used += chunk.length
      yield chunk
    }
  }
  const unpack = methods[entry.compressionMethod] ?? stored
  yield* boundMember(unpack(packed(), entry, budget.limits.maxMemoryBytes), budget, () => used)
}

type Method = (
  packed: AsyncGenerator<Uint8Array>,
  entry: yauzl.Entry,
  mostMemory: number,
) => AsyncGenerator<Uint8Array>

/** By their numbers (APPNOTE 4.4.5). */
const methods: Readonly<Record<number, Method>> = {
  0: stored,
  8: (packed) => throughDecoder(packed, createInflateRaw({ chunkSize: 64 * 1024 })),
  12: (packed) => withReader(packed, bunzip2),
  14: (packed, entry, most) => withReader(packed, (reader) => unzipLzma(reader, entry, most)),
  93: async function* (packed, _, most) {
    const { unzstd } = await import('./zstd.ts')
    yield* withReader(packed, (reader) => unzstd(reader, most))
  },
  95: (packed, _, most) => withReader(packed, (reader) => unxz(reader, most)),
}

function stored(packed: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  return packed
}

/** Two bytes of a version, two of a length, then the properties; a flag says whether there is an end mark. */
async function* unzipLzma(
  reader: ByteReader,
  entry: yauzl.Entry,
  mostMemory: number,
): AsyncGenerator<Uint8Array> {
  const length = (await reader.take(4)).readUInt16LE(2)
  const properties = await reader.take(length)
  const size = entry.generalPurposeBitFlag & 2 ? null : entry.uncompressedSize
  yield* unlzma(reader, properties, size, mostMemory)
}

function refusal(entry: yauzl.Entry): AppError | null {
  // 99 is WinZip's AES (APPNOTE 4.4.5), which also sets the flag.
  if (entry.isEncrypted() || entry.compressionMethod === 99) {
    return new AppError(
      'archive_encrypted',
      'this member is encrypted and cannot be read without its password',
    )
  }
  if (!methods[entry.compressionMethod]) {
    return new AppError(
      'archive_unsupported',
      `this member is packed by method ${entry.compressionMethod}, which is not read; unpack it and scan the files`,
    )
  }
  return null
}

/** The name as text. With `decodeStrings: false` yauzl leaves bytes in a field its types call a string. */
function entryName(entry: yauzl.Entry): string {
  return yauzl.getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, false)
}

class Reader extends yauzl.RandomAccessReader {
  readonly #access: RandomAccess

  constructor(access: RandomAccess) {
    super()
    this.#access = access
  }

  override read(buffer: Buffer, offset: number, length: number, position: number, callback: Callback): void {
    void this.#answer(buffer.subarray(offset, offset + length), position, callback)
  }

  async #answer(target: Buffer, position: number, callback: Callback): Promise<void> {
    let problem: Error | null = null
    try {
      const bytes = await this.#access.bytes(position, position + target.length)
      if (bytes.copy(target) < target.length) problem = new Error('unexpected end of file')
    } catch (error) {
      problem = error as Error
    }
    try {
      callback(problem)
    } catch (error) {
      // yauzl stumbled over the bytes. Thrown from here it would end the process.
      this.emit('error', error)
    }
  }
}

type Callback = (error: Error | null) => void
