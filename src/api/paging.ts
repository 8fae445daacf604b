/** Between a query with cursors, the page the store gives, and the `Link` header that leads to its neighbours. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { KeyedPage, PageKey, PageRequest } from '../store/pages/keyset.ts'
import { decodeCursor, encodeCursor } from './cursor.ts'

interface PageQuery {
  per_page: number
  before?: string | undefined
  after?: string | undefined
}

/**
 * How a list is sorted. `name` is bound into cursors, so that one is not used in another list.
 */
export interface Order {
  name: string
  direction: 'asc' | 'desc'
  /** What the list is sorted by; times by default. */
  keys?: 'times' | 'numbers'
}

/** @throws ProblemError 400 for a cursor that is broken or of another order */
export function pageRequest(query: PageQuery, order: Order): PageRequest {
  const read = (text: string | undefined): PageKey | undefined =>
    text === undefined ? undefined : decodeCursor(text, orderName(order), order.keys ?? 'times')
  return {
    limit: query.per_page,
    direction: order.direction,
    after: read(query.after),
    before: read(query.before),
  }
}

/** Sets `Link` with rel next and prev, where there are such pages, and gives the rows. */
export function linkPages<R>(
  request: FastifyRequest,
  reply: FastifyReply,
  order: Order,
  page: KeyedPage<R>,
): R[] {
  const links: string[] = []
  if (page.next !== null) links.push(link(request, 'after', page.next, order, 'next'))
  if (page.prev !== null) links.push(link(request, 'before', page.prev, order, 'prev'))
  if (links.length > 0) reply.header('link', links.join(', '))
  return page.rows
}

function link(
  request: FastifyRequest,
  side: 'after' | 'before',
  key: PageKey,
  order: Order,
  rel: 'next' | 'prev',
): string {
  const [path = '', search = ''] = request.url.split('?', 2)
  const query = new URLSearchParams(search)
  query.delete('after')
  query.delete('before')
  query.set(side, encodeCursor({ ...key, order: orderName(order) }))
  return `<${path}?${query.toString()}>; rel="${rel}"`
}

function orderName(order: Order): string {
  return `${order.name} ${order.direction}`
}
