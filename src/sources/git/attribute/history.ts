/** The commits and trees attribution works on, brought in from wherever objects come. */
import { setImmediate as breathe } from 'node:timers/promises'
import type { HistoryVisitor } from '../pack/walk-history.ts'
import { CommitGraph, type SweptCommits } from './commit-graph.ts'
import { IdTable } from './id-table.ts'
import { type SweptTrees, TreeTable } from './tree-table.ts'

/** Where objects come from. */
export interface HistoryStore {
  /** Any object by its id in lower hex; null where it is missing or damaged. */
  read(id: string): { type: string; bytes: Buffer } | null
  /** About how many commits and trees there are. */
  expected?: number
  /**
   * Where it is cheaper than reading them one by one: hands over commits and trees, all or some, in any order. The
   * buffers are the store's. Commits that no ref leads to are known only through it.
   */
  sweep?(visit: HistoryVisitor): void | Promise<void>
  /**
   * Where another thread can do a part of that: begins to, and answers what it read once it is done; null where it could
   * not, and what it began is swept or read here. Called before `sweep`, which leaves to it what it takes.
   * @param wanted the blobs, in the order of their numbers
   */
  elsewhere?(wanted: readonly Buffer[]): Promise<Swept | null>
}

/** What a thread read of a history. */
export interface Swept {
  trees: SweptTrees
  commits: SweptCommits
}

export interface History {
  trees: TreeTable
  commits: CommitGraph
  /** By ref: the number of the commit it leads to, through tags where there are any; -1 where it leads to none. */
  tips: number[]
  /** By ref: the blob or tree it leads to where that is no commit, as tags of keys and of imports do; else null. */
  ends: (RefEnd | null)[]
  /** Commits and trees that the history names and the store lacks. */
  missing: number
}

export interface RefEnd {
  type: 'blob' | 'tree'
  /** In lower hex. */
  id: string
}

/** Objects read between two looks at the signal. */
const stride = 4096

/** Longest chain of tags that name tags. */
const maxTags = 16

/**
 * Reads every commit, and every tree of a commit.
 * @param refs ids of what the refs name, in lower hex
 * @param wanted ids of the blobs that are looked for
 * @param isKnown tells commits that are not read, nor anything behind them; then only what the refs lead to is read
 */
export async function readHistory(
  store: HistoryStore,
  refs: readonly string[],
  wanted: Iterable<Buffer>,
  idLength: number,
  isKnown: ((id: Uint8Array) => boolean) | null,
  signal: AbortSignal,
): Promise<History> {
  const trees = new TreeTable(new IdTable(idLength), store.expected)
  for (const id of wanted) trees.want(id)
  const commits = new CommitGraph(trees.ids)
  const isLeft = (commit: number): boolean => isKnown?.(Buffer.from(commits.ids.hex(commit), 'hex')) === true
  if (isKnown === null) {
    const elsewhere = store.elsewhere?.([...wanted])
    await store.sweep?.(visitorOf(trees, commits))
    const swept = await elsewhere
    if (swept) commits.take(swept.commits, trees.take(swept.trees))
  }
  const targets = refs.map((id) => targetOf(store, commits, id, isKnown))
  const tips = targets.map((target) => (typeof target === 'number' ? target : -1))
  const ends = targets.map((target) => (typeof target === 'number' ? null : target))
  for (const end of ends) if (end?.type === 'tree') trees.ids.add(Buffer.from(end.id, 'hex'), 0)
  // Both grow as what is read names more.
  let missing = 0
  for (let commit = 0; commit < commits.ids.count; commit++) {
    if (commits.isRead(commit) || isLeft(commit)) continue
    const found = store.read(commits.ids.hex(commit))
    if (found?.type === 'commit') commits.read(commit, found.bytes)
    else missing += 1
    if (commit % stride === 0) await pause(signal)
  }
  for (let tree = 0; tree < trees.ids.count; tree++) {
    if (trees.isRead(tree)) continue
    const found = store.read(trees.ids.hex(tree))
    if (found?.type === 'tree') trees.read(tree, found.bytes)
    else missing += 1
    if (tree % stride === 0) await pause(signal)
  }
  return { trees, commits, tips, ends, missing }
}

/** Takes commits and trees into their tables. */
export function visitorOf(trees: TreeTable, commits: CommitGraph): HistoryVisitor {
  return {
    commit: (ids, at, bytes) => commits.read(commits.ids.add(ids, at), bytes),
    tree: (ids, at, bytes, level, copies) => trees.read(trees.ids.add(ids, at), bytes, level, copies),
  }
}

/** What an object is or, through tags, names: the number of a commit, a blob or tree, or null where it is not there. */
function targetOf(
  store: HistoryStore,
  commits: CommitGraph,
  id: string,
  isKnown: ((id: Uint8Array) => boolean) | null,
): number | RefEnd | null {
  let named = id
  for (let depth = 0; depth < maxTags; depth++) {
    const bytes = Buffer.from(named, 'hex')
    const known = commits.ids.find(bytes, 0)
    if (known >= 0) return known
    const found = store.read(named)
    if (found?.type === 'commit') {
      const commit = commits.ids.add(bytes, 0)
      if (isKnown?.(bytes) !== true) commits.read(commit, found.bytes)
      return commit
    }
    if (found?.type === 'blob' || found?.type === 'tree') return { type: found.type, id: named }
    const target =
      found?.type === 'tag' ? /^object ([0-9a-f]+)\n/.exec(found.bytes.toString('latin1', 0, 80)) : null
    if (target?.[1]?.length !== id.length) return null
    named = target[1]
  }
  return null
}

/** Lets timers and signals in. */
async function pause(signal: AbortSignal): Promise<void> {
  await breathe()
  signal.throwIfAborted()
}
