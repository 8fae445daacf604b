/**
 * A file read synchronously: for a small one, three system calls cost less than one promise. As `file-blob.ts`, it
 * looks again at what it opened, since what stood in the listing may have been exchanged since.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { openFlags, openingError, readingError, specialFile } from './open-errors.ts'

export interface OpenFile {
  /** As stated: files of /proc say 0, and logs grow. */
  size: number
  /**
   * Goes on reading into `room` from `from` on, until it is full or the file ends. Answers up to where it is filled;
   * less than its length at the end of the file only.
   * @throws AppError `unreadable`
   */
  fill(room: Uint8Array, from: number): number
  close(): void
}

/** @throws AppError `special_file` for what is no regular file, `unreadable` with the reason */
export function openFile(path: string | Buffer): OpenFile {
  const file = open(path)
  try {
    const found = fstatSync(file)
    if (!found.isFile()) throw specialFile()
    let taken = 0
    return {
      size: found.size,
      fill(room, from) {
        let filled = from
        while (filled < room.length) {
          const got = read(file, room, filled)
          filled += got
          taken += got
          // A regular file comes as a whole, so that less than was asked for, at the stated end, is the end.
          if (got === 0 || (filled < room.length && taken >= found.size && found.size > 0)) break
        }
        return filled
      },
      close: () => closeSync(file),
    }
  } catch (error) {
    closeSync(file)
    throw error
  }
}

function open(path: string | Buffer): number {
  try {
    return openSync(path, openFlags)
  } catch (error) {
    throw openingError(error)
  }
}

function read(file: number, room: Uint8Array, at: number): number {
  try {
    return readSync(file, room, at, room.length - at, null)
  } catch (error) {
    throw readingError(error)
  }
}
