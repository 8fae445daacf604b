/**
 * A blob that code search named: its bytes by object id, streamed raw under a cap, and, once it has hits, the
 * commit that brought it in. Archives among them are unpacked like everywhere else.
 */
import type { Blob, Place, SourceProblem } from '../../model/blob.ts'
import { AppError } from '../../model/errors.ts'
import type { ReadingTask } from '../../model/target.ts'
import type { OpenUnit } from '../../model/unit.ts'
import { unpackAll } from '../archive/unpack.ts'
import { askForStream } from './ask.ts'
import type { GithubDeps } from './client.ts'
import { toAppError } from './failure.ts'
import { parseFullName, quote, type RepositoryName } from './hosts.ts'
import { locateBlob } from './locate-blob.ts'

export type BlobTask = Extract<ReadingTask, { kind: 'github-blob' }>

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
  const blob: Blob = {
    place,
    size: null,
    contentId: task.blobSha,
    open: (signal) => readBlob(task, name, deps, signal),
  }
  return {
    blobs: (signal) => unpackAll(only(blob), deps.archive, signal),
    locate: (places, signal) => locateBlob(task, name, places, deps, signal),
    async close() {},
  }
}

async function* only(blob: Blob): AsyncGenerator<Blob | SourceProblem> {
  yield blob
}

async function* readBlob(
  task: BlobTask,
  name: RepositoryName,
  deps: GithubDeps,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const subject = `${task.repository}: ${task.path}`
  const stream = await askForStream(deps, {
    route: 'GET /repos/{owner}/{repo}/git/blobs/{file_sha}',
    params: { ...name, file_sha: task.blobSha, headers: { accept: 'application/vnd.github.raw+json' } },
    subject,
    signal,
  })
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

function tooLarge(subject: string, limit: number): AppError {
  return new AppError(
    'too_large',
    `${quote(subject)} is longer than the limit of ${limit} bytes; the rest is not read`,
  )
}
