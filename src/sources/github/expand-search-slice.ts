/**
 * A slice of a code search: its results are counted, and it becomes its first page where they fit under GitHub's
 * cap of 1,000, else two smaller slices. Each slice is a task of its own, so a killed run goes on where it was.
 */
import type { GithubDeps } from './client.ts'
import type { Expansion } from './repository-answer.ts'
import { resultCap, searchCode } from './search.ts'
import { type SearchSlice, sliceQuery, splitSlice } from './slice.ts'

/**
 * Smaller slices or the first page. Where nothing is left to cut by, its pages are read as far as GitHub gives
 * them, and the last one tells what is missing.
 * @throws AppError, e.g. `unprocessable` for a query GitHub does not take
 */
export async function expandSearchSlice(
  task: SearchSlice,
  deps: GithubDeps,
  signal: AbortSignal,
): Promise<Expansion> {
  const query = sliceQuery(task)
  const { total, problem } = await searchCode(query, 1, 1, deps, signal)
  // Where the results are too many, the parts are counted anew: what this count lacks matters no more.
  const parts = total > resultCap ? splitSlice(task) : null
  if (parts !== null) return { tasks: parts, problems: [] }
  return {
    tasks: total === 0 ? [] : [{ kind: 'github-search-page', query, page: 1 }],
    problems: problem === null ? [] : [problem],
  }
}
