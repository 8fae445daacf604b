/**
 * Finds where blobs with hits stand: for each path that ever held one, the first commit that put it there. One
 * walk over the history for all of them, parents before children, so the first meeting is the answer. Commits
 * no ref leads to (dropped stashes, what a force-push left behind) are walked only for blobs not met before.
 *
 * Merges are compared with all parents at once (`-c`): a path a merge took from one parent is in that parent's
 * history already, one it changed itself differs from all.
 */
import { type Child, startChild, writeWhileOpen } from '../../base/child.ts'
import type { Place } from '../../model/blob.ts'
import { AppError } from '../../model/errors.ts'
import { createByteReader } from './byte-reader.ts'
import { isoTime } from './object-text.ts'
import { type LoggedCommit, rawLogFormat, readRawLog } from './raw-log.ts'
import type { Repository } from './repository.ts'

/** Paths told for one blob; a generated tree can hold one blob at a million. */
const maxPaths = 1000

/** Where one blob stands: what a `Place` says about it. */
export type Location = Pick<Place, 'path' | 'commit_sha' | 'author_name' | 'author_email' | 'committed_at'>

const walk = [
  'log',
  '--date-order',
  '--reverse',
  '--root',
  '-c',
  '--raw',
  '-z',
  '--no-renames',
  '--no-abbrev',
  '--no-relative',
  // Order files and signature checks can be asked for by the repository's own config.
  '-O/dev/null',
  '--no-show-signature',
  '--no-notes',
  '--no-ext-diff',
  '--no-textconv',
  '--no-color',
  '--ignore-missing',
  '--use-mailmap',
  '--encoding=UTF-8',
  rawLogFormat,
]

/**
 * The places of each blob by its id, in the order of their paths; a blob no commit holds is not in the map.
 * @param timeoutMs bound of each of the two walks
 */
export async function locateBlobs(
  repository: Repository,
  blobs: ReadonlySet<string>,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Map<string, Location[]>> {
  const found = new Map<string, Map<string, LoggedCommit>>()
  const reachable = startChild({
    ...repository.command('walk the history', [...walk, '--all', '--']),
    timeoutMs,
    signal,
  })
  reachable.stdin.end()
  await collect(reachable, blobs, found)

  const missing = new Set([...blobs].filter((blob) => !found.has(blob)))
  if (missing.size > 0) {
    const lost = startChild({
      ...repository.command('walk the unreachable history', [...walk, '--stdin', '--not', '--all', '--']),
      timeoutMs,
      signal,
    })
    await Promise.all([nameLostCommits(lost, repository, signal), collect(lost, missing, found)])
  }
  return new Map([...found].map(([blob, paths]) => [blob, inOrder(paths)]))
}

async function collect(
  log: Child,
  blobs: ReadonlySet<string>,
  found: Map<string, Map<string, LoggedCommit>>,
): Promise<void> {
  try {
    for await (const { commit, blob, path } of readRawLog(log.stdout, blobs)) {
      const paths = found.get(blob) ?? new Map<string, LoggedCommit>()
      found.set(blob, paths)
      // Latin-1 keeps paths apart that are the same once read as UTF-8.
      const key = path.toString('latin1')
      if (!paths.has(key) && paths.size < maxPaths) paths.set(key, commit)
    }
    await log.done
  } catch (error) {
    await log.stop()
    // A damaged tree or commit ends the walk. What it found holds; the damage was told when objects were read.
    if (!(error instanceof AppError) || error.code !== 'git_failed') throw error
  }
}

/** Hands the log every commit there is; it leaves out what the refs lead to. */
async function nameLostCommits(log: Child, repository: Repository, signal: AbortSignal): Promise<void> {
  const lister = startChild({
    ...repository.command('list the commits', [
      'cat-file',
      '--batch-all-objects',
      '--batch-check=%(objectname) %(objecttype)',
      '--unordered',
      '--buffer',
    ]),
    signal,
  })
  lister.stdin.end()
  const lines = createByteReader(lister.stdout)
  try {
    for (let line = await lines.line(); line !== null; line = await lines.line()) {
      const [id, type] = line.split(' ')
      if (type === 'commit') await writeWhileOpen(log.stdin, `${id}\n`)
    }
    log.stdin.end()
  } finally {
    await lister.stop()
  }
}

function inOrder(paths: ReadonlyMap<string, LoggedCommit>): Location[] {
  return [...paths].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, commit]) => locationOf(path, commit))
}

function locationOf(path: string, commit: LoggedCommit): Location {
  const at = isoTime(commit.committedAt)
  return {
    path: Buffer.from(path, 'latin1').toString('utf8'),
    commit_sha: commit.id,
    author_name: commit.authorName,
    author_email: commit.authorEmail,
    ...(at === null ? {} : { committed_at: at }),
  }
}
