/**
 * Where blobs stand, given where an earlier scan found them: only the commits that came since are looked at, and what
 * they hold is added to what is known. All is looked at anew where that might not be the same.
 */
import type { Attribution } from '../attribute/person.ts'
import type { Located } from '../locate.ts'
import type { Refs } from '../refs.ts'
import { type Behind, withBetterRefs } from './better-refs.ts'
import type { Memory } from './memory.ts'

/** Locates blobs; with `isKnown` in those commits alone that it does not tell. */
type Locate = (blobs: ReadonlySet<string>, isKnown?: (id: Uint8Array) => boolean) => Promise<Located>

export async function locateAgain(
  wanted: ReadonlySet<string>,
  { before, rewritten }: Pick<Memory, 'before' | 'rewritten'>,
  refs: Refs,
  locate: Locate,
  commitsBehind: Behind,
): Promise<Located> {
  // Places name the default branch where that leads to them.
  const isSameBranch = before.defaultBranch === refs.defaultBranch
  if (before.refs.size === 0 || rewritten.refs.length > 0 || !isSameBranch) return await locate(wanted)
  const moved = refs.refs.filter(({ name, id }) => before.refs.get(name) !== id)
  const mainBefore = headBefore(before.refs, refs)
  const isSameHead = refs.head === mainBefore
  const isNew = [...wanted].filter((id) => !before.found.has(id))
  if (moved.length === 0 && isSameHead && isNew.length === 0)
    return { places: known(wanted, before.found), gaps: 0 }
  const isKnown = (id: Uint8Array): boolean => before.ids.has(id)
  // What nothing led to may be led to now, without a new commit.
  const tips = new Set(before.refs.values())
  const isOld = (id: string | null): boolean =>
    id !== null && !tips.has(id) && isKnown(Buffer.from(id, 'hex'))
  const lost = [...before.found.values()].some(({ places }) =>
    places.some((place) => place.unreachable === true),
  )
  if (
    (!isSameHead && refs.head !== null && isKnown(Buffer.from(refs.head, 'hex'))) ||
    (lost && moved.some(({ id }) => isOld(id)))
  )
    return await locate(wanted)
  const since = await locate(wanted, isKnown)
  if (isNew.some((id) => !since.places.has(id))) return await locate(wanted)
  const places = known(wanted, before.found)
  for (const [id, list] of since.places) {
    const old = places.get(id) ?? []
    if (old.some((place) => place.unreachable === true)) return await locate(wanted)
    const held = list.filter(isInCommit)
    // A ref that leads to it counts where no commit holds it.
    if (held.length > 0) places.set(id, joined(old.filter(isInCommit), held, isSameHead))
    else if (old.length === 0) places.set(id, list)
    else since.places.delete(id)
  }
  // Where the head has moved, what is not said of its new commits is not there.
  if (!isSameHead)
    for (const [id, list] of places) if (!since.places.has(id)) places.set(id, joined(list, [], false))
  return {
    places: await withBetterRefs(places, moved, refs.defaultBranch, mainBefore, commitsBehind),
    gaps: since.gaps,
  }
}

/** What the branch that is the head now named before. */
function headBefore(before: ReadonlyMap<string, string>, { defaultBranch, head }: Refs): string | null {
  return defaultBranch === null ? head : (before.get(defaultBranch) ?? null)
}

function known(
  wanted: ReadonlySet<string>,
  found: ReadonlyMap<string, { places: Attribution[] }>,
): Map<string, Attribution[]> {
  const places = new Map<string, Attribution[]>()
  for (const id of wanted) {
    const list = found.get(id)?.places ?? []
    if (list.length > 0) places.set(id, list)
  }
  return places
}

function isInCommit({ commit_sha }: Attribution): boolean {
  return commit_sha !== undefined
}

/** The first sight of a path stays; how many commits hold it grows. */
function joined(
  old: readonly Attribution[],
  since: readonly Attribution[],
  isSameHead: boolean,
): Attribution[] {
  const byPath = new Map(since.map((place) => [place.path, place]))
  const all = old.map((place) => {
    const more = byPath.get(place.path)
    byPath.delete(place.path)
    return {
      ...place,
      commit_count: (place.commit_count ?? 0) + (more?.commit_count ?? 0),
      at_head: isSameHead ? (place.at_head ?? false) || more?.at_head === true : more?.at_head === true,
    }
  })
  return [...all, ...byPath.values()].sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)))
}
