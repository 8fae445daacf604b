/** Where credentials stand. A place is one row however often it is met; meeting it again moves `last_seen_at`. */
import { createHash } from 'node:crypto'
import { type Selectable, sql } from 'kysely'
import type { FoundPlace } from '../model/finding.ts'
import { cleanText } from './clean-parameter.ts'
import type { Db, Tx } from './database.ts'
import { type Tables, toJson } from './tables.ts'

export type PlaceRow = Selectable<Tables['place']> & {
  /** Authority of the source that met it; null when the source is gone. */
  authority: 'owned' | 'public' | null
}

/** Adds the places that are not there yet; gives those. */
export async function addPlaces(
  tx: Tx,
  findingId: string,
  sourceId: string,
  places: readonly FoundPlace[],
): Promise<FoundPlace[]> {
  const byKey = new Map(places.map((place) => [placeKey(place), place]))
  // In one order always: two workers that meet the same places then wait for each other instead of deadlocking.
  const entries = [...byKey].sort(([a], [b]) => (a < b ? -1 : 1))
  const added: FoundPlace[] = []
  for (let start = 0; start < entries.length; start += 1000) {
    const rows = await tx
      .insertInto('place')
      .values(
        entries.slice(start, start + 1000).map(([key, place]) => ({
          findingId,
          sourceId,
          placeKey: key,
          type: place.type,
          details: toJson(place),
        })),
      )
      .onConflict((conflict) =>
        conflict.constraint('place_once').doUpdateSet({ lastSeenAt: sql<Date>`now()` }),
      )
      // xmax is 0 in a row that was inserted, set in one that was updated.
      .returning(['placeKey', sql<boolean>`(xmax = 0)`.as('isNew')])
      .execute()
    for (const row of rows) {
      const place = byKey.get(row.placeKey)
      if (row.isNew && place) added.push(place)
    }
  }
  return added
}

/** Oldest first, at most `limit`. */
export async function placesOf(db: Db | Tx, findingId: string, limit = 1000): Promise<PlaceRow[]> {
  return db
    .selectFrom('place')
    .leftJoin('source', 'source.id', 'place.sourceId')
    .selectAll('place')
    .select('source.authority')
    .where('place.findingId', '=', findingId)
    .orderBy('place.firstSeenAt')
    .orderBy('place.id')
    .limit(limit)
    .execute()
}

/** Where people look, whatever the version: what tells a new leak from an edit beside an old one. */
export function siteOf(place: FoundPlace): string {
  const parts = [place.type, place.repository, place.bucket, place.key ?? place.path, place.archive_path]
  return JSON.stringify(parts.map((part) => cleanText(part ?? '')))
}

/** Sites of the finding that were known before these places were added. */
export async function hasOtherSite(
  tx: Tx,
  findingId: string,
  added: readonly FoundPlace[],
): Promise<boolean> {
  const addedKeys = new Set(added.map(placeKey))
  const rows = await tx
    .selectFrom('place')
    .select(['placeKey', 'details'])
    .where('findingId', '=', findingId)
    .execute()
  const known = new Set(rows.filter((row) => !addedKeys.has(row.placeKey)).map((row) => siteOf(row.details)))
  return added.some((place) => !known.has(siteOf(place)))
}

/** SHA-256 over what makes two meetings the same place: the site, its version and the span in it. */
function placeKey(place: FoundPlace): string {
  const parts = [
    siteOf(place),
    place.commit_sha ?? place.version_id ?? place.etag ?? place.blob_sha ?? null,
    place.byte_start,
    place.byte_end,
    place.decoding ?? null,
  ]
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}
