/** What is said of a file that cannot be opened or read, in whichever way it was tried. */
import { constants } from 'node:fs'
import { AppError } from '../../model/errors.ts'

/** Never follows a link in the last part of a path, nor waits for a FIFO's other end. */
// oxlint-disable-next-line no-bitwise
export const openFlags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK

/** `special_file` for what is no regular file, else `unreadable` with the reason. */
export function openingError(error: unknown): AppError {
  const code = codeOf(error)
  // What O_NOFOLLOW says of a link, and open of a socket or a device without a driver.
  if (code === 'ELOOP' || code === 'ENXIO' || code === 'ENODEV') return specialFile()
  return new AppError('unreadable', `cannot be read (${code})`, { cause: error })
}

export function readingError(error: unknown): AppError {
  return new AppError('unreadable', `could not be read to its end (${codeOf(error)})`, { cause: error })
}

export function specialFile(): AppError {
  return new AppError('special_file', 'not a regular file, which is not read')
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown error'
}
