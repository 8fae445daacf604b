/**
 * A blob that code search named: its bytes by object id, streamed raw under a cap, and, once it has hits, the
 * commit that brought it in. Archives among them are unpacked like everywhere else.
 */
import type { Blob, Place, SourceProblem } from '../../model/blob.ts'
import { AppError, asAppError } from '../../model/errors.ts'
import type { ReadingTask } from '../../model/target.ts'
import type { OpenUnit } from '../../model/unit.ts'
import { unpackAll } from '../archive/unpack.ts'
import { askForStream } from './ask.ts'
import type { GithubDeps } from './client.ts'
import { toAppError } from './failure.ts'
import { parseFullName, quote, type RepositoryName } from './hosts.ts'
import { locateBlob } from './locate-blob.ts'

type BlobTask = Extract<ReadingTask, { kind: 'github-blob' }>

/** @throws AppError `invalid_input` for a repository name or object id that cannot be one */
export async function openGithubBlob(task: BlobTask, deps: GithubDeps): Promise<OpenUnit> {
  const name = parseFullName(task.repository)
  if (name === null || !/^[0-9a-f]{40,64}$/.test(task.blobSha)) {
    throw new AppError(
      'invalid_input',
      `${quote(task.repository)} with ${quote(task.blobSha)} is not a blob on GitHub`,
    )
  }
  const place: Place = {
    type: 'github_blob',
    path: task.path,
    repository: task.repository,
    blob_sha: task.blobSha,
    url: task.url,
    public: task.public,
  }
  return {
    blobs: (signal) => blobOf(task, name, place, deps, signal),
    locate: (places, signal) => locateBlob(task, name, places, deps, signal),
    async close() {},
  }
}

/** Asked for before unpacking begins, so that a limit or an outage fails the task, to be tried again, and not the blob. */
async function* blobOf(
  task: BlobTask,
  name: RepositoryName,
  place: Place,
  deps: GithubDeps,
  signal: AbortSignal,
): AsyncGenerator<Blob | SourceProblem> {
  let begun: AsyncIterable<Uint8Array> | null
  try {
    begun = await startStream(task, name, deps, signal)
  } catch (error) {
    const failure = asAppError(error)
    if (signal.aborted || failure.retryable) throw failure
    yield { problem: 'error', code: failure.code, subject: subjectOf(task), message: failure.message }
    return
  }
  const blob: Blob = {
    place,
    size: null,
    contentId: task.blobSha,
    async *open(signal) {
      const stream = begun ?? (await startStream(task, name, deps, signal))
      begun = null
      yield* bounded(stream, subjectOf(task), deps)
    },
  }
  yield* unpackAll(only(blob), deps.archive, signal)
}

async function* only(blob: Blob): AsyncGenerator<Blob | SourceProblem> {
  yield blob
}

function startStream(
  task: BlobTask,
  name: RepositoryName,
  deps: GithubDeps,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  return askForStream(deps, {
    route: 'GET /repos/{owner}/{repo}/git/blobs/{file_sha}',
    params: { ...name, file_sha: task.blobSha, headers: { accept: 'application/vnd.github.raw+json' } },
    subject: subjectOf(task),
    signal,
  })
}

async function* bounded(
  stream: AsyncIterable<Uint8Array>,
  subject: string,
  deps: GithubDeps,
): AsyncGenerator<Uint8Array> {
  let size = 0
  try {
    for await (const chunk of stream) {
      size += chunk.length
      if (size > deps.limits.maxBlobBytes) throw tooLarge(subject, deps.limits.maxBlobBytes)
      yield chunk
    }
  } catch (error) {
    throw toAppError(error, subject, deps.scrub)
  }
}

function subjectOf(task: BlobTask): string {
  return `${task.repository}: ${task.path}`
}

function tooLarge(subject: string, limit: number): AppError {
  return new AppError(
    'too_large',
    `${quote(subject)} is longer than the limit of ${limit} bytes; the rest is not read`,
  )
}
