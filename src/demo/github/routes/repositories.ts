/** Lists of an owner's repositories, and one repository by name. */
import { type Answer, type Call, notFound } from '../answer.ts'
import { linkHeader, pageOf, slicePage } from '../paging.ts'
import { fullRepository, minimalRepository } from '../shapes.ts'
import { type DemoRepository, same } from '../world.ts'

/** `GET /orgs/{org}/repos` */
export function listForOrganisation(call: Call): Answer {
  return list(call, 'Organization', call.params.org ?? '')
}

/** `GET /users/{username}/repos`: public ones only, also of the caller's own. */
export function listForUser(call: Call): Answer {
  return list(call, 'User', call.params.username ?? '')
}

/** `GET /repos/{owner}/{repo}` */
export function getRepository(call: Call): Answer {
  return { status: 200, body: fullRepository(findRepository(call), call.world) }
}

/** The repository that the path names. @throws Refusal 404, also for private ones without the token */
export function findRepository(call: Call): DemoRepository {
  const { owner = '', repo = '' } = call.params
  const repository = call.world.find(owner, repo, call.authorized)
  if (repository === undefined) throw notFound()
  return repository
}

function list(call: Call, type: 'Organization' | 'User', login: string): Answer {
  const { world, query } = call
  const owner = world.owners.find((one) => same(one.login, login))
  // GitHub lists an organisation's repositories under /users too.
  if (owner === undefined || (type === 'Organization' && owner.type !== type)) throw notFound()
  const mayAll = call.authorized && type === 'Organization'
  const visible = world.repositories.filter((one) => one.owner === owner && (mayAll || !one.private))
  // In this world creation is the one time a repository has; without `direction` the newest comes first.
  const sorted = [...visible].sort((a, b) => a.id - b.id)
  if (query.get('sort') === 'full_name') sorted.sort((a, b) => (a.fullName < b.fullName ? -1 : 1))
  const usual = query.get('sort') === 'full_name' ? 'asc' : 'desc'
  if ((query.get('direction') ?? usual) === 'desc') sorted.reverse()
  const page = pageOf(call)
  const path = type === 'Organization' ? `/orgs/${owner.login}/repos` : `/users/${owner.login}/repos`
  return {
    status: 200,
    body: slicePage(sorted, page).map((repository) => minimalRepository(repository, world)),
    headers: linkHeader(call, path, page, sorted.length),
  }
}
