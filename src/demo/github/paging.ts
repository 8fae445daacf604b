/** GitHub's pages: `page` and `per_page`, and the Link header that names the neighbours. */
import type { Call } from './answer.ts'

export interface PageRequest {
  page: number
  perPage: number
}

/** Values out of range are moved into it, as GitHub does. */
export function pageOf(call: Call): PageRequest {
  return {
    page: Math.max(whole(call.query.get('page'), 1), 1),
    perPage: Math.min(Math.max(whole(call.query.get('per_page'), 30), 1), 100),
  }
}

export function slicePage<T>(all: readonly T[], { page, perPage }: PageRequest): T[] {
  return all.slice((page - 1) * perPage, page * perPage)
}

/** The `link` header, or none where everything fits on one page. */
export function linkHeader(
  call: Call,
  path: string,
  { page, perPage }: PageRequest,
  total: number,
): Record<string, string> {
  const last = Math.max(Math.ceil(total / perPage), 1)
  const links: [string, number][] = []
  if (page > 1) links.push(['prev', Math.min(page - 1, last)])
  if (page < last) links.push(['next', page + 1], ['last', last])
  if (page > 1) links.push(['first', 1])
  if (links.length === 0) return {}
  const format = ([rel, target]: [string, number]) => {
    const query = new URLSearchParams(call.query)
    query.set('page', String(target))
    return `<${call.world.apiUrl}${path}?${query.toString()}>; rel="${rel}"`
  }
  return { link: links.map(format).join(', ') }
}

function whole(text: string | null, otherwise: number): number {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : otherwise
}
