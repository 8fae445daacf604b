/**
 * `GET /search/code` over the files of default branches, with GitHub's cap: it counts all results and gives the
 * first 1,000.
 */
import { basename } from 'node:path'
import { type Answer, type Call, Refusal, type Schemas, validationFailed } from '../answer.ts'
import { linkHeader, pageOf, slicePage } from '../paging.ts'
import type { IndexedFile } from '../search-index.ts'
import { matchesQuery, parseQuery, type SearchQuery } from '../search-query.ts'
import { encodePath, minimalRepository, pageUrl, repositoryUrl } from '../shapes.ts'
import { type DemoRepository, defaultBranch } from '../world.ts'

const resultCap = 1_000

interface Result {
  repository: DemoRepository
  file: IndexedFile
}

export async function searchCode(call: Call): Promise<Answer> {
  if (!call.authorized) throw new Refusal(401, 'Requires authentication')
  const text = call.query.get('q')
  if (text === null) throw validationFailed('Search', 'q')
  const query = parseQuery(text)
  const page = pageOf(call)
  if ((page.page - 1) * page.perPage >= resultCap) {
    throw new Refusal(422, 'Only the first 1000 search results are available')
  }
  const all = await findAll(query, call)
  const given = all.slice(0, resultCap)
  const withMatches = call.accept.includes('text-match')
  const body: {
    total_count: number
    incomplete_results: boolean
    items: Schemas['code-search-result-item'][]
  } = {
    total_count: all.length,
    incomplete_results: false,
    items: slicePage(given, page).map((result) => toItem(result, query, call, withMatches)),
  }
  return { status: 200, body, headers: linkHeader(call, '/search/code', page, given.length) }
}

async function findAll(query: SearchQuery, call: Call): Promise<Result[]> {
  const found: Result[] = []
  for (const repository of call.world.repositories) {
    if (repository.disabled) continue
    for (const file of await repository.files()) {
      if (matchesQuery(query, repository, file)) found.push({ repository, file })
    }
  }
  return found
}

function toItem(
  { repository, file }: Result,
  query: SearchQuery,
  { world }: Call,
  withMatches: boolean,
): Schemas['code-search-result-item'] {
  const url = repositoryUrl(repository, world)
  const path = encodePath(file.path)
  return {
    name: basename(file.path),
    path: file.path,
    sha: file.sha,
    url: `${url}/contents/${path}?ref=${defaultBranch}`,
    git_url: `${url}/git/blobs/${file.sha}`,
    html_url: pageUrl(repository, world, `blob/${defaultBranch}/${path}`),
    repository: minimalRepository(repository, world),
    score: 1,
    ...(withMatches ? { text_matches: textMatches(file, query, `${url}/contents/${path}`) } : {}),
  }
}

/** One fragment for each term; GitHub's fragments are a few lines long too. */
function textMatches(
  file: IndexedFile,
  query: SearchQuery,
  objectUrl: string,
): Schemas['search-result-text-matches'] {
  return query.terms.map((term) => {
    const at = file.text.toLowerCase().indexOf(term)
    const start = Math.max(at - 80, 0)
    const fragment = file.text.slice(start, at + term.length + 80)
    const indices = [at - start, at - start + term.length]
    return {
      object_url: objectUrl,
      object_type: 'FileContent',
      property: 'content',
      fragment,
      matches: [{ text: fragment.slice(indices[0], indices[1]), indices }],
    }
  })
}
