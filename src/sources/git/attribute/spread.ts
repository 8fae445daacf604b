/**
 * Carries what commits know about their root trees down to the files with hits, all commits at once: a node is a
 * tree at a path, met once however many commits hold it, and passes on to its entries how many commits hold it, the
 * first of them, and whether the head does. So the work is that of the distinct trees, not of the commits.
 */
import { grown } from './id-table.ts'
import { PairTable } from './pair-table.ts'
import type { TreeTable } from './tree-table.ts'

/** Paths followed for one tree, and told for one blob: a generated tree can hold one blob at a million. */
const maxPaths = 1000
/** Levels of folders: git itself makes no path above 4,096 bytes. */
const maxDepth = 2048

/** A root tree: the commits that hold it, in their order. */
export interface Root {
  tree: number
  /** Place of its first commit in the order. */
  first: number
  /** How many commits have it. */
  commits: number
  isHead: boolean
}

/** A wanted blob at a path. */
export interface Leaf {
  /** Number of the wanted blob. */
  blob: number
  path: Buffer
  /** Place of the first commit that holds it there. */
  first: number
  /** How many commits hold it there. */
  commits: number
  isAtHead: boolean
}

interface Sums {
  first: Int32Array
  commits: Int32Array
  head: Uint8Array
}

/**
 * @param leads as `leadsToWanted` tells of these trees
 * @param roots each tree once, ascending by `first`
 */
export function spreadOut(trees: TreeTable, leads: Uint8Array, roots: readonly Root[]): Leaf[] {
  const paths = new PairTable()
  /** By path: how deep it is. */
  let depths = new Int32Array(1024)
  const nodes = new PairTable()
  const nodeSums = emptySums()
  const leaves = new PairTable()
  const leafSums = emptySums()
  const pathsOfTree = new Uint16Array(trees.ids.count)
  const pathsOfBlob = new Uint16Array(trees.wanted.count)
  // Path 0 is that of the root, whose name no entry has.
  paths.add(-1, -1)
  for (const root of roots) {
    if (leads[root.tree] !== 1) continue
    const node = nodes.add(root.tree, 0)
    addSums(nodeSums, node, root.first, root.commits, root.isHead ? 1 : 0)
  }
  // A node of one level is made before any of the next, so its sums are whole when its turn comes.
  for (let node = 0; node < nodes.count; node++) {
    const tree = nodes.first(node)
    const parentPath = nodes.second(node)
    const depth = depths[parentPath] as number
    const end = trees.start(tree) + trees.size(tree)
    for (let entry = trees.start(tree); entry < end; entry++) {
      const target = trees.target(entry)
      const isLeaf = target < 0
      if ((!isLeaf && leads[target] !== 1) || depth === maxDepth) continue
      const path = paths.add(parentPath, trees.name(entry))
      while (path >= depths.length) depths = grown(depths)
      depths[path] = depth + 1
      const table = isLeaf ? leaves : nodes
      const number = isLeaf ? ~target : target
      const met = isLeaf ? pathsOfBlob : pathsOfTree
      const before = table.count
      const at = (met[number] as number) < maxPaths ? table.add(number, path) : table.find(number, path)
      if (at < 0) continue
      if (table.count > before) met[number] = (met[number] as number) + 1
      addSums(
        isLeaf ? leafSums : nodeSums,
        at,
        nodeSums.first[node] as number,
        nodeSums.commits[node] as number,
        nodeSums.head[node] as number,
      )
    }
  }
  return Array.from({ length: leaves.count }, (_, leaf) => ({
    blob: leaves.first(leaf),
    path: pathBytes(leaves.second(leaf), paths, trees),
    first: leafSums.first[leaf] as number,
    commits: leafSums.commits[leaf] as number,
    isAtHead: leafSums.head[leaf] === 1,
  }))
}

/**
 * By tree: 1 where a wanted blob is in it or below, 2 where none is. Most trees were met after those that hold them, so
 * that from the last to the first nearly all is known of what a tree holds when its turn comes.
 */
export function leadsToWanted(trees: TreeTable): Uint8Array {
  const leads = new Uint8Array(trees.ids.count)
  let stack = new Int32Array(1024)
  /** By place in the stack: the entry to look at next. */
  let nexts = new Int32Array(1024)
  let size = 0

  function enter(tree: number): void {
    leads[tree] = 2
    if (size === stack.length) {
      stack = grown(stack)
      nexts = grown(nexts)
    }
    stack[size] = tree
    nexts[size++] = trees.start(tree)
  }

  for (let root = leads.length - 1; root >= 0; root--) {
    if (leads[root] === 0) enter(root)
    while (size > 0) {
      const tree = stack[size - 1] as number
      const entry = nexts[size - 1] as number
      if (entry === trees.start(tree) + trees.size(tree)) {
        size -= 1
        // Left only now: the tree above may rest on it.
        const above = size > 0 ? (stack[size - 1] as number) : -1
        if (above >= 0 && leads[tree] === 1) leads[above] = 1
        continue
      }
      nexts[size - 1] = entry + 1
      const target = trees.target(entry)
      if (target < 0 || leads[target] === 1) leads[tree] = 1
      else if (leads[target] === 0) enter(target)
    }
  }
  return leads
}

function emptySums(): Sums {
  return { first: new Int32Array(1024), commits: new Int32Array(1024), head: new Uint8Array(1024) }
}

/** A number not met before takes `first`: they come in the order of the commits. */
function addSums(sums: Sums, at: number, first: number, commits: number, head: number): void {
  while (at >= sums.first.length) {
    sums.first = grown(sums.first)
    sums.commits = grown(sums.commits)
    sums.head = grown(sums.head)
  }
  if (sums.commits[at] === 0) sums.first[at] = first
  sums.commits[at] = (sums.commits[at] as number) + commits
  sums.head[at] = (sums.head[at] as number) | head
}

function pathBytes(path: number, paths: PairTable, trees: TreeTable): Buffer {
  const parts: Buffer[] = []
  for (let at = path; at > 0; at = paths.first(at)) parts.unshift(trees.names.bytes(paths.second(at)))
  return Buffer.from(parts.map((part) => part.toString('latin1')).join('/'), 'latin1')
}
