/**
 * Starts a scan of sources and of targets named on the spot. Such a target becomes a source that only what is
 * public may be acted on in, since nobody said it is ours; naming it takes the scope admin, because a target may
 * be a path of the server.
 */
import { AppError } from '../model/errors.ts'
import { type Db, type Tx, transact } from '../store/database.ts'
import { createScan } from '../store/scans.ts'
import { ensureSource, getSources, type SourceRow } from '../store/sources.ts'
import type { Actor } from './auth/require-scope.ts'
import { includesScope } from './auth/scopes.ts'
import { ProblemError } from './errors.ts'
import { taskOfTarget } from './task-of-target.ts'

export interface ScanRequest {
  source_ids?: readonly string[] | undefined
  targets?: readonly string[] | undefined
}

/** The id of the new scan, whose first tasks are on their way. */
export async function startScan(db: Db, request: ScanRequest, actor: Actor): Promise<string> {
  const targets = [...new Set(request.targets)].map((target) => ({ target, firstTask: taskOfTarget(target) }))
  if (targets.length > 0 && !includesScope(actor.scopes, 'admin')) {
    throw new ProblemError(
      'forbidden',
      'forbidden',
      'targets need a token with the scope "admin"; name source_ids',
    )
  }
  return transact(db, async (tx) => {
    const sources = await knownSources(tx, [...new Set(request.source_ids)])
    for (const { target, firstTask } of targets) {
      const source = await ensureSource(
        tx,
        { name: target, target, firstTask, authority: 'public' },
        actor.name,
      )
      if (source.target !== target) {
        throw new AppError('conflict', `the source named "${target}" has another target; scan it by its id`)
      }
      sources.push(source)
    }
    const firstTasks = sources.map((source) => ({ sourceId: source.id, task: source.firstTask }))
    const scan = await createScan(tx, { startedBy: actor.name, firstTasks: oncePerSource(firstTasks) })
    return scan.id
  })
}

async function knownSources(tx: Tx, ids: readonly string[]): Promise<SourceRow[]> {
  const sources = await getSources(tx, ids)
  const missing = ids.filter((id) => !sources.some((source) => source.id === id))
  if (missing.length > 0) throw new AppError('unprocessable', `there is no source "${missing.join('", "')}"`)
  return sources
}

/** A source may be named by its id and by its target. */
function oncePerSource<T extends { sourceId: string }>(tasks: readonly T[]): T[] {
  return [...new Map(tasks.map((task) => [task.sourceId, task])).values()]
}
