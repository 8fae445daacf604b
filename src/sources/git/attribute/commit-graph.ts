/** Commits as numbers, with their parents, trees and times in typed arrays: some 40 bytes each beside their ids. */
import { type CommitVisit, readCommit } from './commit-text.ts'
import { grown, IdTable } from './id-table.ts'

export class CommitGraph {
  readonly ids: IdTable
  /** Objects that call themselves commits and are none. */
  damaged = 0
  readonly #trees: IdTable
  readonly #scratch: Buffer
  #times: Float64Array = new Float64Array(1024)
  /** By commit: its tree's number plus one; 0 where the commit was not read. */
  #treeOf: Int32Array = new Int32Array(1024)
  /** By commit: where its parents begin in `#parents`, and how many there are. */
  #starts: Int32Array = new Int32Array(1024)
  #counts: Int32Array = new Int32Array(1024)
  #parents: Int32Array = new Int32Array(2048)
  #used = 0

  /** @param trees where the trees of commits get their numbers */
  constructor(trees: IdTable) {
    this.ids = new IdTable(trees.idLength, 4096)
    this.#trees = trees
    this.#scratch = Buffer.alloc(trees.idLength)
  }

  isRead(commit: number): boolean {
    return commit >= 0 && commit < this.#treeOf.length && this.#treeOf[commit] !== 0
  }

  /** Number of the commit's tree; the commit was read. */
  treeOf(commit: number): number {
    return (this.#treeOf[commit] as number) - 1
  }

  /** Seconds since 1970. */
  timeOf(commit: number): number {
    return this.#times[commit] as number
  }

  parentCount(commit: number): number {
    return this.isRead(commit) ? (this.#counts[commit] as number) : 0
  }

  parent(commit: number, index: number): number {
    return this.#parents[(this.#starts[commit] as number) + index] as number
  }

  /** All that was read, for the graph of another thread. */
  all(): SweptCommits {
    const { count } = this.ids
    return {
      ids: this.ids.words(),
      times: this.#times.slice(0, count),
      trees: this.#treeOf.slice(0, count),
      starts: this.#starts.slice(0, count),
      counts: this.#counts.slice(0, count),
      parents: this.#parents.slice(0, this.#used),
      damaged: this.damaged,
    }
  }

  /** Takes in what another thread read. @param trees the number here of each tree there */
  take(
    { ids, times, trees: theirs, starts, counts, parents, damaged }: SweptCommits,
    trees: Int32Array,
  ): void {
    const commits = this.ids.take(ids)
    this.damaged += damaged
    this.#makeRoom()
    for (const [other, tree] of theirs.entries()) {
      const commit = commits[other] as number
      if (tree === 0 || this.isRead(commit)) continue
      const start = starts[other] as number
      const size = counts[other] as number
      this.#times[commit] = times[other] as number
      this.#treeOf[commit] = (trees[tree - 1] as number) + 1
      this.#starts[commit] = this.#used
      this.#counts[commit] = size
      for (let index = 0; index < size; index++) {
        if (this.#used === this.#parents.length) this.#parents = grown(this.#parents)
        this.#parents[this.#used++] = commits[parents[start + index] as number] as number
      }
    }
  }

  #makeRoom(): void {
    while (this.#treeOf.length < this.ids.count) {
      this.#times = grown(this.#times)
      this.#treeOf = grown(this.#treeOf)
      this.#starts = grown(this.#starts)
      this.#counts = grown(this.#counts)
    }
  }

  /** Takes in a commit; again is harmless. `bytes` is not kept. */
  read(commit: number, bytes: Buffer): void {
    if (this.isRead(commit)) return
    const start = this.#used
    let tree = -1
    const visit: CommitVisit = {
      tree: (id) => (tree = this.#trees.add(id, 0)),
      parent: (id) => {
        if (this.#used === this.#parents.length) this.#parents = grown(this.#parents)
        this.#parents[this.#used++] = this.ids.add(id, 0)
      },
    }
    const time = readCommit(bytes, this.#scratch, visit)
    if (time === null) {
      this.damaged += 1
      this.#used = start
      return
    }
    this.#makeRoom()
    this.#times[commit] = time
    this.#treeOf[commit] = tree + 1
    this.#starts[commit] = start
    this.#counts[commit] = this.#used - start
  }
}

/** What one thread read of commits; parents are numbers of `ids`, trees those of its trees, plus one. */
export interface SweptCommits {
  ids: Int32Array
  times: Float64Array
  trees: Int32Array
  starts: Int32Array
  counts: Int32Array
  parents: Int32Array
  damaged: number
}
