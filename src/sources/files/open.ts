/**
 * Files and folders, and standard input, as units. A folder's working files are scanned, not the git objects
 * under `.git`: those are the history, which `git:PATH` reads.
 */
import { realpath, stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import type { Blob, Place, SourceProblem } from '../../model/blob.ts'
import { AppError } from '../../model/errors.ts'
import type { ReadingTask } from '../../model/target.ts'
import type { OpenUnit, UnitPart } from '../../model/unit.ts'
import type { ArchiveLimits } from '../archive/limits.ts'
import { cutFiles, sizeOf } from './cut-files.ts'
import { fileBlob } from './file-blob.ts'
import { shownPath } from './shown-path.ts'
import { join, pathBytes, textOf, walkFiles } from './walk.ts'

export interface FilesDeps {
  /** Paths to leave out, as they stand below the target `folder`; a folder goes with all it holds. Default: none. */
  excluded?: (path: string, folder: string) => boolean
  archive: ArchiveLimits
  /** Parts tell how many bytes their files have. Default: no, as it takes a system call for each. */
  measure?: boolean
}

/** After so many names whatever else waits in this thread has its turn: the walk is synchronous. */
const namesInTurn = 1024

/**
 * A file, or all files under a folder. A path that is itself a link is followed: it was named on purpose.
 * Throws `AppError`: `not_found`, `unreadable`.
 */
export async function openPath(task: ReadingTask & { kind: 'path' }, deps: FilesDeps): Promise<OpenUnit> {
  const excluded = (path: string): boolean => deps.excluded?.(path, task.path) ?? false
  const measure = deps.measure ?? false
  const target = task.path
  const root = await resolveRoot(target)

  async function* blobs(signal: AbortSignal): AsyncGenerator<Blob | SourceProblem> {
    if (!(await isFolder(root))) {
      yield* readFile(root, target)
      return
    }
    let names = 0
    for (const item of walkFiles(root, excluded)) {
      if (++names % namesInTurn === 0) await setImmediate()
      signal.throwIfAborted()
      if (typeof item === 'string') yield* readFile(join(root, item), shownPath(target, textOf(item)))
      else yield { ...item, subject: shownPath(target, item.subject) }
    }
  }

  async function* parts(signal: AbortSignal): AsyncGenerator<UnitPart | SourceProblem> {
    if (await isFolder(root)) yield* cutFiles({ root, target, excluded, measure }, signal)
    else yield { kind: 'files', root, target, paths: [''], bytes: measure ? sizeOf(root) : 0 }
  }

  return {
    blobs: (signal) => unpacked(blobs(signal), deps.archive, signal),
    parts,
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
    blobs: (signal) => unpacked(blobs(), deps.archive, signal),
    locate: asTheyAre,
    close: async () => {
      input.destroy()
    },
  }
}

/** With archives unpacked; what does that is loaded when there is something to look at. */
async function* unpacked(
  blobs: AsyncIterable<Blob | SourceProblem>,
  limits: ArchiveLimits,
  signal: AbortSignal,
): AsyncGenerator<Blob | SourceProblem> {
  const { unpackAll } = await import('../archive/unpack.ts')
  yield* unpackAll(blobs, limits, signal)
}

/** Files know their place from the start. */
async function asTheyAre(places: readonly Place[]): Promise<Place[][]> {
  return places.map((place) => [place])
}

/** The path that is meant, in Latin-1. */
async function resolveRoot(path: string): Promise<string> {
  try {
    return (await realpath(path, 'buffer')).toString('latin1')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new AppError('not_found', `no such file or folder: "${path}"`, { cause: error })
    }
    throw new AppError('unreadable', `cannot be read (${code}): "${path}"`, { cause: error })
  }
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(pathBytes(path))).isDirectory()
}

/** One file as a blob, or why it cannot be read. */
export async function* readFile(path: string, shown: string): AsyncGenerator<Blob | SourceProblem> {
  let opened: Awaited<ReturnType<typeof fileBlob>>
  try {
    opened = await fileBlob(pathBytes(path), { type: 'file', path: shown })
  } catch (error) {
    yield fileProblem(error, shown)
    return
  }
  try {
    yield opened.blob
  } finally {
    await opened.release()
  }
}

/** What to say of a file that could not be opened; anything that is no `AppError` is thrown on. */
function fileProblem(error: unknown, shown: string): SourceProblem {
  if (!(error instanceof AppError)) throw error
  const problem = error.code === 'special_file' ? 'skipped' : 'error'
  return { problem, code: error.code, subject: shown, message: error.message }
}
