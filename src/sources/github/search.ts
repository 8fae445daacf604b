/**
 * One page of code search. GitHub says `incomplete_results` when its search ran out of time: such an answer may
 * lack hits, so it is asked for again before it is taken with a problem beside it.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { SourceProblem } from '../../model/blob.ts'
import { type Answer, ask } from './ask.ts'
import type { GithubDeps } from './client.ts'
import { quote } from './hosts.ts'

/** Results GitHub gives for one query, however many it counts. */
export const resultCap = 1_000
/** GitHub's largest page. */
export const searchPageSize = 100
const tries = 3

const SearchAnswer = z.object({
  total_count: z.number().int().nonnegative(),
  incomplete_results: z.boolean(),
  items: z.array(z.unknown()).max(searchPageSize),
})

export interface SearchPage {
  total: number
  items: unknown[]
  hasNext: boolean
  /** GitHub ran out of time in every try. */
  problem: SourceProblem | null
}

/** @throws AppError, e.g. `unprocessable` for a query GitHub does not take, `unauthorized` without a token */
export async function searchCode(
  query: string,
  page: number,
  perPage: number,
  deps: GithubDeps,
  signal: AbortSignal,
): Promise<SearchPage> {
  for (let attempt = 1; ; attempt++) {
    const answer = await askSearch(query, page, perPage, deps, signal)
    const last = attempt === tries
    if (!answer.data.incomplete_results || last) {
      return {
        total: answer.data.total_count,
        items: answer.data.items,
        hasNext: answer.hasNext,
        problem: answer.data.incomplete_results ? incomplete(query, page) : null,
      }
    }
    await sleep(deps.limits.incompletePause * 2 ** (attempt - 1), undefined, { signal })
  }
}

function askSearch(
  query: string,
  page: number,
  perPage: number,
  deps: GithubDeps,
  signal: AbortSignal,
): Promise<Answer<z.infer<typeof SearchAnswer>>> {
  return ask(deps, {
    route: 'GET /search/code',
    params: { q: query, per_page: perPage, page },
    schema: SearchAnswer,
    subject: query,
    signal,
  })
}

function incomplete(query: string, page: number): SourceProblem {
  return {
    problem: 'error',
    code: 'timeout',
    subject: query,
    message: `GitHub's search for ${quote(query)} (page ${page}) ran out of time ${tries} times and may lack results`,
  }
}
