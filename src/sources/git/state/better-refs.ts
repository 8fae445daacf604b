/**
 * Places name the ref that says most of all that lead to them: the default branch, else a branch, a tag. What was on a
 * side branch only may have been merged since, or a ref that comes first may lead there now.
 */
import { runChild } from '../../../base/child.ts'
import type { Attribution } from '../attribute/person.ts'
import { compareRefs } from '../attribute/reach.ts'
import type { Ref } from '../refs.ts'
import type { Repository } from '../repository.ts'

/** Ids of the commits that an object leads to, without those behind `known`; empty where it is no commit. */
export type Behind = (id: string, known: string | null) => Promise<ReadonlySet<string>>

const maxListing = 256 * 1024 * 1024

/** As git lists them. The function throws `AppError` `git_failed` or `timeout`. */
export function behind(repository: Repository, timeoutMs: number, signal: AbortSignal): Behind {
  return async (id, known) => {
    const listing = await runChild({
      ...repository.command('list merged commits', ['rev-list', '--ignore-missing', '--stdin']),
      input: `${id}\n${known === null ? '' : `^${known}\n`}`,
      timeoutMs,
      signal,
      maxOutput: maxListing,
    })
    return new Set(listing.toString('latin1').split('\n'))
  }
}

/**
 * `places` with the refs that come first now.
 * @param moved refs that lead elsewhere than before, or are new; what they led to before they still do
 * @param mainBefore what the default branch named before: all that it led to is told to be on it
 */
export async function withBetterRefs(
  places: ReadonlyMap<string, readonly Attribution[]>,
  moved: readonly Ref[],
  defaultBranch: string | null,
  mainBefore: string | null,
  commitsBehind: Behind,
): Promise<Map<string, Attribution[]>> {
  const better = new Map([...places].map(([id, list]) => [id, [...list]]))
  for (const { name, id } of moved.toSorted((a, b) => compareRefs(a.name, b.name, defaultBranch))) {
    const comesFirst = ({ ref, commit_sha }: Attribution): boolean =>
      ref !== undefined && commit_sha !== undefined && compareRefs(name, ref, defaultBranch) < 0
    if (![...better.values()].some((list) => list.some(comesFirst))) continue
    const commits = await commitsBehind(id, mainBefore)
    for (const list of better.values())
      for (const [i, place] of list.entries())
        if (comesFirst(place) && commits.has(place.commit_sha ?? '')) list[i] = { ...place, ref: name }
  }
  return better
}
