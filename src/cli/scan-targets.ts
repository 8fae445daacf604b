/**
 * Reads all targets of one scan: listings bring more tasks, tasks run a few at a time in the order they came. An
 * error of one never stops another.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { ListingTask, Target, Task } from '../model/target.ts'
import { isListing } from '../model/target.ts'
import type { Sources } from '../sources/open.ts'
import { firstTask } from '../sources/target.ts'
import { reportFailure } from './scan-blob.ts'
import { type Found, nameOfTask, scanUnit, type UnitParts } from './scan-unit.ts'

export interface TargetParts extends UnitParts {
  sources: Sources
  /** Tasks at one time. */
  tasks: number
}

/** How long tasks may take to notice an interrupt before the scan ends without them. */
const graceMilliseconds = 3_000

/** Everything found, also where the scan was interrupted; `mergeHits` brings it into a stable order. */
export async function scanTargets(targets: readonly Target[], parts: TargetParts): Promise<Found[]> {
  const found: Found[] = []
  // A task is done at most once: a target named twice, or a listing that leads back to itself.
  const met = new Set<string>()
  const waiting = new Set<Task>()
  const add = (tasks: readonly Task[]): void => {
    for (const task of tasks) {
      if (task.kind !== 's3-objects') {
        const name = JSON.stringify(task)
        if (met.has(name)) continue
        met.add(name)
      }
      waiting.add(task)
      parts.tally.tasksStarted += 1
    }
  }
  const running = new Set<Promise<void>>()
  const start = (task: Task): void => {
    waiting.delete(task)
    const run = runTask(task, parts, add, found).finally(() => running.delete(run))
    running.add(run)
  }

  const interrupt = new Promise<void>((resolve) => {
    parts.signal.addEventListener('abort', () => resolve(), { once: true })
  })

  add(targets.map(firstTask))
  while (!parts.signal.aborted) {
    for (const task of waiting) {
      if (running.size >= parts.tasks) break
      start(task)
    }
    if (running.size === 0) break
    await Promise.race([...running, interrupt])
  }
  if (parts.signal.aborted) await Promise.race([Promise.all(running), sleep(graceMilliseconds)])
  return found
}

async function runTask(
  task: Task,
  parts: TargetParts,
  add: (tasks: readonly Task[]) => void,
  found: Found[],
): Promise<void> {
  parts.tally.current = nameOfAny(task)
  try {
    if (isListing(task)) add(await list(task, parts))
    else for (const one of await scanUnit(task, parts)) found.push(one)
  } catch (error) {
    reportFailure(error, nameOfAny(task), parts)
  }
  parts.tally.tasksDone += 1
  parts.onProgress()
}

async function list(task: ListingTask, parts: TargetParts): Promise<Task[]> {
  const started = performance.now()
  try {
    const listed = await parts.sources.expand(task, parts.signal)
    for (const problem of listed.problems) parts.report(problem)
    return listed.tasks
  } finally {
    parts.tally.milliseconds.list += performance.now() - started
  }
}

function nameOfAny(task: Task): string {
  switch (task.kind) {
    case 'github-owner-page':
      return `github:${task.owner}`
    case 'github-repository':
      return `github:${task.owner}/${task.repo}`
    case 'github-search-slice':
    case 'github-search-page':
      return `github-search:${task.query}`
    case 's3-list-page':
      return `s3://${task.bucket}/${task.prefix}`
    default:
      return nameOfTask(task)
  }
}
