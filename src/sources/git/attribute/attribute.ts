/**
 * Who brought blobs with hits into a history: for each path that ever held one, the first commit that holds it there,
 * its author and committer, a ref that leads to it, how many commits carried it and whether the head still does. One
 * pass over commits and trees for all blobs; nothing is compared commit by commit. What no ref leads to is asked
 * only for blobs that no ref leads to.
 */
import type { Refs } from '../refs.ts'
import { orderCommits } from './commit-order.ts'
import { type History, type HistoryStore, type RefEnd, readHistory } from './history.ts'
import { type Attribution, createTeller } from './person.ts'
import { compareRefs, reachedBy } from './reach.ts'
import { type Leaf, leadsToWanted, type Root, spreadOut } from './spread.ts'

export interface AttributedPlace {
  attribution: Attribution
  /** Place of the commit in the order of the history, for telling which of several came first. */
  order: number
}

export interface Attributed {
  /** By blob id, in the order of their paths; a blob that no commit holds is not in the map. */
  places: Map<string, AttributedPlace[]>
  /** Commits and trees that are missing or damaged: what they held may have a later commit, or none. */
  gaps: number
}

export interface AttributeOptions {
  signal: AbortSignal
  /**
   * For what came since: tells commits that were looked at before, with all their ancestors. Only those behind which the
   * others stand are read, and what no ref leads to is not looked at. Default: none.
   */
  isKnown?: ((id: Uint8Array) => boolean) | null
}

/** @param wanted blob ids in lower hex */
export async function attribute(
  store: HistoryStore,
  { refs, defaultBranch, head }: Refs,
  wanted: Iterable<string>,
  { signal, isKnown = null }: AttributeOptions,
): Promise<Attributed> {
  const wantedIds = new Set(wanted)
  const blobs = [...wantedIds].map((id) => Buffer.from(id, 'hex'))
  const named = refs.toSorted((a, b) => compareRefs(a.name, b.name, defaultBranch))
  // A head that is on no branch comes after those.
  if (head !== null && defaultBranch === null) named.push({ name: 'HEAD', id: head })
  const ids = named.map((ref) => ref.id)
  const history = await readHistory(store, ids, blobs, blobs[0]?.length ?? 20, isKnown, signal)
  const { commits, trees, tips } = history
  const reached = reachedBy(commits, tips)
  const isReached = (commit: number): boolean => reached[commit] !== -1
  const headTip = tips[named.findIndex((ref) => ref.id === head)] ?? -1
  const tell = createTeller(store, commits, headTip)

  const leads = leadsToWanted(trees)

  const places = new Map<string, AttributedPlace[]>()
  const reachable = orderCommits(commits, isReached)
  for (const leaf of leavesOf(history, leads, reachable, headTip)) {
    const commit = reachable[leaf.first] as number
    add(trees.wanted.hex(leaf.blob), leaf, leaf.first, {
      ...tell(commit),
      ref: named[reached[commit] as number]?.name ?? '',
      at_head: leaf.isAtHead,
    })
  }
  if (places.size < blobs.length) {
    for (const [i, end] of history.ends.entries()) if (end) addNamed(end, named[i]?.name ?? '')
  }
  if (places.size < blobs.length) {
    const lost = orderCommits(commits, (commit) => !isReached(commit))
    const known = new Set(places.keys())
    for (const leaf of leavesOf(history, leads, lost, -1)) {
      const id = trees.wanted.hex(leaf.blob)
      if (known.has(id)) continue
      const attribution = { ...tell(lost[leaf.first] as number), at_head: false, unreachable: true }
      add(id, leaf, reachable.length + leaf.first, attribution)
    }
  }
  return { places, gaps: history.missing + trees.damaged + commits.damaged }

  /** What a ref leads to without a commit; the first ref that does is told. */
  function addNamed({ type, id }: RefEnd, ref: string): void {
    const known = new Set(places.keys())
    const alone = { ref, at_head: false }
    if (type === 'blob') {
      const attribution = { path: '', ...alone, commit_count: 0 }
      if (wantedIds.has(id) && !known.has(id)) places.set(id, [{ attribution, order: reachable.length }])
      return
    }
    const tree = trees.ids.find(Buffer.from(id, 'hex'), 0)
    for (const leaf of spreadOut(trees, leads, [
      { tree, first: reachable.length, commits: 0, isHead: false },
    ])) {
      const blob = trees.wanted.hex(leaf.blob)
      if (!known.has(blob)) add(blob, leaf, reachable.length, alone)
    }
  }

  function add(id: string, leaf: Leaf, order: number, commit: Omit<Attribution, 'path'>): void {
    const list = places.get(id) ?? []
    places.set(id, list)
    const path = leaf.path.toString('utf8')
    list.push({ attribution: { path, ...commit, commit_count: leaf.commits }, order })
  }
}

/** Wanted blobs in the trees of these commits, in the order of their paths. */
function leavesOf({ commits, trees }: History, leads: Uint8Array, order: Int32Array, head: number): Leaf[] {
  const roots = new Map<number, Root>()
  for (const [first, commit] of order.entries()) {
    const tree = commits.treeOf(commit)
    const root = roots.get(tree)
    if (root) root.commits += 1
    else roots.set(tree, { tree, first, commits: 1, isHead: false })
  }
  const headRoot = commits.isRead(head) ? roots.get(commits.treeOf(head)) : undefined
  if (headRoot) headRoot.isHead = true
  return spreadOut(trees, leads, [...roots.values()]).sort((a, b) => Buffer.compare(a.path, b.path))
}
