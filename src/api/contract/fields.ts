/**
 * The small schemas all routes share. Strings are trimmed and bounded, and hold no NUL: PostgreSQL cannot
 * store one, so it has to be refused here with a pointer instead of failing there.
 */
import { z } from 'zod'

export const id = z.uuid().describe('A UUID')

/** A time as answered: ISO 8601 in UTC with `Z`. */
export const time = z.iso.datetime()

/** Text from outside of 1 to `max` characters, once trimmed. */
export function text(max: number) {
  return z
    .string()
    .trim()
    .min(1)
    .max(max)
    .refine((value) => !value.includes('\0'), 'must not hold a NUL character')
}

/** Why somebody changes a state; kept in the audit log. */
export const reason = text(500).describe('Why; kept in the audit log')

/** `a,b,c` in a query: each part one of `values`, at most one of each. */
export function listOf<const T extends readonly [string, ...string[]]>(values: T) {
  return commaList(z.enum(values))
}

/** `a,b,c` in a query, at most 50 parts of one slug each. */
export const slugList = commaList(
  z
    .string()
    .max(100)
    .regex(/^[A-Za-z0-9_.-]+$/, 'must be letters, digits, dots, dashes and underscores'),
)

function commaList<T extends z.ZodType<string, string>>(part: T) {
  return z
    .string()
    .trim()
    .min(1)
    .max(4000)
    .transform((value) => [...new Set(value.split(',').map((one) => one.trim()))])
    .pipe(z.array(part).max(50))
}

export const idParams = z.strictObject({ id })

/** The body of an answer that has none. */
export const noContent = z.undefined().describe('Done')
