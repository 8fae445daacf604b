/**
 * A file as a blob. It is opened without following a link in its last part and without waiting for a FIFO's
 * other end, then looked at again: what stood in the listing may have been exchanged since.
 */
import { type FileHandle, open } from 'node:fs/promises'
import type { Blob, Place } from '../../model/blob.ts'
import { openFlags, openingError, readingError, specialFile } from './open-errors.ts'

const chunkSize = 256 * 1024

/** Opens a regular file. Throws `AppError`: `special_file` for anything else, `unreadable` with the reason. */
async function openFile(path: Buffer): Promise<FileHandle> {
  const file = await open(path, openFlags).catch((error: unknown) => {
    throw openingError(error)
  })
  const found = await file.stat()
  if (found.isFile()) return file
  await file.close()
  throw specialFile()
}

/**
 * The file at this path as a blob, opened already: an error comes up here, not in the middle of a scan.
 * @returns the blob, and `release`, which closes the file if nobody read it
 */
export async function fileBlob(
  path: Buffer,
  place: Place,
): Promise<{ blob: Blob; release: () => Promise<void> }> {
  let waiting: FileHandle | null = await openFile(path)
  const { size } = await waiting.stat()

  function takeOver(): FileHandle | null {
    const file = waiting
    waiting = null
    return file
  }

  async function* stream(signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const file = takeOver() ?? (await openFile(path))
    try {
      // Until the end, not until `size`: files of /proc say 0, and logs grow.
      for (let at = 0; ; ) {
        signal.throwIfAborted()
        const bytes = await readChunk(file, Buffer.allocUnsafe(chunkSize), at)
        if (bytes.length === 0) return
        at += bytes.length
        yield bytes
      }
    } finally {
      await file.close()
    }
  }

  async function read(start: number, end: number, signal: AbortSignal): Promise<Buffer> {
    signal.throwIfAborted()
    const file = await openFile(path)
    try {
      const bytes = Buffer.allocUnsafe(end - start)
      let filled = 0
      while (filled < bytes.length) {
        const part = await readChunk(file, bytes.subarray(filled), start + filled)
        if (part.length === 0) break
        filled += part.length
      }
      return bytes.subarray(0, filled)
    } finally {
      await file.close()
    }
  }

  return {
    blob: { place, size, contentId: null, open: stream, read },
    release: async () => takeOver()?.close(),
  }
}

async function readChunk(file: FileHandle, buffer: Buffer, at: number): Promise<Buffer> {
  try {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, at)
    return buffer.subarray(0, bytesRead)
  } catch (error) {
    throw readingError(error)
  }
}
