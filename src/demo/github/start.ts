/**
 * The demo's GitHub: a real HTTP server with the REST routes that keyrecall uses, over real bare repositories
 * that real git serves from the same port. Laid out like an Enterprise Server: the API under `/api/v3`.
 */
import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Fault, type FaultInput, startFaults } from './faults.ts'
import { isGitAddress, serveGit } from './git-http.ts'
import { createRateLimits, githubLimits, type Limit, type Resource } from './limits.ts'
import { type AnswerListener, type DemoCall, serveRest } from './rest.ts'
import { createWorld, type DemoOwner, type DemoRepository, type RepositoryInput } from './world.ts'

export interface GithubOptions {
  owners: readonly DemoOwner[]
  /** The one token that is valid; default a random text. */
  token?: string
  /** How long a search takes, in milliseconds; default 0. */
  searchDelay?: number
  /** Default GitHub's own. */
  limits?: Partial<Record<Resource, Limit>>
  /** Hears every REST answer, for checks against GitHub's OpenAPI description. */
  onAnswer?: AnswerListener
}

export interface GithubWorld {
  /** For `createGithubClient({ baseUrl })`. */
  apiUrl: string
  /** Repositories are at `${gitUrl}/OWNER/NAME.git`. */
  gitUrl: string
  token: string
  /** Everything that was asked, in order. */
  requests(): readonly DemoCall[]
  addRepository(input: RepositoryInput): Promise<DemoRepository>
  /** Lets the next matching calls fail. */
  inject(fault: FaultInput): Fault
  /** Ends all connections and processes and removes the repositories. */
  close(): Promise<void>
}

export async function startGithub(options: GithubOptions): Promise<GithubWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'keyrecall-github-'))
  const root = join(folder, 'repositories')
  const home = join(folder, 'home')
  await mkdir(home)
  const server = createServer()
  const gitUrl = await listen(server)
  const apiUrl = `${gitUrl}/api/v3`
  const token = options.token ?? randomBytes(20).toString('hex')
  const world = createWorld({ apiUrl, webUrl: gitUrl, owners: options.owners, root, home })
  const requests: DemoCall[] = []
  const faults = startFaults()
  const limits = createRateLimits({ ...githubLimits, ...options.limits })
  const children = new Set<{ kill(signal: 'SIGKILL'): boolean }>()
  const rest = { world, token, requests, faults, limits, ...picked(options) }

  server.on('request', (request, response) => {
    const url = new URL(request.url ?? '/', gitUrl)
    if (isGitAddress(url.pathname)) {
      serveGit(request, response, url, { world, root, home, token, children })
      return
    }
    serveRest(request, response, url, rest).catch(() => response.destroy())
  })

  return {
    apiUrl,
    gitUrl,
    token,
    requests: () => requests,
    addRepository: (input) => world.addRepository(input),
    inject: (fault) => faults.add(fault),
    async close() {
      for (const child of children) child.kill('SIGKILL')
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await rm(folder, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}

function picked(options: GithubOptions) {
  return {
    searchDelay: options.searchDelay ?? 0,
    ...(options.onAnswer === undefined ? {} : { onAnswer: options.onAnswer }),
  }
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
