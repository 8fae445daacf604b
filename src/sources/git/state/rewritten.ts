/** Notices history that was rewritten since the last scan: refs that went elsewhere, and the commits that dropped. */
import { runChild } from '../../../base/child.ts'
import type { Refs } from '../refs.ts'
import type { Repository } from '../repository.ts'

export interface Rewritten {
  /** Refs that are gone, or do not lead any more to what they named. */
  refs: string[]
  /** Commits that some ref led to and none does now, as far as the clone still has them; newest first. */
  commits: string[]
  /** More commits than were listed. */
  isCut: boolean
}

/** Commits told at most. */
const mostCommits = 100_000

/**
 * Compares what refs named before with what they name now.
 * Throws `AppError` `git_failed` or `timeout`.
 */
export async function findRewritten(
  repository: Repository,
  before: ReadonlyMap<string, string>,
  { refs }: Refs,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Rewritten> {
  const now = new Map(refs.map((ref) => [ref.name, ref.id]))
  const moved = [...before].filter(([name, id]) => now.get(name) !== id)
  if (moved.length === 0) return { refs: [], commits: [], isCut: false }
  const list = async (input: readonly string[], most: number): Promise<string[]> => {
    const args = ['rev-list', `--max-count=${most}`, '--ignore-missing', '--stdin']
    const answer = await runChild({
      ...repository.command('look for rewritten history', args),
      input: `${input.join('\n')}\n`,
      timeoutMs,
      signal,
      maxOutput: (most + 1) * 70,
    })
    return answer
      .toString('latin1')
      .split('\n')
      .filter((line) => line !== '')
  }
  const current = [...new Set(now.values())].map((id) => `^${id}`)
  const commits = await list([...new Set(moved.map(([, id]) => id)), ...current], mostCommits + 1)
  const changed: string[] = []
  for (const [name, id] of moved) {
    const target = now.get(name)
    // What it named before is no part of what it names now.
    if (target === undefined || (await list([id, `^${target}`], 1)).length > 0) changed.push(name)
  }
  return {
    refs: changed.sort(),
    commits: commits.slice(0, mostCommits),
    isCut: commits.length > mostCommits,
  }
}
