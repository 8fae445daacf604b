/**
 * GitHub's code-search query (the REST one): terms and "quoted phrases", all of which a file must hold, and
 * qualifiers, each of which may be negated with `-`. Case does not matter.
 */
import { basename, extname } from 'node:path'
import { validationFailed } from './answer.ts'
import type { IndexedFile } from './search-index.ts'
import { type DemoRepository, same } from './world.ts'

export interface SearchQuery {
  terms: string[]
  qualifiers: { name: string; value: string; negated: boolean }[]
}

const known = new Set(['size', 'language', 'path', 'repo', 'org', 'user', 'extension', 'filename', 'in'])
const token = /(-?)([a-z]+):(?:"([^"]*)"|(\S+))|"((?:[^"\\]|\\.)*)"|(\S+)/g
/** Without operators and qualifiers (docs.github.com, "limitations on query length"). */
const longestTerms = 256

export function parseQuery(text: string): SearchQuery {
  const query: SearchQuery = { terms: [], qualifiers: [] }
  for (const [whole, minus, name, quotedValue, value, phrase, word] of text.matchAll(token)) {
    if (name !== undefined && known.has(name)) {
      query.qualifiers.push({ name, value: quotedValue ?? value ?? '', negated: minus === '-' })
    } else {
      query.terms.push((phrase?.replace(/\\(.)/g, '$1') ?? word ?? whole).toLowerCase())
    }
  }
  if (query.terms.length === 0) {
    throw validationFailed(
      'Search',
      'q',
      'ERROR_TYPE_QUERY_PARSING_FATAL must include at least one search term',
    )
  }
  if (query.terms.join(' ').length > longestTerms) {
    throw validationFailed('Search', 'q', 'The search is longer than 256 characters.')
  }
  return query
}

export function matchesQuery(query: SearchQuery, repository: DemoRepository, file: IndexedFile): boolean {
  const text = file.text.toLowerCase()
  return (
    query.terms.every((term) => text.includes(term)) &&
    query.qualifiers.every(
      ({ name, value, negated }) => matchesQualifier(name, value, repository, file) !== negated,
    )
  )
}

function matchesQualifier(
  name: string,
  value: string,
  repository: DemoRepository,
  file: IndexedFile,
): boolean {
  switch (name) {
    case 'size':
      return inRange(value, file.size)
    case 'language':
      return file.language !== null && same(file.language, value)
    case 'path':
      return underPath(value, file.path)
    case 'repo':
      return same(repository.fullName, value)
    case 'org':
    case 'user':
      return same(repository.owner.login, value)
    case 'extension':
      return same(extname(file.path), `.${value.replace(/^\./, '')}`)
    case 'filename':
      return same(basename(file.path), value)
    default:
      return true
  }
}

/** `path:/` is the top folder alone, `path:dir` all below it. */
function underPath(value: string, path: string): boolean {
  if (value === '/') return !path.includes('/')
  return path.toLowerCase().startsWith(`${value.toLowerCase().replace(/^\/|\/$/g, '')}/`)
}

/** `n`, `a..b`, `>=n`, `>n`, `<=n`, `<n`; in bytes. */
function inRange(value: string, size: number): boolean {
  const range = /^(\d+|\*)\.\.(\d+|\*)$/.exec(value)
  if (range !== null) {
    const [, low = '*', high = '*'] = range
    return (low === '*' || size >= Number(low)) && (high === '*' || size <= Number(high))
  }
  const [, operator = '', number] = /^(>=|<=|>|<)?(\d+)$/.exec(value) ?? []
  if (number === undefined) throw validationFailed('Search', 'q', `"size:${value}" is not a range of sizes`)
  const bound = Number(number)
  if (operator === '>=') return size >= bound
  if (operator === '<=') return size <= bound
  if (operator === '>') return size > bound
  return operator === '<' ? size < bound : size === bound
}
