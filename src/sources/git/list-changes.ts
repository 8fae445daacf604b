/**
 * Which files are staged, or were brought by a range of commits, and where they stand. git is asked in the folder the
 * program runs in, with the index that a hook names: `git commit FILE` has one of its own for the time of its hooks.
 */
import { posix } from 'node:path'
import { type ChildOptions, runChild, startChild } from '../../base/child.ts'
import type { Place } from '../../model/blob.ts'
import { AppError } from '../../model/errors.ts'
import { gitEnvironment } from './environment.ts'
import { isoTime } from './object-text.ts'
import { rawLogFormat, readRawLog } from './raw-log.ts'

/** Bytes of a listing: some hundred thousand files. */
const largestListing = 64 * 1024 * 1024

const format = ['--raw', '-z', '--no-renames', '--no-abbrev', '--no-relative', '-O/dev/null', '--no-ext-diff']

/** What git tells its hooks about the commit they are run for. */
const ofHooks = [
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_COMMON_DIR',
  'GIT_INDEX_FILE',
  'GIT_OBJECT_DIRECTORY',
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
]

/** @param range commits as git names them (`main..HEAD`); null for what is staged */
export function changesCommand(
  range: string | null,
): (phase: string, args: readonly string[]) => Omit<ChildOptions, 'signal'> {
  const told = ofHooks.flatMap((name) => {
    const value = process.env[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  const env = gitEnvironment({ protocols: [], extra: Object.fromEntries(told) })
  return (phase, args) => ({
    phase,
    command: 'git',
    args,
    env,
    cwd: process.cwd(),
    explain: (stderr) => explain(stderr, range),
  })
}

/** The places of each blob by its id, in the order git tells them. */
export async function listChanges(
  range: string | null,
  signal: AbortSignal,
): Promise<Map<string, [Place, ...Place[]]>> {
  const command = changesCommand(range)
  const where = await runChild({
    ...command('find the top of the repository', ['rev-parse', '--show-prefix']),
    signal,
    maxOutput: 64 * 1024,
  })
  const prefix = where.toString('utf8').replace(/\n$/, '')
  const found = new Map<string, [Place, ...Place[]]>()
  const add = (place: Place & { blob_sha: string }): void => {
    const places = found.get(place.blob_sha)
    if (places === undefined) found.set(place.blob_sha, [place])
    else if (!places.some(({ path }) => path === place.path)) places.push(place)
  }
  if (range === null) {
    const listed = await runChild({
      ...command('list what is staged', ['diff', '--cached', ...format, '--diff-filter=ACMT']),
      signal,
      maxOutput: largestListing,
    })
    for (const place of stagedPlaces(listed, prefix)) add(place)
    return found
  }
  if (range.startsWith('-')) throw new AppError('usage', '--commits needs a range like main..HEAD')
  const options = [
    '-c',
    '--root',
    '--reverse',
    '--no-show-signature',
    '--no-notes',
    '--no-color',
    '--use-mailmap',
  ]
  const log = startChild({
    ...command('list the commits', [
      'log',
      ...format,
      ...options,
      '--encoding=UTF-8',
      rawLogFormat,
      range,
      '--',
    ]),
    signal,
  })
  log.stdin.end()
  const repository = prefix.replaceAll(/[^/]+/g, '..').replace(/\/$/, '') || '.'
  try {
    for await (const { commit, blob, path } of readRawLog(log.stdout)) {
      const at = isoTime(commit.committedAt)
      add({
        type: 'commit',
        repository,
        path: path.toString('utf8'),
        blob_sha: blob,
        commit_sha: commit.id,
        author_name: commit.authorName,
        author_email: commit.authorEmail,
        ...(at === null ? {} : { committed_at: at }),
      })
    }
    await log.done
  } finally {
    await log.stop()
  }
  return found
}

/** `:old-mode new-mode old-id new-id status`, NUL, path, NUL; links and files, no submodules. */
function stagedPlaces(listed: Buffer, prefix: string): (Place & { blob_sha: string })[] {
  const tokens = listed.toString('utf8').split('\0')
  const places: (Place & { blob_sha: string })[] = []
  for (let at = 0; at + 1 < tokens.length; at += 2) {
    const [, mode = '', , id = ''] = (tokens[at] ?? '').split(' ')
    // As an editor would open it from here.
    const path = posix.relative(`/${prefix}`, `/${tokens[at + 1] ?? ''}`)
    if (/^1[02]0/.test(mode)) places.push({ type: 'file', path, blob_sha: id })
  }
  return places
}

function explain(stderr: string, range: string | null): AppError | null {
  if (/not a git repository/i.test(stderr)) {
    return new AppError('not_found', 'this folder is in no git repository; run it inside of one')
  }
  if (
    range !== null &&
    /bad revision|unknown revision|ambiguous argument|invalid revision range/i.test(stderr)
  ) {
    return new AppError(
      'not_found',
      `git knows no commits ${JSON.stringify(range)} here; a shallow clone needs "git fetch --unshallow" first`,
    )
  }
  return null
}
