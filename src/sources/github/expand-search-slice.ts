/**
 * A slice of a code search: its results are counted, and it becomes its first page where they fit under GitHub's
 * cap of 1,000, else two smaller slices. Each slice is a task of its own, so a killed run goes on where it was.
 */
import type { GithubDeps } from './client.ts'
import { quote } from './hosts.ts'
import type { Expansion } from './repository-answer.ts'
import { resultCap, searchCode } from './search.ts'
import { type SearchSlice, sliceQuery, splitSlice } from './slice.ts'

/**
 * Smaller slices or the first page. Where nothing is left to cut by, the 1,000 results GitHub gives are taken
 * and a problem tells both counts.
 * @throws AppError, e.g. `unprocessable` for a query GitHub does not take
 */
export async function expandSearchSlice(
  task: SearchSlice,
  deps: GithubDeps,
  signal: AbortSignal,
): Promise<Expansion> {
  const query = sliceQuery(task)
  const { total, problem } = await searchCode(query, 1, 1, deps, signal)
  const problems = problem === null ? [] : [problem]
  if (total === 0) return { tasks: [], problems }
  const firstPage = { kind: 'github-search-page', query, page: 1 } as const
  if (total <= resultCap) return { tasks: [firstPage], problems }
  const parts = splitSlice(task)
  // The parts are counted anew: what this count lacks matters no more.
  if (parts !== null) return { tasks: parts, problems: [] }
  deps.log.warn({ query, total }, 'code search cut at the result limit')
  return {
    tasks: [firstPage],
    problems: [
      ...problems,
      {
        problem: 'error',
        code: 'too_large',
        subject: query,
        message: `the search ${quote(query)} has ${total} results, GitHub gives ${resultCap}; ${total - resultCap} are not read, so narrow the query`,
      },
    ],
  }
}
