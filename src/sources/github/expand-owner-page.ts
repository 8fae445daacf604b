/**
 * One page of an owner's repositories as `git` tasks. Sorted by creation, so that a
 * repository made while we page lands behind what was listed and shifts nothing.
 */
import { z } from 'zod'
import { AppError } from '../../model/errors.ts'
import type { ListingTask } from '../../model/target.ts'
import { type Answer, ask } from './ask.ts'
import type { GithubDeps } from './client.ts'
import { checkOwner, quote } from './hosts.ts'
import { addRepository, type Expansion } from './repository-answer.ts'

/** GitHub's largest page. */
const pageSize = 100

type OwnerPage = Extract<ListingTask, { kind: 'github-owner-page' }>
const Page = z.array(z.unknown()).max(pageSize)

/**
 * The repositories as `git` tasks and, where GitHub says there is more, the next page. Empty and disabled ones
 * are skipped problems.
 * @throws AppError when the page cannot be had, e.g. `not_found`, `rate_limited`
 */
export async function expandOwnerPage(
  task: OwnerPage,
  deps: GithubDeps,
  signal: AbortSignal,
): Promise<Expansion> {
  checkOwner(task.owner)
  const { data, hasNext } = await listPage(task, deps, signal)
  const expansion: Expansion = { tasks: [], problems: [] }
  for (const item of data) await addRepository(item, task.owner, expansion, deps, signal)
  if (hasNext) addNextPage(task, expansion, deps)
  return expansion
}

/** The name alone does not tell an organisation from a user. */
async function listPage(task: OwnerPage, deps: GithubDeps, signal: AbortSignal): Promise<Answer<unknown[]>> {
  const paging = { sort: 'created', direction: 'asc', per_page: pageSize, page: task.page }
  const common = { schema: Page, subject: task.owner, signal }
  try {
    return await ask(deps, {
      ...common,
      route: 'GET /orgs/{org}/repos',
      params: { org: task.owner, type: 'all', ...paging },
    })
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'not_found') throw error
  }
  return ask(deps, {
    ...common,
    route: 'GET /users/{username}/repos',
    params: { username: task.owner, type: 'owner', ...paging },
  })
}

function addNextPage(task: OwnerPage, expansion: Expansion, deps: GithubDeps): void {
  if (task.page < deps.limits.maxPages) {
    expansion.tasks.push({ ...task, page: task.page + 1 })
    return
  }
  deps.log.warn({ owner: task.owner, page: task.page }, 'listing of GitHub cut at the page limit')
  expansion.problems.push({
    problem: 'error',
    code: 'too_large',
    subject: task.owner,
    message: `the repositories of ${quote(task.owner)} do not end after ${task.page} pages; what follows is left out`,
  })
}
