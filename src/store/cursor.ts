/**
 * Cursors of lists: the sort key and the id of the last row, opaque to callers. Times travel as PostgreSQL's own
 * text, because a JavaScript date loses the microseconds and would skip or repeat rows.
 */
import { AppError } from '../model/errors.ts'

export interface Position {
  at: string
  id: string
}

/** A page of a list; `next` is the cursor of the page after it, null at the end. */
export interface Page<T> {
  rows: T[]
  next: string | null
}

export function encodeCursor(position: Position): string {
  return Buffer.from(`${position.at}|${position.id}`).toString('base64url')
}

/** `AppError` (invalid_input) for anything that `encodeCursor` did not make. */
export function decodeCursor(cursor: string): Position {
  const text = Buffer.from(cursor, 'base64url').toString()
  const match = /^(\d{4,6}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?[+-]\d\d(?::\d\d)?)\|([0-9a-f-]{36})$/.exec(text)
  if (!match?.[1] || !match[2]) {
    throw new AppError('invalid_input', `"${cursor.slice(0, 40)}" is not a cursor of this list`)
  }
  return { at: match[1], id: match[2] }
}

/** Cuts the one row too many that tells whether there is a next page. */
export function toPage<R extends { cursor_at: string; id: string }>(
  rows: R[],
  limit: number,
): Page<Omit<R, 'cursor_at'>> {
  const last = rows.length > limit ? rows[limit - 1] : undefined
  return {
    rows: rows.slice(0, limit).map(({ cursor_at: _, ...row }) => row),
    next: last ? encodeCursor({ at: last.cursor_at, id: last.id }) : null,
  }
}
