/**
 * The sources of a scan from a terminal, made from the environment. Only variables that sources use are read, and
 * only when the first task of such a source comes: a wrong DATABASE_URL is no business of a scan.
 */
import { dirname, join } from 'node:path'
import type { Config } from '../config/config.ts'
import { defaultArchiveLimits } from '../sources/archive/limits.ts'
import type { GitDeps } from '../sources/git/open.ts'
import type { GithubDeps } from '../sources/github/client.ts'
import { createSources, type Sources } from '../sources/open.ts'
import type { S3Deps } from '../sources/s3/client.ts'
import { packageVersion } from './version.ts'

const used = [
  'GITHUB_TOKEN',
  'GITHUB_API_URL',
  'S3_ENDPOINT',
  'S3_REGION',
  'S3_FORCE_PATH_STYLE',
  'S3_ANONYMOUS',
  'ALLOW_PRIVATE_HOSTS',
  'GIT_TIMEOUT_SECONDS',
  'GIT_MAX_BYTES',
  'GIT_CACHE_BYTES',
]

export interface CliSourceOptions {
  env: NodeJS.ProcessEnv
  /** Paths to leave out, and the folder that was named where it is one of files. */
  excluded: (path: string, folder?: string) => boolean
  /** Have listings tell how much there is to read. */
  measure: boolean
  /** As in `ScanOptions`. */
  range: { branch: string | null; since: string | null }
  maxSize: number | null
  /** Reads whole histories again, whatever was read before. */
  fresh: boolean
  /** Names what is looked for and what is told of it. */
  wanted: () => Promise<string>
}

export function cliSources(options: CliSourceOptions): Sources {
  const { env, excluded, measure, range, maxSize, fresh, wanted } = options
  const archive = defaultArchiveLimits
  return createSources({
    github: () => github(env),
    s3: () => s3(env),
    git: async () => {
      const deps = await git(env)
      return {
        ...deps,
        range,
        memory: { folder: join(dirname(deps.cacheDir), 'scanned'), key: wanted, fresh },
        limits: { ...deps.limits, ...(maxSize === null ? {} : { maxBlobBytes: maxSize }) },
      }
    },
    files: { archive, excluded, measure },
  })
}

async function github(env: NodeJS.ProcessEnv): Promise<GithubDeps> {
  const { createGithubClient } = await import('../sources/github/client.ts')
  const { githubApiUrl, githubToken } = await settings(env)
  return createGithubClient({
    userAgent: `keyrecall/${packageVersion()}`,
    ...(githubApiUrl === undefined ? {} : { baseUrl: githubApiUrl }),
    ...(githubToken === undefined ? {} : { token: githubToken }),
  })
}

async function s3(env: NodeJS.ProcessEnv): Promise<S3Deps> {
  // The SDK warns on standard error about Node versions it will leave in 2027; the pinned one has not.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true'
  const { createS3 } = await import('../sources/s3/client.ts')
  const { s3Endpoint, s3Region, s3ForcePathStyle, s3Anonymous } = await settings(env)
  return createS3({
    anonymous: s3Anonymous,
    ...(s3Endpoint === undefined ? {} : { endpoint: s3Endpoint }),
    ...(s3Region === undefined ? {} : { region: s3Region }),
    // Else it follows from the endpoint.
    ...(s3ForcePathStyle ? { forcePathStyle: true } : {}),
  })
}

/** Local repositories are read without GitHub's client, which takes longer to load than most of them to read. */
async function git(env: NodeJS.ProcessEnv): Promise<GitDeps> {
  const [{ defaultGitLimits }, { openHome }, { parseApiUrl, webOriginOf }] = await Promise.all([
    import('../sources/git/mirror.ts'),
    import('../base/home.ts'),
    import('../sources/github/hosts.ts'),
  ])
  const config = await settings(env)
  const web = webOriginOf(parseApiUrl(config.githubApiUrl ?? 'https://api.github.com'))
  const token = config.githubToken
  return {
    // Shared with the service of the same user; made when the first remote repository is read.
    cacheDir: join((await openHome(env['KEYRECALL_HOME'] || undefined)).dir, 'mirrors'),
    allowFile: true,
    // Nothing leaves the machine, and who sits at it named it.
    allowLoopback: true,
    httpHosts: [...config.allowPrivateHosts, ...(web.startsWith('http:') ? [new URL(web).host] : [])],
    credential: (url) =>
      token === undefined || new URL(url).origin !== web
        ? null
        : { username: 'x-access-token', password: token },
    limits: {
      ...defaultGitLimits,
      timeoutMs: config.gitTimeoutSeconds * 1_000,
      maxBytes: config.gitMaxBytes,
    },
    cacheBytes: config.gitCacheBytes,
    archive: defaultArchiveLimits,
  }
}

async function settings(env: NodeJS.ProcessEnv): Promise<Config> {
  const { readConfig } = await import('../config/config.ts')
  return readConfig(Object.fromEntries(used.map((name) => [name, env[name]])))
}
