/**
 * What the demo's GitHub holds: owners, repositories on disk, and the rules of who sees what. Routes read it,
 * `startGithub` fills it.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { git } from './git-command.ts'
import { openBuilder, type RepositoryBuilder } from './repository-builder.ts'
import { type IndexedFile, readTip } from './search-index.ts'

export interface DemoOwner {
  login: string
  type: 'Organization' | 'User'
}

export interface RepositoryInput {
  owner: string
  name: string
  /** Default false. */
  private?: boolean
  archived?: boolean
  fork?: boolean
  /** Disabled by GitHub: listed, cannot be read. */
  disabled?: boolean
  description?: string
  /** Kilobytes that the API tells; default 1, and 0 while it is empty. */
  reportedSize?: number
  /** Without it the repository stays empty. */
  build?: (repository: RepositoryBuilder) => Promise<void>
}

export interface DemoRepository {
  readonly id: number
  readonly owner: DemoOwner
  readonly name: string
  readonly fullName: string
  readonly private: boolean
  readonly archived: boolean
  readonly fork: boolean
  readonly disabled: boolean
  readonly description: string | null
  readonly cloneUrl: string
  /** The bare repository on disk. */
  readonly directory: string
  readonly createdAt: Date
  /** Kilobytes; 0 while it is empty. */
  size(): number
  /** More history. Searches see it at once. */
  change(build: (repository: RepositoryBuilder) => Promise<void>): Promise<void>
  /** Output of git in this repository. */
  git(args: readonly string[]): Promise<Buffer>
  /** The files of the default branch, for code search. */
  files(): Promise<readonly IndexedFile[]>
}

export interface World {
  readonly apiUrl: string
  readonly webUrl: string
  readonly owners: readonly DemoOwner[]
  readonly repositories: readonly DemoRepository[]
  addRepository(input: RepositoryInput): Promise<DemoRepository>
  /** By name, without regard to case; private ones only for callers with the token. */
  find(owner: string, name: string, authorized: boolean): DemoRepository | undefined
}

/** Branch that clones check out and code search reads. */
export const defaultBranch = 'main'

export interface WorldInput {
  apiUrl: string
  webUrl: string
  owners: readonly DemoOwner[]
  /** Folder for the repositories, laid out as git's HTTP server wants it: `OWNER/NAME.git`. */
  root: string
  home: string
}

export function createWorld(input: WorldInput): World {
  const repositories: DemoRepository[] = []
  const taken = new Set<string>()
  let clock = Date.parse('2026-01-01T09:00:00Z')
  const now = () => (clock += 60_000)

  async function addRepository(wanted: RepositoryInput): Promise<DemoRepository> {
    const owner = input.owners.find(({ login }) => same(login, wanted.owner))
    const fullName = `${wanted.owner}/${wanted.name}`
    if (owner === undefined) throw new Error(`the demo's GitHub has no owner ${wanted.owner}`)
    if (taken.has(fullName.toLowerCase())) throw new Error(`the repository ${fullName} is there already`)
    taken.add(fullName.toLowerCase())
    const directory = join(input.root, wanted.owner, `${wanted.name}.git`)
    await createBare(directory)
    const id = 1_000 + taken.size
    const repository = createRepository({ wanted, owner, fullName, directory, id, input, now })
    if (wanted.build !== undefined) await repository.change(wanted.build)
    repositories.push(repository)
    return repository
  }

  return {
    apiUrl: input.apiUrl,
    webUrl: input.webUrl,
    owners: input.owners,
    repositories,
    addRepository,
    find: (owner, name, authorized) =>
      repositories.find((one) => same(one.fullName, `${owner}/${name}`) && (authorized || !one.private)),
  }
}

interface Parts {
  wanted: RepositoryInput
  owner: DemoOwner
  fullName: string
  directory: string
  id: number
  input: WorldInput
  now: () => number
}

function createRepository({ wanted, owner, fullName, directory, id, input, now }: Parts): DemoRepository {
  let files: Promise<readonly IndexedFile[]> | null = null
  let commits = 0
  const run = (args: readonly string[]) => git(directory, input.home, args)

  async function change(build: (repository: RepositoryBuilder) => Promise<void>): Promise<void> {
    const heads = commits === 0 ? '' : await run(['for-each-ref', '--format=%(refname:short)', 'refs/heads'])
    const branches = heads.toString().split('\n').filter(Boolean)
    const open = openBuilder({ directory, home: input.home, branches, now })
    try {
      await build(open.builder)
    } catch (error) {
      open.abort()
      throw error
    }
    await open.finish()
    commits++
    files = null
  }

  return {
    id,
    owner,
    name: wanted.name,
    fullName,
    private: wanted.private ?? false,
    archived: wanted.archived ?? false,
    fork: wanted.fork ?? false,
    disabled: wanted.disabled ?? false,
    description: wanted.description ?? null,
    cloneUrl: `${input.webUrl}/${fullName}.git`,
    directory,
    createdAt: new Date(now()),
    size: () => wanted.reportedSize ?? (commits === 0 ? 0 : 1),
    change,
    git: run,
    files: () => (files ??= commits === 0 ? Promise.resolve([]) : readTip(directory, input.home)),
  }
}

/** Written by hand: `git init` for 250 repositories would be 250 processes. */
async function createBare(directory: string): Promise<void> {
  await mkdir(join(directory, 'objects'), { recursive: true })
  await mkdir(join(directory, 'refs', 'heads'), { recursive: true })
  await writeFile(join(directory, 'HEAD'), `ref: refs/heads/${defaultBranch}\n`)
  const config = [
    '[core]',
    'repositoryformatversion = 0',
    'bare = true',
    // As GitHub does: partial clones, and any object by its id.
    '[uploadpack]',
    'allowFilter = true',
    'allowAnySHA1InWant = true',
    '',
  ]
  await writeFile(join(directory, 'config'), config.join('\n'))
}

/** GitHub's names differ in more than case. */
export function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}
