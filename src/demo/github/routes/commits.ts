/** `GET /repos/{owner}/{repo}/commits`: the real log, newest first, of a branch or commit and of a path. */
import { type Answer, type Call, notFound, Refusal, type Schemas } from '../answer.ts'
import { linkHeader, pageOf } from '../paging.ts'
import { nodeId, pageUrl, repositoryUrl } from '../shapes.ts'
import { type DemoRepository, defaultBranch, type World } from '../world.ts'
import { findRepository } from './repositories.ts'

const fields = ['%H', '%T', '%P', '%an', '%ae', '%aI', '%cn', '%ce', '%cI', '%B']
const separator = '\u001f'

export async function listCommits(call: Call): Promise<Answer> {
  const repository = findRepository(call)
  if (repository.size() === 0) throw new Refusal(409, 'Git Repository is empty.')
  const tip = await resolveCommit(repository, call.query.get('sha') ?? defaultBranch)
  if (tip === null) throw notFound()
  const path = call.query.get('path')
  const range = path === null || path === '' ? [tip] : [tip, '--', path]
  const page = pageOf(call)
  const total = Number((await repository.git(['rev-list', '--count', ...range])).toString())
  const log = await repository.git([
    'log',
    '-z',
    `--format=${fields.join('%x1f')}`,
    `--skip=${(page.page - 1) * page.perPage}`,
    `--max-count=${page.perPage}`,
    ...range,
  ])
  const commits = log.toString().split('\0').filter(Boolean)
  return {
    status: 200,
    body: commits.map((text) => toCommit(text, repository, call.world)),
    headers: linkHeader(call, `/repos/${repository.fullName}/commits`, page, total),
  }
}

/** The commit that a branch, tag or (short) object id names; null where none does. */
export async function resolveCommit(repository: DemoRepository, ref: string): Promise<string | null> {
  if (!/^[A-Za-z0-9][\w./-]*$/.test(ref)) return null
  const output = await repository
    .git(['rev-parse', '--verify', '--quiet', `${ref}^{commit}`])
    .catch(() => null)
  return output === null ? null : output.toString().trim()
}

function toCommit(text: string, repository: DemoRepository, world: World): Schemas['commit'] {
  const [sha = '', tree = '', parents = '', ...rest] = text.split(separator)
  const [authorName = '', authorEmail = '', authorDate = '', name = '', email = '', date = '', message = ''] =
    rest
  const url = repositoryUrl(repository, world)
  return {
    sha,
    node_id: nodeId('Commit', sha),
    url: `${url}/commits/${sha}`,
    html_url: pageUrl(repository, world, `commit/${sha}`),
    comments_url: `${url}/commits/${sha}/comments`,
    commit: {
      url: `${url}/git/commits/${sha}`,
      author: { name: authorName, email: authorEmail, date: utc(authorDate) },
      committer: { name, email, date: utc(date) },
      message: message.trimEnd(),
      comment_count: 0,
      tree: { sha: tree, url: `${url}/git/trees/${tree}` },
      verification: {
        verified: false,
        reason: 'unsigned',
        signature: null,
        payload: null,
        verified_at: null,
      },
    },
    // No address of this world belongs to an account.
    author: null,
    committer: null,
    parents: parents
      .split(' ')
      .filter(Boolean)
      .map((parent) => ({
        sha: parent,
        url: `${url}/commits/${parent}`,
        html_url: pageUrl(repository, world, `commit/${parent}`),
      })),
  }
}

function utc(date: string): string {
  return new Date(date).toISOString().replace('.000Z', 'Z')
}
