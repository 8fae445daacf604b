/** The slow and simple way to say who brought which blob: every commit's whole tree, from `git ls-tree`. */
import { refNames } from './generated-history.ts'
import type { GitRepo } from './git-repo.ts'

export interface OracleCommit {
  id: string
  parents: string[]
  time: number
  /** `blob path`, paths as git quotes them. */
  files: Set<string>
}

/** Every commit there is, an ancestor before its descendants, else the oldest first, then by id. */
async function commitsInOrder(repo: GitRepo): Promise<OracleCommit[]> {
  const listing = await repo.git(
    'cat-file',
    '--batch-all-objects',
    '--batch-check=%(objectname) %(objecttype)',
  )
  const ids = listing
    .split('\n')
    .filter((line) => line.endsWith(' commit'))
    .map((line) => line.split(' ')[0] ?? '')
  const lines = (await repo.git('log', '--no-walk=unsorted', '--format=%H %ct %P', ...ids, '--')).split('\n')
  const waiting = lines.map((line) => {
    const [id = '', time = '', ...parents] = line.split(' ')
    return {
      id,
      time: Number(time),
      parents: parents.filter((parent) => parent !== ''),
      files: new Set<string>(),
    }
  })
  const order: OracleCommit[] = []
  while (waiting.length > 0) {
    const ready = waiting.filter((one) =>
      one.parents.every((parent) => order.some((done) => done.id === parent)),
    )
    ready.sort((a, b) => a.time - b.time || (a.id < b.id ? -1 : 1))
    const next = ready[0] as OracleCommit
    order.push(next)
    waiting.splice(waiting.indexOf(next), 1)
  }
  for (const one of order) {
    for (const entry of (await repo.git('ls-tree', '-r', '-z', '--full-tree', one.id)).split('\0')) {
      const [, blob, path] = /^\d+ blob (\w+)\t([^]*)$/.exec(entry) ?? []
      if (blob !== undefined && path !== undefined) one.files.add(`${blob} ${path}`)
    }
  }
  return order
}

export interface OraclePlace {
  path: string
  commit_sha: string
  author_name: string
  author_email: string
  authored_at: string
  committer_name: string
  committer_email: string
  committed_at: string
  ref?: string
  at_head: boolean
  commit_count: number
  unreachable?: boolean
}

/** By blob id, in the order of the paths. */
export async function attributeSlowly(
  repo: GitRepo,
  defaultBranch: string | null,
): Promise<Map<string, OraclePlace[]>> {
  const order = await commitsInOrder(repo)
  const reached = await reachedBy(repo, defaultBranch)
  const head = defaultBranch === null ? '' : await repo.git('rev-parse', '--verify', '--quiet', defaultBranch)
  const headFiles = order.find((one) => one.id === head)?.files ?? new Set()
  const found = new Map<string, OraclePlace[]>()
  for (const reachable of [true, false]) {
    const commits = order.filter((one) => reached.has(one.id) === reachable)
    const known = new Set(found.keys())
    for (const file of new Set(commits.flatMap((one) => [...one.files]))) {
      const space = file.indexOf(' ')
      const blob = file.slice(0, space)
      if (known.has(blob)) continue
      const carriers = commits.filter((one) => one.files.has(file))
      const first = carriers[0] as OracleCommit
      const ref = reached.get(first.id)
      const list = found.get(blob) ?? []
      found.set(blob, list)
      list.push({
        path: file.slice(space + 1),
        commit_sha: first.id,
        ...(await people(repo, first.id, defaultBranch)),
        ...(ref === undefined ? {} : { ref }),
        at_head: headFiles.has(file),
        commit_count: carriers.length,
        ...(reachable ? {} : { unreachable: true }),
      })
    }
  }
  for (const list of found.values())
    list.sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)))
  return found
}

/** By commit: the ref that people would name. */
async function reachedBy(repo: GitRepo, defaultBranch: string | null): Promise<Map<string, string>> {
  const there = (await repo.git('for-each-ref', '--format=%(refname)')).split('\n')
  const names = [defaultBranch, ...refNames.toSorted(byKind)].filter(
    (name) => name !== null && there.includes(name),
  )
  const reached = new Map<string, string>()
  for (const name of names as string[]) {
    for (const id of (await repo.git('rev-list', name)).split('\n'))
      if (!reached.has(id)) reached.set(id, name)
  }
  return reached
}

const kinds = ['refs/heads/', 'refs/tags/', 'refs/remotes/', 'refs/pull/', 'refs/stash', 'refs/notes/']

function byKind(a: string, b: string): number {
  const kind = (name: string): number => kinds.findIndex((prefix) => name.startsWith(prefix))
  return kind(a) - kind(b) || (a < b ? -1 : 1)
}

async function people(repo: GitRepo, id: string, defaultBranch: string | null) {
  const format = '--format=%aN%x00%aE%x00%at%x00%cN%x00%cE%x00%ct'
  const [authorName = '', authorEmail = '', authored = '', name = '', email = '', committed = ''] = (
    await repo.git(
      '-c',
      `mailmap.blob=${defaultBranch ?? 'none'}:.mailmap`,
      'log',
      '-1',
      '--use-mailmap',
      format,
      id,
    )
  ).split('\0')
  return {
    author_name: authorName,
    author_email: authorEmail,
    authored_at: new Date(Number(authored) * 1000).toISOString(),
    committer_name: name,
    committer_email: email,
    committed_at: new Date(Number(committed) * 1000).toISOString(),
  }
}
