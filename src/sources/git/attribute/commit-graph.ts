/** Commits as numbers, with their parents, trees and times in typed arrays: some 40 bytes each beside their ids. */
import { type CommitVisit, readCommit } from './commit-text.ts'
import { grown, IdTable } from './id-table.ts'

export class CommitGraph {
  readonly ids: IdTable
  /** Objects that call themselves commits and are none. */
  damaged = 0
  readonly #trees: IdTable
  readonly #scratch: Buffer
  #times = new Float64Array(1024)
  /** By commit: its tree's number plus one; 0 where the commit was not read. */
  #treeOf = new Int32Array(1024)
  /** By commit: where its parents begin in `#parents`, and how many there are. */
  #starts = new Int32Array(1024)
  #counts = new Int32Array(1024)
  #parents = new Int32Array(2048)
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
    while (this.#treeOf.length < this.ids.count) {
      this.#times = grown(this.#times)
      this.#treeOf = grown(this.#treeOf)
      this.#starts = grown(this.#starts)
      this.#counts = grown(this.#counts)
    }
    this.#times[commit] = time
    this.#treeOf[commit] = tree + 1
    this.#starts[commit] = start
    this.#counts[commit] = this.#used - start
  }
}
