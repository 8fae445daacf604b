/** The refs of a repository and its head, as git lists them. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runChild } from '../../base/child.ts'
import type { Repository } from './repository.ts'

export interface Ref {
  /** Full name, such as `refs/heads/main`. */
  name: string
  /** Id of the object it names, which may be a tag, in lower hex. */
  id: string
}

export interface Refs {
  refs: Ref[]
  /** The branch people get who ask for none; null where the head names a commit or nothing that is there. */
  defaultBranch: string | null
  /** What `HEAD` leads to; null in a repository without commits. */
  head: string | null
}

/** Bytes of the listing; a ref takes about a hundred. */
const maxListing = 256 * 1024 * 1024
/** Where the head of a mirror names a branch that is not there, one of these is most likely meant. */
const usualNames = ['main', 'master', 'trunk', 'develop']

/** Throws `AppError` `git_failed` where git cannot list them. */
export async function readRefs(
  repository: Repository,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Refs> {
  const listing = await runChild({
    ...repository.command('list the refs', ['for-each-ref', '--format=%(objectname) %(refname)']),
    timeoutMs,
    signal,
    maxOutput: maxListing,
  })
  const refs: Ref[] = []
  for (const line of listing.toString('utf8').split('\n')) {
    const space = line.indexOf(' ')
    if (space > 0) refs.push({ id: line.slice(0, space), name: line.slice(space + 1) })
  }
  const byName = new Map(refs.map((ref) => [ref.name, ref.id]))
  const head = (await readFile(join(repository.gitDir, 'HEAD'), 'utf8').catch(() => '')).trim()
  if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(head)) return { refs, defaultBranch: null, head }
  const named = /^ref: *(refs\/.+)$/.exec(head)?.[1]
  const candidates = [named, ...usualNames.map((name) => `refs/heads/${name}`)]
  const branch = candidates.find((name) => name !== undefined && byName.has(name)) ?? null
  return { refs, defaultBranch: branch, head: branch === null ? null : (byName.get(branch) ?? null) }
}
