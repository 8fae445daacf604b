/**
 * Cursors of paged lists: the sort key of a row and its id, as base64url of JSON. They are checked whole when
 * they come back (form, times, ids, and that they belong to this sort order), so signing them would add nothing:
 * whoever makes one up only names another place in a list they may read anyway.
 */
import { z } from 'zod'
import { ProblemError } from './errors.ts'

/** Where a page begins or ends. `key` orders the list, `id` breaks ties. */
export interface Cursor {
  /** Sort order it was made for, for example `created desc`. */
  order: string
  /** A time with microseconds, as the database prints it, or a decimal number. */
  key: string
  id: string
}

const timeKey = z
  .string()
  .regex(/^[1-9]\d{3}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z$/)
  // PostgreSQL refuses the 30th of February, which a pattern lets through and `Date` turns into March.
  .refine((key) => isoOf(key) === `${key.slice(0, 23)}Z`)
const numberKey = z.string().regex(/^\d{1,18}$/)
const order = z.string().max(40)

const cursorSchemas = {
  times: z.tuple([z.literal(1), order, timeKey, z.uuid()]),
  numbers: z.tuple([z.literal(1), order, numberKey, numberKey]),
}

export function encodeCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify([1, cursor.order, cursor.key, cursor.id])).toString('base64url')
}

/** @throws ProblemError 400 when it is not one of ours or of another sort order */
export function decodeCursor(text: string, order: string, keys: 'times' | 'numbers'): Cursor {
  const parsed = cursorSchemas[keys].safeParse(parseJson(text))
  if (!parsed.success || encodeCursor(toCursor(parsed.data)) !== text) {
    throw broken('the cursor is broken; follow the Link header of a page instead of building one')
  }
  const cursor = toCursor(parsed.data)
  if (cursor.order !== order) {
    throw broken('the cursor belongs to another sort order; begin again without it')
  }
  return cursor
}

function toCursor([, order, key, id]: z.infer<(typeof cursorSchemas)['times']>): Cursor {
  return { order, key, id }
}

function isoOf(key: string): string | undefined {
  const time = new Date(key)
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString()
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString())
  } catch {
    return undefined
  }
}

function broken(detail: string): ProblemError {
  return new ProblemError('invalid_input', 'invalid-cursor', detail)
}
