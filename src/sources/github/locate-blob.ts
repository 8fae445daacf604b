/**
 * Who brought a blob in. GitHub lists the commits that touched a path, newest first; from the newest one that
 * holds this very blob we go back while it is still held, and the last of them is the commit to name. Bounded:
 * where the answer is not found in time no author is named, since a wrong one would be mailed.
 */
import { z } from 'zod'
import type { Place } from '../../model/blob.ts'
import { AppError } from '../../model/errors.ts'
import type { ReadingTask } from '../../model/target.ts'
import { ask } from './ask.ts'
import type { GithubDeps } from './client.ts'
import type { RepositoryName } from './hosts.ts'

type BlobTask = Extract<ReadingTask, { kind: 'github-blob' }>

const Commit = z.object({
  sha: z.string().regex(/^[0-9a-f]{40,64}$/),
  commit: z.object({
    author: z
      .object({ name: z.string().nullish(), email: z.string().nullish(), date: z.string().nullish() })
      .nullish(),
  }),
})
type Commit = z.infer<typeof Commit>
const CommitPage = z.array(Commit).max(100)
const Contents = z.union([z.object({ sha: z.string() }), z.array(z.unknown())])

/**
 * The places with commit and author, one list each. The API's refusals leave the places as they are; a rate
 * limit is thrown, so that the task is tried again later.
 */
export async function locateBlob(
  task: BlobTask,
  name: RepositoryName,
  places: readonly Place[],
  deps: GithubDeps,
  signal: AbortSignal,
): Promise<Place[][]> {
  const commit = places.length === 0 ? null : await findCommit(task, name, deps, signal)
  const found = commit === null ? {} : fieldsOf(commit)
  return places.map((place) => [{ ...place, ...found }])
}

async function findCommit(
  task: BlobTask,
  name: RepositoryName,
  deps: GithubDeps,
  signal: AbortSignal,
): Promise<Commit | null> {
  try {
    return await walkBack(task, name, deps, signal)
  } catch (error) {
    if (signal.aborted || !(error instanceof AppError) || error.code === 'rate_limited') throw error
    deps.log.warn(
      { repository: task.repository, blob: task.blobSha, code: error.code },
      'author of a blob not found',
    )
    return null
  }
}

async function walkBack(
  task: BlobTask,
  name: RepositoryName,
  deps: GithubDeps,
  signal: AbortSignal,
): Promise<Commit | null> {
  let introducer: Commit | null = null
  let looked = 0
  for await (const commit of commitsOf(task, name, deps, signal)) {
    // Cut off in the middle of a run: an older commit may be the one.
    if (looked++ === deps.limits.maxCommits) return null
    const held = await holdsBlob(task, name, commit.sha, deps, signal)
    if (held) introducer = commit
    else if (introducer !== null) break
  }
  return introducer
}

async function* commitsOf(
  task: BlobTask,
  name: RepositoryName,
  deps: GithubDeps,
  signal: AbortSignal,
): AsyncGenerator<Commit> {
  for (let page = 1; ; page++) {
    const { data, hasNext } = await ask(deps, {
      route: 'GET /repos/{owner}/{repo}/commits',
      params: { ...name, path: task.path, per_page: 100, page },
      schema: CommitPage,
      subject: `${task.repository}: ${task.path}`,
      signal,
    })
    yield* data
    if (!hasNext || data.length === 0) return
  }
}

async function holdsBlob(
  task: BlobTask,
  name: RepositoryName,
  ref: string,
  deps: GithubDeps,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const { data } = await ask(deps, {
      route: 'GET /repos/{owner}/{repo}/contents/{path}',
      params: { ...name, path: task.path, ref },
      schema: Contents,
      subject: `${task.repository}: ${task.path}`,
      signal,
    })
    return !Array.isArray(data) && data.sha === task.blobSha
  } catch (error) {
    // The commit that deleted the file touched the path too.
    if (error instanceof AppError && error.code === 'not_found') return false
    throw error
  }
}

function fieldsOf(commit: Commit): Partial<Place> {
  const author = commit.commit.author
  return {
    commit_sha: commit.sha,
    ...(author?.name ? { author_name: author.name.slice(0, 200) } : {}),
    ...(author?.email ? { author_email: author.email.slice(0, 320) } : {}),
    ...(author?.date ? { committed_at: author.date.slice(0, 40) } : {}),
  }
}
