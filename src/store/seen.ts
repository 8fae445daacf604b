/** Content that was scanned whole under a set of detectors, so that a scheduled run reads only what is new. */
import { sql } from 'kysely'
import type { Db, Tx } from './database.ts'

/** Which of `keys` were scanned before in this source under these detectors. */
export async function seenAmong(
  db: Db | Tx,
  sourceId: string,
  detectorSet: string,
  keys: readonly string[],
): Promise<Set<string>> {
  if (keys.length === 0) return new Set()
  const rows = await db
    .selectFrom('seenContent')
    .select('contentKey')
    .where('sourceId', '=', sourceId)
    .where('detectorSet', '=', detectorSet)
    .where(sql<boolean>`content_key = any (${[...keys]}::text[])`)
    .execute()
  return new Set(rows.map((row) => row.contentKey))
}

export async function markSeen(
  db: Db | Tx,
  sourceId: string,
  detectorSet: string,
  keys: readonly string[],
): Promise<void> {
  const unique = [...new Set(keys)].sort()
  for (let start = 0; start < unique.length; start += 1000) {
    await db
      .insertInto('seenContent')
      .values(unique.slice(start, start + 1000).map((contentKey) => ({ sourceId, detectorSet, contentKey })))
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }
}
