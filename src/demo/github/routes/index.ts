/** The REST routes of the demo's GitHub by their templates, and the limit each counts against. */
import type { Answer, Call } from '../answer.ts'
import type { Resource } from '../limits.ts'
import { listCommits } from './commits.ts'
import { getBlob, getContents } from './git-data.ts'
import { getRepository, listForOrganisation, listForUser } from './repositories.ts'
import { searchCode } from './search.ts'

export interface Route {
  /** As in GitHub's OpenAPI description; a last `{path}` takes the rest of the address. */
  template: string
  resource: Resource
  handle(call: Call): Answer | Promise<Answer>
}

const routes: readonly Route[] = [
  { template: '/orgs/{org}/repos', resource: 'core', handle: listForOrganisation },
  { template: '/users/{username}/repos', resource: 'core', handle: listForUser },
  { template: '/repos/{owner}/{repo}', resource: 'core', handle: getRepository },
  { template: '/repos/{owner}/{repo}/commits', resource: 'core', handle: listCommits },
  { template: '/repos/{owner}/{repo}/git/blobs/{file_sha}', resource: 'core', handle: getBlob },
  { template: '/repos/{owner}/{repo}/contents/{path}', resource: 'core', handle: getContents },
  { template: '/search/code', resource: 'code_search', handle: searchCode },
]

export interface RouteMatch {
  route: Route
  params: Record<string, string>
}

/** @param path without the API's prefix, still percent-encoded */
export function matchRoute(path: string): RouteMatch | null {
  for (const route of routes) {
    const params = matchTemplate(route.template, path)
    if (params !== null) return { route, params }
  }
  return null
}

function matchTemplate(template: string, path: string): Record<string, string> | null {
  const wanted = template.split('/')
  const given = path.split('/')
  if (wanted.at(-1) === '{path}' && given.length > wanted.length) {
    given.splice(wanted.length - 1, Number.POSITIVE_INFINITY, given.slice(wanted.length - 1).join('/'))
  }
  if (wanted.length !== given.length) return null
  const params: Record<string, string> = {}
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? ''
    if (!part.startsWith('{')) {
      if (part !== value) return null
      continue
    }
    const decoded = decode(value)
    if (decoded === null || decoded === '') return null
    params[part.slice(1, -1)] = decoded
  }
  return params
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}
