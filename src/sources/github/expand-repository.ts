/** One repository by name: the API tells its clone address and whether anybody may read it. */
import { z } from 'zod'
import type { ListingTask } from '../../model/target.ts'
import { ask } from './ask.ts'
import type { GithubDeps } from './client.ts'
import { checkRepository } from './hosts.ts'
import { addRepository, type Expansion } from './repository-answer.ts'

type RepositoryTask = Extract<ListingTask, { kind: 'github-repository' }>

/**
 * One `git` task, or the problem that says why not.
 * @throws AppError, e.g. `not_found` where the repository does not exist or the token may not see it
 */
export async function expandRepository(
  task: RepositoryTask,
  deps: GithubDeps,
  signal: AbortSignal,
): Promise<Expansion> {
  checkRepository(task.owner, task.repo)
  const subject = `${task.owner}/${task.repo}`
  const { data } = await ask(deps, {
    route: 'GET /repos/{owner}/{repo}',
    params: { owner: task.owner, repo: task.repo },
    schema: z.unknown(),
    subject,
    signal,
  })
  const expansion: Expansion = { tasks: [], problems: [] }
  await addRepository(data, subject, expansion, deps, signal)
  return expansion
}
