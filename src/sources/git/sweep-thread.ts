/**
 * A thread that reads commits and trees of a history beside the one that asked: both take parts from one counter until
 * there are none left, and this one then hands over its tables.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { CommitGraph } from './attribute/commit-graph.ts'
import { type Swept, visitorOf } from './attribute/history.ts'
import { IdTable } from './attribute/id-table.ts'
import { TreeTable } from './attribute/tree-table.ts'
import type { PackPart } from './pack/shape.ts'
import { walkHistory } from './pack/walk-history.ts'

export interface SweepOrder {
  parts: readonly PackPart[]
  /** The number of the next part to take. */
  next: Int32Array
  /** Ids of the blobs that are looked for, one behind the other. */
  wanted: Uint8Array
  idLength: number
}

const { parts, next, wanted, idLength } = workerData as SweepOrder
const trees = new TreeTable(new IdTable(idLength))
for (let at = 0; at < wanted.length; at += idLength) trees.want(wanted.subarray(at, at + idLength))
const commits = new CommitGraph(trees.ids)
const visitor = visitorOf(trees, commits)
for (let number = Atomics.add(next, 0, 1); number < parts.length; number = Atomics.add(next, 0, 1)) {
  const part = parts[number]
  if (part) walkHistory(part, visitor)
}
const swept: Swept = { trees: trees.all(), commits: commits.all() }
const { ids, names, starts, counts, entries } = swept.trees
parentPort?.postMessage(
  swept,
  [ids, names.bytes, names.starts, starts, counts, entries].map(({ buffer }) => buffer as ArrayBuffer),
)
