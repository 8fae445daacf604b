/**
 * Reads what a person names (`github:acme`, `s3://bucket/prefix`, a path) into a target, and gives the first task
 * of a target. Refuses here what no source should ever see: options in disguise, transports that run commands,
 * credentials inside URLs.
 */
import { AppError } from '../model/errors.ts'
import type { Target, Task } from '../model/target.ts'

/** GitHub's own limits; `_` stands in the names of enterprise-managed users. */
const ownerPattern = /^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,98}[A-Za-z0-9_])?$/
const repoPattern = /^[A-Za-z0-9._-]{1,100}$/
/** Today's names and what old buckets and other servers allow. */
const bucketPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9]$/
/** Longest query GitHub's code search takes. */
const longestQuery = 256

/** @throws AppError `usage`, naming the target and what to write instead */
export function parseTarget(text: string): Target {
  if (text === '') throw usage('a target may not be empty; name a path, or "-" for standard input')
  if (text.includes('\0')) throw usage('a target may not hold NUL characters')
  if (text === '-') return { type: 'stdin' }
  if (text.startsWith('git:')) return parseGit(text.slice('git:'.length))
  if (text.startsWith('github-search:')) return parseSearch(text.slice('github-search:'.length))
  if (text.startsWith('github:')) return parseGithub(text.slice('github:'.length))
  if (text.startsWith('s3:')) return parseS3(text)
  if (/^(?:https?|ssh|git|ftp|file):\/\//i.test(text)) {
    throw usage(`${quote(text)} is a URL; write git:URL to scan the history of a git repository`)
  }
  return { type: 'path', path: text }
}

/** The task a scan of `target` begins with. */
export function firstTask(target: Target): Task {
  switch (target.type) {
    case 'path':
      return { kind: 'path', path: target.path }
    case 'stdin':
      return { kind: 'stdin' }
    case 'git':
      return {
        kind: 'git',
        location: target.location,
        repository: target.location,
        public: false,
        url: /^https?:/i.test(target.location) ? target.location : null,
      }
    case 'git-changes':
      return { kind: 'git-changes', range: target.range }
    case 'github':
      return target.repo === undefined
        ? { kind: 'github-owner-page', owner: target.owner, page: 1 }
        : { kind: 'github-repository', owner: target.owner, repo: target.repo }
    case 'github-search':
      return { kind: 'github-search-slice', query: target.query, minSize: 0, maxSize: null }
    case 's3':
      return {
        kind: 's3-list-page',
        bucket: target.bucket,
        prefix: target.prefix,
        keyMarker: null,
        versionMarker: null,
      }
  }
}

function parseGit(location: string): Target {
  if (location === '') throw usage('"git:" needs a path or an https URL behind it')
  if (location.startsWith('-')) {
    throw usage(
      `"git:${safe(location)}" looks like an option of git; write git:./${safe(location)} for a path`,
    )
  }
  if (/^[A-Za-z0-9+.-]+::/.test(location)) {
    throw usage(`"git:${safe(location)}" names a git transport helper; only https URLs and paths are read`)
  }
  if (/^[^/\\:]+@[^/\\:]+:/.test(location)) {
    throw usage('repositories are not read over ssh; write the https URL behind "git:"')
  }
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//.exec(location)?.[1]?.toLowerCase()
  if (scheme !== undefined) checkUrl(location, scheme)
  return { type: 'git', location }
}

function checkUrl(location: string, scheme: string): void {
  if (!['https', 'http', 'file'].includes(scheme)) {
    throw usage(`git repositories are not read over ${quote(scheme)}; write an https URL or a path`)
  }
  if (!URL.canParse(location)) throw usage(`"git:${safe(location)}" is not a valid URL`)
  const url = new URL(location)
  if (url.username !== '' || url.password !== '') {
    // The message leaves the URL out: it holds the credential.
    throw usage('a git URL may not hold a user or password; put the token into GITHUB_TOKEN')
  }
}

function parseGithub(text: string): Target {
  const [owner = '', repo, ...rest] = text.replace(/\/$/, '').split('/')
  if (!ownerPattern.test(owner) || rest.length > 0) {
    throw usage(`${quote(`github:${text}`)} is not github:OWNER or github:OWNER/REPO`)
  }
  if (repo === undefined) return { type: 'github', owner }
  if (!repoPattern.test(repo) || repo === '.' || repo === '..') {
    throw usage(`${quote(repo)} is not the name of a GitHub repository`)
  }
  return { type: 'github', owner, repo }
}

function parseSearch(text: string): Target {
  const query = text.trim()
  if (query === '')
    throw usage('"github-search:" needs a query behind it, for example github-search:acme_key')
  if (query.length > longestQuery) {
    throw usage(`GitHub takes code-search queries of at most ${longestQuery} characters`)
  }
  return { type: 'github-search', query }
}

function parseS3(text: string): Target {
  const parts = /^s3:\/\/([^/]*)(?:\/([^]*))?$/.exec(text)
  const bucket = parts?.[1] ?? ''
  if (!bucketPattern.test(bucket)) throw usage(`${quote(text)} is not s3://BUCKET or s3://BUCKET/PREFIX`)
  return { type: 's3', bucket, prefix: parts?.[2] ?? '' }
}

function usage(message: string): AppError {
  return new AppError('usage', message)
}

/** Quoted as JSON, so that control characters in an argument cannot reach a terminal; cut to a readable length. */
function quote(text: string): string {
  return `"${safe(text)}"`
}

function safe(text: string): string {
  const short = text.length > 120 ? `${text.slice(0, 120)}…` : text
  return JSON.stringify(short).slice(1, -1)
}
