/**
 * Mirrors of remote repositories in the cache folder (mode 0700): cloned once, fetched after. A clone is made
 * under a temporary name and renamed when whole, so what a killed process leaves is never taken for a mirror.
 * Time and disk space are bounded while git works, and so is what all mirrors take.
 */
import { createHash, randomBytes } from 'node:crypto'
import { chmod, lstat, mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { runChild } from '../../base/child.ts'
import { AppError } from '../../model/errors.ts'
import { createCloneCache } from './clone-cache.ts'
import { answerFor, type GitCredential } from './credential-helper.ts'
import { gitEnvironment } from './environment.ts'
import { explainRemoteFailure } from './failures.ts'
import { isAlive } from './file-lock.ts'
import { folderSize } from './folder-size.ts'
import type { GitLocation } from './location.ts'
import type { HostPolicy } from './pinned-host.ts'

export interface GitLimits {
  /** Bytes of one mirror on disk. */
  maxBytes: number
  /** Milliseconds for one clone, fetch or walk of the history. */
  timeoutMs: number
  /** Bytes of one object; larger ones are skipped as `too_large`. */
  maxBlobBytes: number
}

export const defaultGitLimits: GitLimits = {
  maxBytes: 20 * 1024 ** 3,
  timeoutMs: 30 * 60_000,
  maxBlobBytes: 1024 ** 3,
}

/** Bytes that all mirrors together may take, those in use aside. */
export const defaultCacheBytes = 10 * 1024 ** 3

export interface MirrorDeps {
  /** Folder of the mirrors; made with mode 0700. */
  cacheDir: string
  /** The credential for an origin (`https://host`), if there is one. */
  credential?: (url: string) => GitCredential | null
  limits: GitLimits
  /** Default: `defaultCacheBytes`. */
  cacheBytes?: number
  /** Hosts that may be asked, for locations that came over the API; null or absent: any. */
  hosts?: HostPolicy | null
  /** More variables for git: proxies, `GIT_SSL_CAINFO`. */
  env?: Readonly<Record<string, string>>
}

export type RemoteLocation = GitLocation & { kind: 'remote' }

/** How often the size on disk is looked at while git works. */
const sizeCheckMs = 500

export interface Mirror {
  gitDir: string
  /** From here on it may be removed to make room. */
  release(): Promise<void>
}

/**
 * Brings the mirror of a repository up to date and keeps it until it is released.
 * Throws `AppError`: `too_large`, `timeout`, `remote_refused`, `remote_failed`, `not_found`, `blocked_target`,
 * `git_failed`.
 * @param subject how messages name the repository
 */
export async function refreshMirror(
  location: RemoteLocation,
  subject: string,
  deps: MirrorDeps,
  signal: AbortSignal,
): Promise<Mirror> {
  // Loaded with what asks servers, which takes longer than many a scan.
  const pin = deps.hosts ? await (await import('./pinned-host.ts')).pinHost(location, deps.hosts) : null
  const name = createHash('sha256').update(location.href).digest('hex').slice(0, 40)
  const cache = createCloneCache(deps.cacheDir)
  const order: Order = {
    name,
    mirror: join(deps.cacheDir, `${name}.git`),
    location,
    pin,
    subject,
    deps,
    signal,
  }
  await prepareCache(deps.cacheDir)
  const use = await cache.use(name, signal)
  try {
    await cache.alone(name, signal, async () => {
      await sweep(deps, name)
      if (!(await fetchInto(order))) await cloneTo(order)
    })
    await cache.trim(deps.cacheBytes ?? defaultCacheBytes, signal)
    return { gitDir: order.mirror, release: () => use.release() }
  } catch (error) {
    await use.release()
    throw error
  }
}

/** What is to be mirrored where. */
interface Order {
  name: string
  /** The folder. */
  mirror: string
  location: RemoteLocation
  /** The addresses git is to keep to; null for any. */
  pin: string | null
  subject: string
  deps: MirrorDeps
  signal: AbortSignal
}

async function prepareCache(cacheDir: string): Promise<void> {
  await mkdir(cacheDir, { recursive: true, mode: 0o700 })
  const found = await lstat(cacheDir)
  if (!found.isDirectory()) throw new AppError('config', `the clone cache is not a folder: "${cacheDir}"`)
  // It holds other people's secrets in clear.
  if ((found.mode & 0o077) !== 0) await chmod(cacheDir, 0o700)
}

/** Removes half-made clones whose maker can no longer be at work: older than any clone may take, with room. */
async function sweep(deps: MirrorDeps, name: string): Promise<void> {
  for (const entry of await readdir(deps.cacheDir)) {
    const made = new RegExp(`^${name}\\.([0-9]+)\\.[0-9a-f]+\\.part$`).exec(entry)
    if (!made) continue
    const path = join(deps.cacheDir, entry)
    const found = await stat(path).catch(() => null)
    if (found && (!isAlive(Number(made[1])) || Date.now() - found.ctimeMs > 2 * deps.limits.timeoutMs)) {
      await removeFolder(path)
    }
  }
}

/** False where there is no mirror that could be brought up to date. */
async function fetchInto(order: Order): Promise<boolean> {
  const { mirror, location, subject, signal } = order
  if (!(await stat(join(mirror, 'HEAD')).catch(() => null))) return false
  const options = ['--prune', '--force', '--progress', '--no-recurse-submodules', '--no-write-fetch-head']
  try {
    await bounded(order, {
      phase: `fetch "${subject}"`,
      args: ['fetch', ...options, '--', location.href, '+refs/*:refs/*'],
      folder: mirror,
      gitDir: mirror,
    })
    return true
  } catch (error) {
    // An unknown failure is most likely the mirror's own: lock files or half a pack of a killed fetch.
    if (!(error instanceof AppError) || error.code !== 'git_failed' || signal.aborted) throw error
    return false
  }
}

async function cloneTo(order: Order): Promise<void> {
  const { mirror, location, subject } = order
  const part = partOf(mirror)
  await mkdir(part, { mode: 0o700 })
  try {
    await bounded(order, {
      phase: `clone "${subject}"`,
      args: ['clone', '--mirror', '--no-local', '--template=', '--progress', '--', location.href, part],
      folder: part,
    })
    await replace(mirror, part)
  } catch (error) {
    await removeFolder(part)
    throw error
  }
}

/** A name for what is on its way to be the mirror, or was. */
function partOf(mirror: string): string {
  return mirror.replace(/git$/, `${process.pid}.${randomBytes(6).toString('hex')}.part`)
}

/** Puts a clone in the place of a mirror that may be damaged, and may be read at the time. */
async function replace(mirror: string, part: string): Promise<void> {
  const old = partOf(mirror)
  const isThere = await rename(mirror, old).then(
    () => true,
    () => false,
  )
  await rename(part, mirror)
  if (isThere) await removeFolder(old)
}

interface NetworkRun {
  phase: string
  args: readonly string[]
  /** Whose size is bounded. */
  folder: string
  gitDir?: string
}

async function bounded({ deps, location, pin, subject, signal }: Order, run: NetworkRun): Promise<void> {
  const credential = deps.credential?.(location.origin) ?? null
  const { maxBytes, timeoutMs } = deps.limits
  const stop = new AbortController()
  const tooLarge = new AppError(
    'too_large',
    `"${subject}" takes more than ${maxBytes} bytes on disk; raise the limit to read it`,
  )
  let checking: Promise<void> | undefined
  async function check(): Promise<void> {
    if ((await folderSize(run.folder)) > maxBytes) stop.abort(tooLarge)
    checking = undefined
  }
  const timer = setInterval(() => {
    checking ??= check()
  }, sizeCheckMs)
  try {
    await runChild({
      phase: run.phase,
      command: 'git',
      args: run.args,
      env: gitEnvironment({
        protocols: [location.protocol],
        askFor: credential && location.origin,
        pin,
        ...(run.gitDir === undefined ? {} : { gitDir: run.gitDir }),
        ...(deps.env === undefined ? {} : { extra: deps.env }),
      }),
      ...(credential && { answer: answerFor(location.origin, credential) }),
      cwd: deps.cacheDir,
      signal: AbortSignal.any([signal, stop.signal]),
      timeoutMs,
      explain: explainRemoteFailure(subject),
      maxOutput: 1024 * 1024,
    })
    // It may have grown past the limit since the last look.
    if ((await folderSize(run.folder)) > maxBytes) throw tooLarge
  } finally {
    clearInterval(timer)
    await Promise.resolve(checking)
  }
}

async function removeFolder(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 3 })
}
