/**
 * The demo's GitHub for tests: every answer it gives is checked against GitHub's OpenAPI description where the
 * extract of it lies beside the repository, and a client with short waits. `startAnswering` is a server that
 * says whatever a test wants, for what GitHub would never say.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type GithubOptions, type GithubWorld, startGithub } from '../../src/demo/github/start.ts'
import {
  type GithubOptions as ClientOptions,
  createGithubClient,
  type GithubDeps,
} from '../../src/sources/github/index.ts'
import { loadDescription } from './github-description.ts'

export const acme = { login: 'acme', type: 'Organization' } as const
export const wanda = { login: 'wanda', type: 'User' } as const

/** Searches are not limited unless a test asks for it. */
const unlimited = { limit: 1_000_000, windowMilliseconds: 60_000 }

/** Closing it fails the test when an answer was not as GitHub describes it. */
export async function startTestGithub(options: Partial<GithubOptions> = {}): Promise<GithubWorld> {
  const description = loadDescription()
  const wrong: string[] = []
  const world = await startGithub({
    owners: [acme, wanda],
    ...options,
    limits: { code_search: unlimited, ...options.limits },
    onAnswer(answer) {
      options.onAnswer?.(answer)
      if (description !== null) wrong.push(...description.problemsOf(answer))
    },
  })
  return {
    ...world,
    async close() {
      await world.close()
      if (wrong.length > 0) throw new Error(`answers not as GitHub describes them:\n${wrong.join('\n')}`)
    },
  }
}

/** A client with the world's token and waits of milliseconds. */
export function clientOf(
  world: Pick<GithubWorld, 'apiUrl'> & { token?: string },
  options: Partial<ClientOptions> = {},
): GithubDeps {
  return createGithubClient({
    baseUrl: world.apiUrl,
    userAgent: 'keyrecall-test',
    ...(world.token === undefined ? {} : { token: world.token }),
    ...options,
    limits: { searchInterval: 0, incompletePause: 5, retryUnit: 5, ...options.limits },
  })
}

export interface AnsweringServer {
  apiUrl: string
  origin: string
  /** Path and authorization of every request. */
  seen: { url: string; authorization: string | undefined }[]
  close(): Promise<void>
}

export async function startAnswering(
  answer: (request: IncomingMessage, response: ServerResponse, origin: string) => void,
): Promise<AnsweringServer> {
  const seen: AnsweringServer['seen'] = []
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  server.on('request', (request, response) => {
    seen.push({ url: request.url ?? '', authorization: request.headers.authorization })
    answer(request, response, origin)
  })
  return {
    apiUrl: `${origin}/api/v3`,
    origin,
    seen,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export function sendJson(response: ServerResponse, body: unknown, status = 200, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}
