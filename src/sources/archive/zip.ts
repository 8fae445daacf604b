/**
 * zip and all that is one (jar, docx, xlsx, whl, apk). Members are those of the central directory, as every
 * unpacker sees them. yauzl reads the directory only; inflating is done here, where it can be bounded.
 */
import { createInflateRaw } from 'node:zlib'
import * as yauzl from 'yauzl'
import { AppError } from '../../model/errors.ts'
import { throughDecoder } from './inflate.ts'
import { type Budget, boundMember, countMember, LimitReached } from './limits.ts'
import { type RandomAccess, rangeChunks } from './random-access.ts'

export interface ZipMember {
  name: string
  size: number
  /** Why it cannot be read; its bytes are then not there. */
  refused: AppError | null
  bytes: AsyncIterable<Uint8Array>
}

/**
 * Yields the members of a zip; each is to be read before the next is asked for.
 * Throws what the reading of `access` throws, `LimitReached`, or the errors of yauzl for a broken directory.
 */
export async function* zipMembers(access: RandomAccess, budget: Budget): AsyncGenerator<ZipMember> {
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
  const bytes =
    entry.compressionMethod === 8
      ? throughDecoder(packed(), createInflateRaw({ chunkSize: 64 * 1024 }))
      : packed()
  yield* boundMember(bytes, budget, () => used)
}

function refusal(entry: yauzl.Entry): AppError | null {
  // 99 is WinZip's AES (APPNOTE 4.4.5), which also sets the flag.
  if (entry.isEncrypted() || entry.compressionMethod === 99) {
    return new AppError(
      'archive_encrypted',
      'this member is encrypted and cannot be read without its password',
    )
  }
  if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8) {
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
