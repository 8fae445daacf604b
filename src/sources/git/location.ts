/**
 * What may stand as the location of a repository. The list is of what is allowed; git itself would run a
 * program for `ext::sh -c …`, and would take a location that begins with `-` for an option.
 */
import { readFile, realpath, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AppError } from '../../model/errors.ts'

export type GitLocation =
  /** Read in place. `gitDir` is the folder with the objects, absolute. */
  | { kind: 'local'; gitDir: string }
  /** Mirrored into the cache. `href` is normalised and holds no credential. */
  | { kind: 'remote'; href: string; origin: string; protocol: 'https' | 'http' }

export interface LocationRules {
  /** Paths and `file:` URLs are allowed: for the command line, not for what comes over the API. */
  allowFile: boolean
  /** `host` or `host:port` that may be asked without TLS. Default: none. */
  httpHosts?: readonly string[]
  /** This machine may be asked without TLS, at any port: for the command line. */
  allowLoopback?: boolean
}

/** Throws `AppError`: `usage` for what cannot be a location, `blocked_target` for what is not allowed. */
export async function readLocation(location: string, rules: LocationRules): Promise<GitLocation> {
  // oxlint-disable-next-line no-control-regex
  if (location === '' || location.startsWith('-') || /[\u0000-\u001f\u007f]/.test(location)) {
    throw new AppError('usage', 'a git location is an https URL or a path, and does not begin with "-"')
  }
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(location)?.[1]?.toLowerCase()
  if (scheme === 'https' || scheme === 'http') return readUrl(location, rules)
  if (scheme !== undefined && scheme !== 'file') {
    throw new AppError('blocked_target', `git over "${scheme}:" is not allowed; give an https URL or a path`)
  }
  if (scheme === undefined && /^[^/]*@[^/]*:/.test(location)) {
    throw new AppError('blocked_target', 'git over ssh is not allowed; give an https URL or a path')
  }
  if (!rules.allowFile) {
    throw new AppError(
      'blocked_target',
      'reading repositories from paths is not allowed here; give an https URL',
    )
  }
  const path = scheme === 'file' ? pathOf(location) : location
  return { kind: 'local', gitDir: await findGitDir(resolve(path)) }
}

function readUrl(location: string, rules: LocationRules): GitLocation {
  if (!URL.canParse(location) || new URL(location).hostname.startsWith('-')) {
    throw new AppError(
      'usage',
      'this git URL cannot be read; it should look like https://host/owner/name.git',
    )
  }
  const url = new URL(location)
  if (url.username !== '' || url.password !== '') {
    throw new AppError(
      'usage',
      `leave user name and password out of the URL of a repository at "${url.host}"; set the token in the configuration`,
    )
  }
  if (url.search !== '' || url.hash !== '') {
    throw new AppError('usage', `a git URL has no "?" or "#": "${url.origin}${url.pathname}"`)
  }
  const isPlain = rules.httpHosts?.includes(url.host) || (rules.allowLoopback && isLoopback(url.hostname))
  if (url.protocol === 'http:' && !isPlain) {
    throw new AppError(
      'blocked_target',
      `git over http: is not allowed for "${url.host}"; use https, or name the host in ALLOW_PRIVATE_HOSTS`,
    )
  }
  const protocol = url.protocol === 'http:' ? 'http' : 'https'
  return { kind: 'remote', href: url.href, origin: url.origin, protocol }
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
}

function pathOf(location: string): string {
  try {
    return fileURLToPath(location)
  } catch (error) {
    throw new AppError('usage', `this file URL names no local path: "${location}"`, { cause: error })
  }
}

/** The git folder of a working tree, of a linked worktree or submodule, or of a bare repository. */
async function findGitDir(path: string): Promise<string> {
  for (const candidate of [join(path, '.git'), path]) {
    const found = await followGitFile(candidate)
    if (found !== null && (await isGitDir(found))) return realpath(found)
  }
  throw new AppError('not_found', `no git repository at "${path}"; give its top folder or a bare repository`)
}

/** Where a worktree or submodule has a file `.git` that names the folder. */
async function followGitFile(path: string): Promise<string | null> {
  const found = await stat(path).catch(() => null)
  if (found === null) return null
  if (found.isDirectory()) return path
  if (!found.isFile() || found.size > 4096) return null
  const target = /^gitdir: (.+?)\r?\n?$/.exec(await readFile(path, 'utf8'))?.[1]
  return target === undefined ? null : resolve(path, '..', target)
}

async function isGitDir(path: string): Promise<boolean> {
  const head = await stat(join(path, 'HEAD')).catch(() => null)
  if (!head?.isFile()) return false
  // A linked worktree has its objects elsewhere and says so in `commondir`.
  const objects = await stat(join(path, 'objects')).catch(() => null)
  const common = await stat(join(path, 'commondir')).catch(() => null)
  return objects?.isDirectory() === true || common?.isFile() === true
}
