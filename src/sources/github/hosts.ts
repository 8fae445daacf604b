/**
 * Which hosts and names an answer of GitHub may send us to. What the API says about clone addresses and web
 * pages is data from outside: a clone URL on a strange host would carry the token there, so only the web host
 * that belongs to the API, or one the operator named, is taken.
 */
import { AppError } from '../../model/errors.ts'

/** As in GitHub's own rules; `_` stands in the names of enterprise-managed users. */
const ownerPattern = /^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,98}[A-Za-z0-9_])?$/
const repositoryPattern = /^[A-Za-z0-9._-]{1,100}$/

export interface RepositoryName {
  owner: string
  repo: string
}

/**
 * `https://api.github.com` belongs to `https://github.com`, `https://api.NAME.ghe.com` to `https://NAME.ghe.com`;
 * Enterprise Server has both on one host.
 */
export function webOriginOf(apiUrl: URL): string {
  const web = new URL(apiUrl.origin)
  if (web.hostname === 'api.github.com' || /^api\.[^.]+\.ghe\.com$/.test(web.hostname)) {
    web.hostname = web.hostname.slice('api.'.length)
  }
  return web.origin
}

/** The URL that the API or the operator gave, without a trailing slash. */
export function parseApiUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw new AppError('config', `${quote(text)} is not the http(s) URL of a GitHub API`)
  }
  if (url.username !== '' || url.password !== '') {
    // The message leaves the URL out: it holds the credential.
    throw new AppError('config', 'the URL of the GitHub API may not hold a user or password; use the token')
  }
  return url
}

/** `OWNER/REPO`, or null where it is not such a name. */
export function parseFullName(fullName: string): RepositoryName | null {
  const [owner = '', repo = '', ...rest] = fullName.split('/')
  if (rest.length > 0 || !ownerPattern.test(owner) || !isRepositoryName(repo)) return null
  return { owner, repo }
}

/** @throws AppError `usage` */
export function checkOwner(owner: string): void {
  if (!ownerPattern.test(owner)) {
    throw new AppError('usage', `${quote(owner)} is not the name of a GitHub organisation or user`)
  }
}

/** @throws AppError `usage` */
export function checkRepository(owner: string, repo: string): void {
  checkOwner(owner)
  if (!isRepositoryName(repo)) {
    throw new AppError('usage', `${quote(repo)} is not the name of a GitHub repository`)
  }
}

function isRepositoryName(repo: string): boolean {
  return repositoryPattern.test(repo) && repo !== '.' && repo !== '..'
}

/** The clone address where it may be used, else null: on one of `origins`, without credentials, as the name says. */
export function trustedCloneUrl(
  cloneUrl: string,
  name: RepositoryName,
  origins: readonly string[],
): string | null {
  if (!isPlainUrlAt(cloneUrl, origins)) return null
  const url = new URL(cloneUrl)
  const expected = `/${name.owner}/${name.repo}`.toLowerCase()
  const path = url.pathname.toLowerCase()
  if (path !== expected && path !== `${expected}.git`) return null
  return url.search === '' && url.hash === '' ? url.href : null
}

/** A web address to show to people, else null. */
export function trustedPageUrl(text: string, origins: readonly string[]): string | null {
  return isPlainUrlAt(text, origins) ? new URL(text).href : null
}

function isPlainUrlAt(text: string, origins: readonly string[]): boolean {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  return origins.includes(url.origin) && url.username === '' && url.password === ''
}

/** Quoted as JSON and cut, so that control characters of an answer cannot reach a terminal. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 120 ? `${text.slice(0, 120)}…` : text)
}
