/** The sources of a worker, made from the configuration; each is built when the first task asks for it. */
import { join } from 'node:path'
import type { Log } from '../base/log.ts'
import type { Config } from '../config/config.ts'
import { AppError } from '../model/errors.ts'
import { defaultArchiveLimits } from '../sources/archive/limits.ts'
import { defaultGitLimits } from '../sources/git/mirror.ts'
import type { GithubDeps } from '../sources/github/client.ts'
import { createSources, type Sources } from '../sources/open.ts'

/** @param home folder that holds the mirrors */
export function createServiceSources(config: Config, home: string, log: Log, version: string): Sources {
  const archive = defaultArchiveLimits
  let client: GithubDeps | null = null
  const github = async (): Promise<GithubDeps> => {
    const { createGithubClient } = await import('../sources/github/client.ts')
    client ??= createGithubClient({
      userAgent: `keyrecall/${version}`,
      log,
      archive,
      ...(config.githubApiUrl ? { baseUrl: config.githubApiUrl } : {}),
      ...(config.githubToken ? { token: config.githubToken } : {}),
    })
    return client
  }
  return createSources({
    github,
    s3: async () => {
      const { createS3 } = await import('../sources/s3/client.ts')
      return createS3({
        archive,
        anonymous: config.s3Anonymous,
        ...(config.s3Endpoint ? { endpoint: config.s3Endpoint } : {}),
        ...(config.s3Region ? { region: config.s3Region } : {}),
        // Left out, the source decides: in the path where an endpoint is named.
        ...(config.s3ForcePathStyle ? { forcePathStyle: true } : {}),
      })
    },
    git: async () => {
      const { credential } = await github()
      const { parseApiUrl, webOriginOf } = await import('../sources/github/hosts.ts')
      // The operator named that one too.
      const own = config.githubApiUrl ? [new URL(webOriginOf(parseApiUrl(config.githubApiUrl))).host] : []
      return {
        archive,
        cacheDir: join(home, 'mirrors'),
        allowFile: config.gitAllowFile,
        httpHosts: config.allowPrivateHosts,
        hosts: { allowPrivateHosts: [...config.allowPrivateHosts, ...own] },
        cacheBytes: config.gitCacheBytes,
        credential,
        limits: {
          ...defaultGitLimits,
          timeoutMs: config.gitTimeoutSeconds * 1_000,
          maxBytes: config.gitMaxBytes,
        },
      }
    },
    // What comes over the API must not read the server's own disk unless its operator says so.
    files: () => {
      if (config.gitAllowFile) return { archive }
      throw new AppError(
        'forbidden',
        'this service does not read local paths; set GIT_ALLOW_FILE=true to allow it',
      )
    },
  })
}
