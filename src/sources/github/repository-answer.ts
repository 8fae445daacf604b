/**
 * What a repository of the API becomes: a `git` task, or a problem that says why it is left out. Listings and
 * single repositories have the same fields here.
 */
import { z } from 'zod'
import type { SourceProblem } from '../../model/blob.ts'
import { AppError } from '../../model/errors.ts'
import type { ReadingTask, Task } from '../../model/target.ts'
import { ask } from './ask.ts'
import type { GithubDeps } from './client.ts'
import { parseFullName, quote, trustedCloneUrl, trustedPageUrl } from './hosts.ts'

/** What a listing task yields. */
export interface Expansion {
  tasks: Task[]
  problems: SourceProblem[]
}

const RepositoryAnswer = z.object({
  full_name: z.string().max(300),
  private: z.boolean(),
  clone_url: z.string().max(2_000),
  html_url: z.string().max(2_000),
  disabled: z.boolean().nullish(),
  /** Kilobytes; 0 also where GitHub has not counted yet. */
  size: z.number().nullish(),
})
type RepositoryAnswer = z.infer<typeof RepositoryAnswer>

/** Adds what GitHub says about one repository. One of the wrong shape is one problem, not the loss of its page. */
export async function addRepository(
  item: unknown,
  subject: string,
  expansion: Expansion,
  deps: GithubDeps,
  signal: AbortSignal,
): Promise<void> {
  const parsed = RepositoryAnswer.safeParse(item)
  if (!parsed.success) {
    expansion.problems.push({
      problem: 'error',
      code: 'remote_failed',
      subject,
      message: `GitHub described a repository of ${quote(subject)} in a form we do not know; it is left out`,
    })
    return
  }
  const result = await repositoryTask(parsed.data, deps, signal)
  if ('problem' in result) expansion.problems.push(result)
  else expansion.tasks.push(result)
}

/** Archived repositories and forks are read like all others: a leak in them works just as well. */
async function repositoryTask(
  answer: RepositoryAnswer,
  deps: GithubDeps,
  signal: AbortSignal,
): Promise<ReadingTask | SourceProblem> {
  const name = parseFullName(answer.full_name)
  if (name === null) {
    return problem('remote_failed', answer.full_name, 'is not the name of a repository; it is left out')
  }
  if (answer.disabled === true) {
    return skipped('forbidden', answer.full_name, 'is disabled by GitHub and cannot be read')
  }
  const location = trustedCloneUrl(answer.clone_url, name, deps.webOrigins)
  if (location === null) {
    return problem(
      'blocked_target',
      answer.full_name,
      'has a clone address that does not belong to its GitHub; it is not cloned, so that the token stays here',
    )
  }
  if (answer.size === 0 && (await isEmpty(answer.full_name, deps, signal))) {
    return skipped('empty', answer.full_name, 'has no commits yet')
  }
  return {
    kind: 'git',
    location,
    repository: answer.full_name,
    public: !answer.private,
    url: trustedPageUrl(answer.html_url, deps.webOrigins),
  }
}

/** GitHub answers 409 for the commits of an empty repository; when in doubt it is not empty. */
async function isEmpty(fullName: string, deps: GithubDeps, signal: AbortSignal): Promise<boolean> {
  const name = parseFullName(fullName)
  try {
    await ask(deps, {
      route: 'GET /repos/{owner}/{repo}/commits',
      params: { ...name, per_page: 1 },
      schema: z.unknown(),
      subject: fullName,
      signal,
    })
    return false
  } catch (error) {
    if (signal.aborted) throw error
    return error instanceof AppError && error.code === 'conflict'
  }
}

function skipped(code: 'forbidden' | 'empty', fullName: string, what: string): SourceProblem {
  return { problem: 'skipped', code, subject: fullName, message: `the repository ${quote(fullName)} ${what}` }
}

function problem(code: 'remote_failed' | 'blocked_target', fullName: string, what: string): SourceProblem {
  return { problem: 'error', code, subject: quote(fullName), message: `${quote(fullName)} ${what}` }
}
