/**
 * Real git over smart HTTP: `git http-backend` as a CGI child per request, reading only. Private repositories
 * want Basic credentials, whose password is the token; without them GitHub answers 401 so that git asks for some.
 */
import { spawn } from 'node:child_process'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { gitEnvironment } from './git-command.ts'
import type { World } from './world.ts'

export interface GitHttpDeps {
  world: World
  /** Folder with the repositories. */
  root: string
  home: string
  token: string
  /** Children that run now; `close` of the world ends them. */
  children: Set<{ kill(signal: 'SIGKILL'): boolean }>
}

const address = /^\/([A-Za-z0-9_-]+)\/([A-Za-z0-9._-]+)\.git\/(info\/refs|git-upload-pack)$/
/** Header of a CGI answer; git's is a few hundred bytes. */
const maxHead = 16 * 1024
const timeout = 60_000

/** Whether the address is one of git's at all. */
export function isGitAddress(path: string): boolean {
  return address.test(path)
}

export function serveGit(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  deps: GitHttpDeps,
): void {
  const [, owner = '', name = '', service = ''] = address.exec(url.pathname) ?? []
  const wanted = service === 'git-upload-pack' ? 'POST' : 'GET'
  if (request.method !== wanted) return refuse(response, 405)
  if (service === 'info/refs' && url.searchParams.get('service') !== 'git-upload-pack') {
    return refuse(response, 403)
  }
  const sent = basicPassword(request.headers.authorization)
  if (sent !== null && sent !== deps.token) return refuse(response, 401)
  const repository = deps.world.find(owner, name, true)
  if (repository === undefined || repository.private) {
    // Alike, so that nobody can tell a private repository from none.
    if (sent === null) return refuse(response, 401)
    if (repository === undefined) return refuse(response, 404)
  }
  if (repository.disabled) return refuse(response, 403)
  runBackend(request, response, `/${repository.fullName}.git/${service}`, url.search.slice(1), deps)
}

/** The password of Basic credentials; an empty text for credentials of another kind. */
function basicPassword(header: string | undefined): string | null {
  if (header === undefined) return null
  const [, encoded] = /^basic (.+)$/i.exec(header) ?? []
  if (encoded === undefined) return ''
  const text = Buffer.from(encoded, 'base64').toString()
  return text.slice(text.indexOf(':') + 1)
}

function refuse(response: ServerResponse, status: number): void {
  const challenge = status === 401 ? { 'www-authenticate': 'Basic realm="GitHub"' } : {}
  response.writeHead(status, { 'content-type': 'text/plain', ...challenge }).end(`${status}\n`)
}

function runBackend(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  query: string,
  deps: GitHttpDeps,
): void {
  const child = spawn('git', ['http-backend'], {
    env: {
      ...gitEnvironment(deps.home),
      GIT_PROJECT_ROOT: deps.root,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: path,
      QUERY_STRING: query,
      REQUEST_METHOD: request.method ?? 'GET',
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      REMOTE_ADDR: '127.0.0.1',
    },
    stdio: ['pipe', 'pipe', 'ignore'],
    timeout,
    killSignal: 'SIGKILL',
  })
  deps.children.add(child)
  child.on('close', () => {
    deps.children.delete(child)
    response.end()
  })
  child.on('error', () => response.destroy())
  child.stdin.on('error', () => undefined)
  response.on('close', () => child.kill('SIGKILL'))
  request.pipe(child.stdin)
  passOn(child.stdout, response)
}

/** Turns the CGI header into a status and headers, and the rest into the body. */
function passOn(output: NodeJS.ReadableStream, response: ServerResponse): void {
  let head = Buffer.alloc(0)
  output.on('data', function collect(chunk: Buffer) {
    head = Buffer.concat([head, chunk])
    const end = head.indexOf('\r\n\r\n')
    if (end === -1) {
      if (head.length > maxHead) response.destroy()
      return
    }
    output.off('data', collect)
    let status = 200
    for (const line of head.toString('latin1', 0, end).split('\r\n')) {
      const colon = line.indexOf(':')
      const name = line.slice(0, colon)
      const value = line.slice(colon + 1).trim()
      if (name.toLowerCase() === 'status') status = Number.parseInt(value, 10)
      else response.setHeader(name, value)
    }
    response.writeHead(status)
    response.write(head.subarray(end + 4))
    output.pipe(response, { end: false })
  })
}
