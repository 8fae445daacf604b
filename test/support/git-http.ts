/** A git server over smart HTTP: `git http-backend` as CGI behind a small HTTP server, with faults on demand. */
import { execFileSync, spawn } from 'node:child_process'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

export interface GitHttp {
  /** `http://127.0.0.1:port`. */
  origin: string
  host: string
  /** Headers of every request so far. */
  requests: { path: string; authorization: string | undefined }[]
  close(): Promise<void>
}

export interface GitHttpOptions {
  /** Folder with the repositories that are served. */
  root: string
  /** Answers a request itself by returning true. */
  before?: (request: IncomingMessage, response: ServerResponse) => boolean
}

export async function startGitHttp(options: GitHttpOptions): Promise<GitHttp> {
  const backend = join(execFileSync('git', ['--exec-path'], { encoding: 'utf8' }).trim(), 'git-http-backend')
  const requests: GitHttp['requests'] = []
  const server = createServer((request, response) => {
    requests.push({ path: request.url ?? '', authorization: request.headers.authorization })
    if (!options.before?.(request, response)) serve(backend, options.root, request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    origin: `http://${host}`,
    host,
    requests,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function serve(backend: string, root: string, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'http://localhost')
  const child = spawn(backend, [], {
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: '/nonexistent',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'safe.directory',
      GIT_CONFIG_VALUE_0: '*',
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      REQUEST_METHOD: request.method ?? 'GET',
      PATH_INFO: decodeURIComponent(url.pathname),
      QUERY_STRING: url.search.slice(1),
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  child.stdin.on('error', () => {})
  request.pipe(child.stdin)
  response.on('close', () => child.kill('SIGKILL'))
  let head = Buffer.alloc(0)
  let headed = false
  child.stdout.on('data', (chunk: Buffer) => {
    if (headed) {
      response.write(chunk)
      return
    }
    head = Buffer.concat([head, chunk])
    const end = head.indexOf('\r\n\r\n')
    if (end < 0) return
    headed = true
    const fields = head
      .toString('latin1', 0, end)
      .split('\r\n')
      .map((line) => line.split(/: (.*)/s))
    const status = fields.find(([name]) => name === 'Status')?.[1]
    for (const [name, value] of fields) if (name && name !== 'Status') response.setHeader(name, value ?? '')
    response.writeHead(Number.parseInt(status ?? '200', 10))
    response.write(head.subarray(end + 4))
  })
  child.stdout.on('end', () => response.end())
}
