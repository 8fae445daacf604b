/**
 * Files and folders, and standard input, as units. A folder's working files are scanned, not the git objects
 * under `.git`: those are the history, which `git:PATH` reads.
 */
import { realpath, stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import type { Blob, Place, SourceProblem } from '../../model/blob.ts'
import { AppError } from '../../model/errors.ts'
import type { ReadingTask } from '../../model/target.ts'
import type { OpenUnit } from '../../model/unit.ts'
import type { ArchiveLimits } from '../archive/limits.ts'
import { unpackAll } from '../archive/unpack.ts'
import { fileBlob } from './file-blob.ts'
import { join, walkFiles } from './walk.ts'

export interface FilesDeps {
  /** Paths to leave out, as they stand below the target; a folder goes with all it holds. Default: none. */
  excluded?: (path: string) => boolean
  archive: ArchiveLimits
}

/**
 * A file, or all files under a folder. A path that is itself a link is followed: it was named on purpose.
 * Throws `AppError`: `not_found`, `unreadable`.
 */
export async function openPath(task: ReadingTask & { kind: 'path' }, deps: FilesDeps): Promise<OpenUnit> {
  const excluded = deps.excluded ?? (() => false)
  const root = await resolveRoot(task.path)

  async function* blobs(signal: AbortSignal): AsyncGenerator<Blob | SourceProblem> {
    if (!(await stat(root)).isDirectory()) {
      yield* readPath(Buffer.from(root), task.path)
      return
    }
    const folder = Buffer.from(root)
    for await (const item of walkFiles(folder, excluded, signal)) {
      if (Buffer.isBuffer(item))
        yield* readPath(join(folder, item), shownPath(task.path, item.toString('utf8')))
      else yield { ...item, subject: shownPath(task.path, item.subject) }
    }
  }

  return {
    blobs: (signal) => unpackAll(blobs(signal), deps.archive, signal),
    locate: asTheyAre,
    close: async () => {},
  }
}

/** Standard input, or any stream that can be read once, as one blob. */
export function openStdin(deps: Pick<FilesDeps, 'archive'>, input: Readable = process.stdin): OpenUnit {
  async function* blobs(): AsyncGenerator<Blob> {
    yield {
      place: { type: 'stdin', path: '-' },
      size: null,
      contentId: null,
      async *open() {
        for await (const chunk of input) yield chunk as Uint8Array
      },
    }
  }
  return {
    blobs: (signal) => unpackAll(blobs(), deps.archive, signal),
    locate: asTheyAre,
    close: async () => {
      input.destroy()
    },
  }
}

/** Files know their place from the start. */
async function asTheyAre(places: readonly Place[]): Promise<Place[][]> {
  return places.map((place) => [place])
}

async function resolveRoot(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new AppError('not_found', `no such file or folder: "${path}"`, { cause: error })
    }
    throw new AppError('unreadable', `cannot be read (${code}): "${path}"`, { cause: error })
  }
}

async function* readPath(path: Buffer, shown: string): AsyncGenerator<Blob | SourceProblem> {
  let opened: Awaited<ReturnType<typeof fileBlob>>
  try {
    opened = await fileBlob(path, { type: 'file', path: shown })
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const problem = error.code === 'special_file' ? 'skipped' : 'error'
    yield { problem, code: error.code, subject: shown, message: error.message }
    return
  }
  try {
    yield opened.blob
  } finally {
    await opened.release()
  }
}

/** As the person would write it: below what they named. */
function shownPath(given: string, below: string): string {
  const folder = given.replace(/^\.\/+(?=.)/, '').replace(/(?<=.)\/+$/, '')
  if (below === '' || folder === '.') return below || given
  return folder.endsWith('/') ? `${folder}${below}` : `${folder}/${below}`
}
