/**
 * Writes results: to standard output, or to a file that is there whole or not at all (written beside it, then
 * renamed). Devices and pipes named as a file are written into, since a rename would replace them.
 */
import { type FileHandle, open, realpath, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AppError } from '../model/errors.ts'

/**
 * Refuses a path that could not be written at the end, before an hour of scanning.
 * @param option name of the option it came with, for the message
 */
export async function checkWritable(path: string, option: string): Promise<void> {
  const there = await stat(path).catch(() => null)
  if (there?.isDirectory()) {
    throw new AppError('usage', `${option} ${JSON.stringify(path)} is a directory; name a file in it`)
  }
  if (there === null && !(await stat(dirname(path)).catch(() => null))?.isDirectory()) {
    throw new AppError(
      'usage',
      `${option} ${JSON.stringify(path)}: there is no directory ${JSON.stringify(dirname(path))}`,
    )
  }
}

/** @param mode of a new file, e.g. 0o600 where it holds credentials; the umask takes bits away from it */
export async function writeFileWhole(path: string, pieces: Iterable<string>, mode = 0o666): Promise<void> {
  try {
    const there = await stat(path).catch(() => null)
    if (there !== null && !there.isFile()) return await writePieces(await open(path, 'w'), pieces, false)
    // A link keeps pointing where it points; what is behind it is replaced.
    const target = there === null ? path : await realpath(path)
    // Not loaded by a scan that prints, where it would be a good part of the time to start.
    const { randomUUID } = await import('node:crypto')
    const draft = join(dirname(target), `.keyrecall-${randomUUID()}.tmp`)
    try {
      await writePieces(await open(draft, 'wx', mode), pieces, true)
      await rename(draft, target)
    } catch (error) {
      await rm(draft, { force: true })
      throw error
    }
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'unknown error'
    throw new AppError('unreadable', `${JSON.stringify(path)} could not be written (${reason})`, {
      cause: error,
    })
  }
}

async function writePieces(file: FileHandle, pieces: Iterable<string>, sync: boolean): Promise<void> {
  try {
    for (const piece of pieces) await file.write(piece)
    if (sync) await file.sync()
  } finally {
    await file.close()
  }
}

/**
 * Writes all pieces and waits until they are taken. A reader that went away (`| head`) is no error: it has what
 * it wanted.
 */
export async function writeStream(stream: NodeJS.WritableStream, pieces: Iterable<string>): Promise<void> {
  for (const piece of pieces) {
    const error = await new Promise<Error | null | undefined>((resolve) => {
      stream.write(piece, resolve)
    })
    if (error) {
      if ((error as NodeJS.ErrnoException).code === 'EPIPE') return
      throw new AppError('unreadable', 'the results could not be written to standard output', {
        cause: error,
      })
    }
  }
}
