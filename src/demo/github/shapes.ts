/**
 * Owners and repositories in GitHub's words. Most fields of an answer are addresses made from a name; which ones,
 * the types of GitHub's OpenAPI description say.
 */
import type { Schemas } from './answer.ts'
import { type DemoOwner, type DemoRepository, defaultBranch, type World } from './world.ts'

function simpleUser(owner: DemoOwner, world: World): Schemas['simple-user'] {
  const url = `${world.apiUrl}/users/${owner.login}`
  const id = world.owners.indexOf(owner) + 1
  return {
    login: owner.login,
    id,
    node_id: nodeId('User', id),
    avatar_url: `${world.webUrl}/avatars/${id}`,
    gravatar_id: '',
    url,
    html_url: `${world.webUrl}/${owner.login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: owner.type,
    site_admin: false,
  }
}

/** What listings and search results hold. */
export function minimalRepository(repository: DemoRepository, world: World): Schemas['minimal-repository'] {
  const url = repositoryUrl(repository, world)
  const time = repository.createdAt.toISOString()
  return {
    ...identity(repository, world),
    ...addresses(url),
    ...cloneAddresses(repository, world),
    archived: repository.archived,
    disabled: repository.disabled,
    visibility: repository.private ? 'private' : 'public',
    default_branch: defaultBranch,
    size: repository.size(),
    language: null,
    created_at: time,
    updated_at: time,
    pushed_at: time,
  }
}

/** What a repository asked for by name answers. */
export function fullRepository(repository: DemoRepository, world: World): Schemas['full-repository'] {
  const url = repositoryUrl(repository, world)
  const time = repository.createdAt.toISOString()
  return {
    ...identity(repository, world),
    ...addresses(url),
    ...cloneAddresses(repository, world),
    ...noCounts,
    archived: repository.archived,
    disabled: repository.disabled,
    visibility: repository.private ? 'private' : 'public',
    default_branch: defaultBranch,
    size: repository.size(),
    homepage: null,
    language: null,
    license: null,
    has_issues: true,
    has_projects: false,
    has_wiki: false,
    has_pages: false,
    has_discussions: false,
    created_at: time,
    updated_at: time,
    pushed_at: time,
  }
}

export function repositoryUrl(repository: DemoRepository, world: World): string {
  return `${world.apiUrl}/repos/${repository.fullName}`
}

export function pageUrl(repository: DemoRepository, world: World, rest: string): string {
  return `${world.webUrl}/${repository.fullName}/${rest}`
}

export function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/')
}

/** GitHub's are opaque; so are these. */
export function nodeId(type: string, id: number | string): string {
  return Buffer.from(`${type}:${id}`).toString('base64url')
}

const noCounts = {
  forks: 0,
  forks_count: 0,
  network_count: 0,
  open_issues: 0,
  open_issues_count: 0,
  stargazers_count: 0,
  subscribers_count: 0,
  watchers: 0,
  watchers_count: 0,
}

function identity(repository: DemoRepository, world: World) {
  return {
    id: repository.id,
    node_id: nodeId('Repository', repository.id),
    name: repository.name,
    full_name: repository.fullName,
    owner: simpleUser(repository.owner, world),
    private: repository.private,
    html_url: `${world.webUrl}/${repository.fullName}`,
    description: repository.description,
    fork: repository.fork,
    url: repositoryUrl(repository, world),
  }
}

function cloneAddresses(repository: DemoRepository, world: World) {
  const host = new URL(world.webUrl).host
  return {
    clone_url: repository.cloneUrl,
    git_url: `git://${host}/${repository.fullName}.git`,
    ssh_url: `git@${host}:${repository.fullName}.git`,
    svn_url: `${world.webUrl}/${repository.fullName}`,
    mirror_url: null,
  }
}

function addresses(url: string) {
  return {
    archive_url: `${url}/{archive_format}{/ref}`,
    assignees_url: `${url}/assignees{/user}`,
    blobs_url: `${url}/git/blobs{/sha}`,
    branches_url: `${url}/branches{/branch}`,
    collaborators_url: `${url}/collaborators{/collaborator}`,
    comments_url: `${url}/comments{/number}`,
    commits_url: `${url}/commits{/sha}`,
    compare_url: `${url}/compare/{base}...{head}`,
    contents_url: `${url}/contents/{+path}`,
    contributors_url: `${url}/contributors`,
    deployments_url: `${url}/deployments`,
    downloads_url: `${url}/downloads`,
    events_url: `${url}/events`,
    forks_url: `${url}/forks`,
    git_commits_url: `${url}/git/commits{/sha}`,
    git_refs_url: `${url}/git/refs{/sha}`,
    git_tags_url: `${url}/git/tags{/sha}`,
    hooks_url: `${url}/hooks`,
    issue_comment_url: `${url}/issues/comments{/number}`,
    issue_events_url: `${url}/issues/events{/number}`,
    issues_url: `${url}/issues{/number}`,
    keys_url: `${url}/keys{/key_id}`,
    labels_url: `${url}/labels{/name}`,
    languages_url: `${url}/languages`,
    merges_url: `${url}/merges`,
    milestones_url: `${url}/milestones{/number}`,
    notifications_url: `${url}/notifications{?since,all,participating}`,
    pulls_url: `${url}/pulls{/number}`,
    releases_url: `${url}/releases{/id}`,
    stargazers_url: `${url}/stargazers`,
    statuses_url: `${url}/statuses/{sha}`,
    subscribers_url: `${url}/subscribers`,
    subscription_url: `${url}/subscription`,
    tags_url: `${url}/tags`,
    teams_url: `${url}/teams`,
    trees_url: `${url}/git/trees{/sha}`,
  }
}
