/**
 * The order attribution meets commits in: an ancestor always before its descendants, whatever their clocks said;
 * otherwise by the committer's time, then by id. So the first commit met that holds a blob is the one that brought it.
 */
import type { CommitGraph } from './commit-graph.ts'

interface Family {
  graph: CommitGraph
  /** 1 for the commits that take part. */
  taken: Uint8Array
  /** By commit: parents still to come. */
  waiting: Int32Array
  /** By commit: where its children begin in `children`. */
  childStarts: Int32Array
  children: Int32Array
}

/** The commits that were read and `has` takes. Parents it does not take count as absent. */
export function orderCommits(graph: CommitGraph, has: (commit: number) => boolean): Int32Array {
  const taken = new Uint8Array(graph.ids.count)
  let total = 0
  for (let commit = 0; commit < taken.length; commit++) {
    if (!graph.isRead(commit) || !has(commit)) continue
    taken[commit] = 1
    total += 1
  }
  return oldestFirst(familyOf(graph, taken), total)
}

function familyOf(graph: CommitGraph, taken: Uint8Array): Family {
  const waiting = new Int32Array(taken.length)
  const childStarts = new Int32Array(taken.length + 1)
  let edges = 0
  eachEdge(graph, taken, (commit, parent) => {
    waiting[commit] = (waiting[commit] as number) + 1
    childStarts[parent + 1] = (childStarts[parent + 1] as number) + 1
    edges += 1
  })
  for (let commit = 0; commit < taken.length; commit++) {
    childStarts[commit + 1] = (childStarts[commit + 1] as number) + (childStarts[commit] as number)
  }
  const children = new Int32Array(edges)
  const next = childStarts.slice()
  eachEdge(graph, taken, (commit, parent) => {
    const at = next[parent] as number
    children[at] = commit
    next[parent] = at + 1
  })
  return { graph, taken, waiting, childStarts, children }
}

function eachEdge(
  graph: CommitGraph,
  taken: Uint8Array,
  visit: (commit: number, parent: number) => void,
): void {
  for (let commit = 0; commit < taken.length; commit++) {
    if (taken[commit] === 0) continue
    const parents = graph.parentCount(commit)
    for (let index = 0; index < parents; index++) {
      const parent = graph.parent(commit, index)
      if (taken[parent] === 1) visit(commit, parent)
    }
  }
}

/** Kahn's algorithm, with the oldest of the commits whose parents are done next. */
function oldestFirst({ graph, taken, waiting, childStarts, children }: Family, total: number): Int32Array {
  const order = new Int32Array(total)
  const heap = new CommitHeap(graph, total)
  for (let commit = 0; commit < taken.length; commit++) {
    if (taken[commit] === 1 && waiting[commit] === 0) heap.push(commit)
  }
  for (let done = 0; heap.size > 0; done++) {
    const commit = heap.pop()
    order[done] = commit
    for (let at = childStarts[commit] as number; at < (childStarts[commit + 1] as number); at++) {
      const child = children[at] as number
      waiting[child] = (waiting[child] as number) - 1
      if (waiting[child] === 0) heap.push(child)
    }
  }
  return order
}

class CommitHeap {
  size = 0
  readonly #graph: CommitGraph
  readonly #commits: Int32Array

  constructor(graph: CommitGraph, room: number) {
    this.#graph = graph
    this.#commits = new Int32Array(room)
  }

  push(commit: number): void {
    let at = this.size++
    while (at > 0) {
      const above = (at - 1) >> 1
      if (this.#before(this.#commits[above] as number, commit)) break
      this.#commits[at] = this.#commits[above] as number
      at = above
    }
    this.#commits[at] = commit
  }

  /** The oldest; there is one. */
  pop(): number {
    const top = this.#commits[0] as number
    const last = this.#commits[--this.size] as number
    let at = 0
    for (let below = 1; below < this.size; below = 2 * at + 1) {
      const beside = below + 1
      if (
        beside < this.size &&
        this.#before(this.#commits[beside] as number, this.#commits[below] as number)
      ) {
        below = beside
      }
      if (this.#before(last, this.#commits[below] as number)) break
      this.#commits[at] = this.#commits[below] as number
      at = below
    }
    this.#commits[at] = last
    return top
  }

  #before(a: number, b: number): boolean {
    const difference = this.#graph.timeOf(a) - this.#graph.timeOf(b)
    return difference === 0 ? this.#graph.ids.compare(a, b) < 0 : difference < 0
  }
}
