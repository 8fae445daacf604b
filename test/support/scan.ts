/** A source and a running scan of it, as most tests of the store need. */
import type { Task } from '../../src/model/target.ts'
import type { Db } from '../../src/store/database.ts'
import { createScan } from '../../src/store/scans.ts'
import { ensureSource } from '../../src/store/sources.ts'

export const ownerPage: Task = { kind: 'github-owner-page', owner: 'acme', page: 1 }

export async function startTestScan(db: Db, tasks: readonly Task[] = [ownerPage]) {
  const source = await ensureSource(
    db,
    { name: 'acme', target: 'github:acme', firstTask: ownerPage, authority: 'owned' },
    'test',
  )
  const firstTasks = tasks.map((task) => ({ sourceId: source.id, task }))
  const scan = await createScan(db, { startedBy: 'test', firstTasks })
  const rows = await db
    .selectFrom('task')
    .select(['id', 'kind'])
    .where('scanId', '=', scan.id)
    .orderBy('createdAt')
    .execute()
  return { sourceId: source.id, scanId: scan.id, taskIds: rows.map((row) => row.id) }
}
