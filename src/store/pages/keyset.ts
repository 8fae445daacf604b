/**
 * Pages by key: the rows after or before a row, by sort key and id, so that rows inserted meanwhile neither shift
 * nor repeat a page, and page 10,000 costs what page 1 does. Keys of times travel as text with microseconds,
 * because a JavaScript date would cut them off and skip or repeat rows.
 */
import { type RawBuilder, type SelectQueryBuilder, sql } from 'kysely'
import type { Tables } from '../tables.ts'

/** Where a page begins or ends: `YYYY-MM-DDTHH:MM:SS.ffffffZ` or a decimal number, and the id that breaks ties. */
export interface PageKey {
  key: string
  id: string
}

export interface PageRequest {
  /** 1 and more. */
  limit: number
  direction: 'asc' | 'desc'
  after?: PageKey | undefined
  before?: PageKey | undefined
}

export interface KeyedPage<R> {
  rows: R[]
  /** Key to ask the next page after; null when there is none. */
  next: PageKey | null
  /** Key to ask the page before; null when this is the first. */
  prev: PageKey | null
}

/** What a list is sorted by: a time with an id, or a number that is unique by itself. */
export type SortKey = { time: string; id: string } | { number: string }

/** What the query adds to each row to page by; taken out again before rows are given back. */
export interface Keyed {
  pageKey: string
  pageId: string
}

/** Runs `query` for one page. `sort` names columns as `table.column`. */
export async function keyedPage<TB extends keyof Tables, O>(
  query: SelectQueryBuilder<Tables, TB, O>,
  sort: SortKey,
  page: PageRequest,
): Promise<KeyedPage<Omit<O & Keyed, keyof Keyed>>> {
  const backwards = page.before !== undefined
  const ascending = (page.direction === 'asc') !== backwards
  const from = page.before ?? page.after
  let keyed = query.select([keyText(sort).as('pageKey'), idText(sort).as('pageId')])
  if (from !== undefined) keyed = keyed.where(beyond(sort, ascending, from))
  for (const column of columns(sort)) keyed = keyed.orderBy(sql.ref(column), ascending ? 'asc' : 'desc')
  const found = (await keyed.limit(page.limit + 1).execute()) as (O & Keyed)[]

  const rows = found.slice(0, page.limit)
  if (backwards) rows.reverse()
  const more = found.length > page.limit
  const last = rows.at(-1)
  const first = rows[0]
  return {
    rows: rows.map(({ pageKey: _key, pageId: _id, ...row }) => row),
    next: last !== undefined && (backwards || more) ? { key: last.pageKey, id: last.pageId } : null,
    prev:
      first !== undefined && (backwards ? more : page.after !== undefined)
        ? { key: first.pageKey, id: first.pageId }
        : null,
  }
}

function columns(sort: SortKey): string[] {
  return 'time' in sort ? [sort.time, sort.id] : [sort.number]
}

function keyText(sort: SortKey): RawBuilder<string> {
  if ('number' in sort) return sql<string>`${sql.ref(sort.number)}::text`
  return sql<string>`to_char(${sql.ref(sort.time)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
}

function idText(sort: SortKey): RawBuilder<string> {
  return sql<string>`${sql.ref('time' in sort ? sort.id : sort.number)}::text`
}

function beyond(sort: SortKey, ascending: boolean, from: PageKey): RawBuilder<boolean> {
  const than = sql.raw(ascending ? '>' : '<')
  if ('number' in sort) return sql<boolean>`${sql.ref(sort.number)} ${than} ${from.key}::bigint`
  return sql<boolean>`(${sql.ref(sort.time)}, ${sql.ref(sort.id)}) ${than} (${from.key}::timestamptz, ${from.id}::uuid)`
}
