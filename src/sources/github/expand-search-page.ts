/**
 * One page of code search as `github-blob` tasks, and the next page while GitHub says there is one. Results are
 * hints: the blob they name is fetched and scanned whole.
 */
import { z } from 'zod'
import type { SourceProblem } from '../../model/blob.ts'
import type { ListingTask, ReadingTask } from '../../model/target.ts'
import type { GithubDeps } from './client.ts'
import { parseFullName, quote, trustedPageUrl } from './hosts.ts'
import type { Expansion } from './repository-answer.ts'
import { resultCap, searchCode, searchPageSize } from './search.ts'

type SearchPageTask = Extract<ListingTask, { kind: 'github-search-page' }>
type BlobTask = Extract<ReadingTask, { kind: 'github-blob' }>

const SearchItem = z.object({
  // Longer paths do not exist in git's index (PATH_MAX).
  path: z.string().min(1).max(4_096),
  sha: z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/),
  html_url: z.string().max(20_000),
  repository: z.object({ full_name: z.string().max(300), private: z.boolean() }),
})
type SearchItem = z.infer<typeof SearchItem>

/**
 * Each blob once, by repository, path and object id.
 * @throws AppError when the page cannot be had
 */
export async function expandSearchPage(
  task: SearchPageTask,
  deps: GithubDeps,
  signal: AbortSignal,
): Promise<Expansion> {
  const page = await searchCode(task.query, task.page, searchPageSize, deps, signal)
  const expansion: Expansion = { tasks: [], problems: page.problem === null ? [] : [page.problem] }
  const met = new Set<string>()
  for (const item of page.items) {
    const blob = toBlobTask(item, task.query, deps)
    if ('problem' in blob) {
      expansion.problems.push(blob)
      continue
    }
    const key = JSON.stringify([blob.repository, blob.path, blob.blobSha])
    if (!met.has(key)) expansion.tasks.push(blob)
    met.add(key)
  }
  // Past the cap GitHub answers 422, whatever its Link header said.
  if (page.hasNext && task.page * searchPageSize < resultCap) {
    expansion.tasks.push({ ...task, page: task.page + 1 })
  } else if (page.total > resultCap) {
    deps.log.warn({ query: task.query, total: page.total }, 'code search cut at the result limit')
    expansion.problems.push(cutOff(task.query, page.total))
  }
  return expansion
}

/** Told by the last page, which knows the count that holds: results may have come since the slice was counted. */
function cutOff(query: string, total: number): SourceProblem {
  return {
    problem: 'error',
    code: 'too_large',
    subject: query,
    message: `the search ${quote(query)} has ${total} results, GitHub gives ${resultCap}; ${total - resultCap} are not read, so narrow the query`,
  }
}

function toBlobTask(item: unknown, query: string, deps: GithubDeps): BlobTask | SourceProblem {
  const parsed = SearchItem.safeParse(item)
  if (!parsed.success || parseFullName(parsed.data.repository.full_name) === null) return unknownForm(query)
  const { path, sha, repository, html_url } = parsed.data
  return {
    kind: 'github-blob',
    repository: repository.full_name,
    path,
    blobSha: sha,
    public: !repository.private,
    url: trustedPageUrl(html_url, deps.webOrigins) ?? pageUrl(parsed.data, deps.webOrigins[0]),
  }
}

function unknownForm(query: string): SourceProblem {
  return {
    problem: 'error',
    code: 'remote_failed',
    subject: query,
    message: `GitHub described a result of the search ${quote(query)} in a form we do not know; it is left out`,
  }
}

/** GitHub's own form, for an answer whose link leads elsewhere. */
function pageUrl(item: SearchItem, webOrigin: string): string {
  const path = item.path.split('/').map(encodeURIComponent).join('/')
  return `${webOrigin}/${item.repository.full_name}/blob/HEAD/${path}`
}
