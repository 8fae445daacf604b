/** Scans as the API lists them, and what they could not read. */
import type { Db } from '../database.ts'
import type { ScanState } from '../tables.ts'
import { keyedPage, type PageRequest } from './keyset.ts'

export async function pageScans(
  db: Db,
  filter: { state?: readonly ScanState[] | undefined; scheduleId?: string | undefined },
  page: PageRequest,
) {
  let query = db
    .selectFrom('scan')
    .select([
      'scan.id',
      'scan.scheduleId',
      'scan.startedBy',
      'scan.state',
      'scan.createdAt',
      'scan.finishedAt',
    ])
  if (filter.state) query = query.where('scan.state', 'in', [...filter.state])
  if (filter.scheduleId) query = query.where('scan.scheduleId', '=', filter.scheduleId)
  return keyedPage(query, { time: 'scan.createdAt', id: 'scan.id' }, page)
}

export async function pageProblems(
  db: Db,
  filter: { scanId: string; problem?: readonly ('error' | 'skipped')[] | undefined },
  page: PageRequest,
) {
  let query = db
    .selectFrom('taskProblem')
    .select(['taskProblem.problem', 'taskProblem.code', 'taskProblem.subject', 'taskProblem.message'])
    .where('taskProblem.scanId', '=', filter.scanId)
  if (filter.problem) query = query.where('taskProblem.problem', 'in', [...filter.problem])
  return keyedPage(query, { number: 'taskProblem.id' }, page)
}
