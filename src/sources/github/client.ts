/**
 * Octokit with its throttling and retry plugins, bounded and quiet: it logs nothing itself (its debug lines hold
 * request headers), waits out limits that end soon and leaves longer ones to the queue. One client per token,
 * since limits are counted per token.
 */
import { randomUUID } from 'node:crypto'
import { retry } from '@octokit/plugin-retry'
import { throttling } from '@octokit/plugin-throttling'
import { Octokit } from '@octokit/rest'
import { Agent } from 'undici'
import { type ArchiveLimits, defaultArchiveLimits } from '../archive/limits.ts'
import { createEtagCache } from './etag-cache.ts'
import { createJsonFetch, createStreamFetch, type FetchLimits } from './guarded-fetch.ts'
import { parseApiUrl, webOriginOf } from './hosts.ts'
import { createSpacing } from './spacing.ts'

interface GithubLimits extends FetchLimits {
  /** Pages of one listing; reaching it is reported as a problem. */
  maxPages: number
  /** Bytes of one blob. GitHub's API gives up to 100 MB. */
  maxBlobBytes: number
  /** Longest wait for a rate limit inside a request, in milliseconds; past it the task is tried again later. */
  maxWait: number
  /** Pause between two searches, in milliseconds. */
  searchInterval: number
  /** Pause before a search whose results were incomplete is asked again, in milliseconds; doubles each time. */
  incompletePause: number
  /** Unit of the retry plugin's waits (1, 4 and 9 of it) after a failed answer, in milliseconds. */
  retryUnit: number
  /** Commits of a path that are looked at to find who brought a blob in. */
  maxCommits: number
}

const defaultLimits: GithubLimits = {
  requestTimeout: 30_000,
  streamTimeout: 600_000,
  maxAnswerBytes: 32 * 1024 ** 2,
  maxPages: 1_000,
  maxBlobBytes: 100 * 1024 ** 2,
  maxWait: 120_000,
  searchInterval: 2_000,
  incompletePause: 2_000,
  retryUnit: 1_000,
  maxCommits: 30,
}

/** What is logged: limits being waited for, listings cut short. Pino's `Log` fits. */
interface GithubLog {
  warn(fields: object, message: string): void
}

export interface GithubOptions {
  /** Default `https://api.github.com`; on Enterprise Server `https://HOST/api/v3`. */
  baseUrl?: string
  /** Without one only public content is read, and code search is refused by GitHub. */
  token?: string
  userAgent: string
  log?: GithubLog
  /** Origins besides the API's own web host that clone addresses may have, e.g. `https://git.acme.example`. */
  webOrigins?: readonly string[]
  limits?: Partial<GithubLimits>
  archive?: ArchiveLimits
}

/** What the functions of this source need. Made by `createGithubClient`. */
export interface GithubDeps {
  readonly octokit: Octokit
  /** Fetch for bodies that are read as they come. */
  readonly streamFetch: ReturnType<typeof createStreamFetch>
  readonly limits: GithubLimits
  readonly archive: ArchiveLimits
  readonly log: GithubLog
  /** Origins that clone addresses and page links may have; the first is the API's own web host. */
  readonly webOrigins: readonly [string, ...string[]]
  /** Takes our own token out of a text. */
  readonly scrub: (text: string) => string
  /** For git over https: the token, for addresses on `webOrigins` only. */
  readonly credential: (url: string) => GithubCredential | null
  /** Ends open connections, also those of requests under way. */
  close(): Promise<void>
}

/** Basic credentials as git sends them; the password is the token and must not be printed. */
interface GithubCredential {
  username: string
  password: string
}

const ThrottledOctokit = Octokit.plugin(throttling, retry)
/** 413 and redirects are ours, 429 is the throttling plugin's; the rest is the plugin's own list. */
const notRetried = [304, 400, 401, 403, 404, 409, 410, 413, 422, 429, 451]
const silent = { debug: ignore, info: ignore, warn: ignore, error: ignore }
const tries = 3

/** @throws AppError `config` where `baseUrl` is not an http(s) URL or holds a password */
export function createGithubClient(options: GithubOptions): GithubDeps {
  const apiUrl = parseApiUrl(options.baseUrl ?? 'https://api.github.com')
  const limits = { ...defaultLimits, ...options.limits }
  const log = options.log ?? { warn: ignore }
  const token = options.token === '' ? undefined : options.token
  const dispatcher = new Agent({
    connectTimeout: Math.min(limits.requestTimeout, 10_000),
    headersTimeout: limits.requestTimeout,
    bodyTimeout: limits.requestTimeout,
  })
  const fetchDeps = { origin: apiUrl.origin, dispatcher, limits, cache: createEtagCache(16 * 1024 ** 2) }
  const webOrigins = [webOriginOf(apiUrl), ...(options.webOrigins ?? [])] as [string, ...string[]]

  const octokit = new ThrottledOctokit({
    baseUrl: apiUrl.href.replace(/\/$/, ''),
    userAgent: options.userAgent,
    ...(token === undefined ? {} : { auth: token }),
    log: silent,
    request: { fetch: createJsonFetch(fetchDeps), log: silent },
    retry: { doNotRetry: notRetried, retryAfterBaseValue: limits.retryUnit },
    throttle: {
      id: randomUUID(),
      search: createSpacing(limits.searchInterval) as never,
      onRateLimit: (seconds, request, _octokit, retries) => wait('primary', seconds, request.url, retries),
      onSecondaryRateLimit: (seconds, request, _octokit, retries) =>
        wait('secondary', seconds, request.url, retries),
    },
  })

  function wait(limit: 'primary' | 'secondary', seconds: number, route: string, retries: number): boolean {
    const waits = retries < tries && seconds * 1000 <= limits.maxWait
    if (waits) log.warn({ limit, seconds, route }, 'waiting for a rate limit of GitHub')
    return waits
  }

  return {
    octokit,
    streamFetch: createStreamFetch(fetchDeps),
    limits,
    archive: options.archive ?? defaultArchiveLimits,
    log,
    webOrigins,
    scrub: (text) => (token === undefined ? text : text.replaceAll(token, '[token]')),
    credential(url) {
      if (token === undefined || !URL.canParse(url) || !webOrigins.includes(new URL(url).origin)) return null
      return { username: 'x-access-token', password: token }
    },
    close: () => dispatcher.destroy(),
  }
}

function ignore(): void {}
