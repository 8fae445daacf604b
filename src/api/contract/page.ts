/**
 * Paging by cursor, as GitHub does it: `per_page`, `before`, `after`, and `Link` headers with `rel="next"` and
 * `rel="prev"`. Clients follow the links and never build a cursor themselves.
 */
import { z } from 'zod'

const cursor = z.string().trim().min(1).max(500).describe('Opaque; taken from a Link header')

const pageQuery = {
  per_page: z.coerce.number<string>().int().min(1).max(100).default(30).describe('1 to 100, 30 by default'),
  before: cursor.optional(),
  after: cursor.optional(),
}

/** The query of a paged list with these filters; members not named are refused. */
export function pagedQuery<T extends z.ZodRawShape>(filters: T) {
  return z
    .strictObject({ ...filters, ...pageQuery })
    .refine(
      (query) =>
        !('before' in query && query.before !== undefined && 'after' in query && query.after !== undefined),
      {
        message: 'before and after exclude each other',
        path: ['before'],
      },
    )
}
