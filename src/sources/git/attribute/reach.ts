/** Which ref leads to each commit: of several, the one people would name first. */
import type { CommitGraph } from './commit-graph.ts'
import { grown } from './id-table.ts'

/** By commit: index in `tips`, numbers of commits, of the first that reaches it; -1 for what none does. */
export function reachedBy(graph: CommitGraph, tips: readonly number[]): Int32Array {
  const reached = new Int32Array(graph.ids.count).fill(-1)
  let stack = new Int32Array(1024)
  for (const [index, tip] of tips.entries()) {
    let size = 0
    const visit = (commit: number): void => {
      if (!graph.isRead(commit) || reached[commit] !== -1) return
      reached[commit] = index
      if (size === stack.length) stack = grown(stack)
      stack[size++] = commit
    }
    visit(tip)
    while (size > 0) {
      const commit = stack[--size] as number
      for (let parent = 0; parent < graph.parentCount(commit); parent++) visit(graph.parent(commit, parent))
    }
  }
  return reached
}

const ranks = ['refs/heads/', 'refs/tags/', 'refs/remotes/', 'refs/', 'refs/stash', 'refs/notes/']

/** Order in which refs are named: the default branch, branches, tags, remote branches, others, stash, notes. */
export function compareRefs(a: string, b: string, defaultBranch: string | null): number {
  const difference = rank(a, defaultBranch) - rank(b, defaultBranch)
  return difference === 0 ? (a < b ? -1 : a > b ? 1 : 0) : difference
}

function rank(name: string, defaultBranch: string | null): number {
  if (name === defaultBranch) return -1
  // The most special prefix: every name matches `refs/`.
  const found = ranks.findLastIndex((prefix) => name.startsWith(prefix) && prefix !== 'refs/')
  return found < 0 ? ranks.indexOf('refs/') : found
}
