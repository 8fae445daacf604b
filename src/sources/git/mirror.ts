/**
 * Mirrors of remote repositories in the cache folder (mode 0700): cloned once, fetched after. A clone is made
 * under a temporary name and renamed when whole, so what a killed process leaves is never taken for a mirror.
 * Time and disk space are bounded while git works.
 */
import { createHash, randomBytes } from 'node:crypto'
import { chmod, lstat, mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { runChild } from '../../base/child.ts'
import { AppError } from '../../model/errors.ts'
import { gitEnvironment } from './environment.ts'
import { explainRemoteFailure } from './failures.ts'
import { folderSize } from './folder-size.ts'
import type { GitLocation } from './location.ts'

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

interface GitCredential {
  username: string
  password: string
}

export interface MirrorDeps {
  /** Folder of the mirrors; made with mode 0700. */
  cacheDir: string
  /** The credential for an origin (`https://host`), if there is one. */
  credential?: (url: string) => GitCredential | null
  limits: GitLimits
  /** More variables for git: proxies, `GIT_SSL_CAINFO`. */
  env?: Readonly<Record<string, string>>
}

export type RemoteLocation = GitLocation & { kind: 'remote' }

/** How often the size on disk is looked at while git works. */
const sizeCheckMs = 500

/** Work under way by mirror, so that one process does not fetch into one mirror twice at once. */
const working = new Map<string, Promise<unknown>>()

/**
 * Brings the mirror of a repository up to date and gives back its folder.
 * Throws `AppError`: `too_large`, `timeout`, `remote_refused`, `remote_failed`, `not_found`, `git_failed`.
 * @param subject how messages name the repository
 */
export async function refreshMirror(
  location: RemoteLocation,
  subject: string,
  deps: MirrorDeps,
  signal: AbortSignal,
): Promise<string> {
  const name = createHash('sha256').update(location.href).digest('hex').slice(0, 40)
  const mirror = join(deps.cacheDir, `${name}.git`)
  const before = working.get(mirror)
  const work = (async () => {
    await before?.catch(() => {})
    signal.throwIfAborted()
    await prepareCache(deps.cacheDir)
    await sweep(deps, name)
    if (!(await fetchInto(mirror, location, subject, deps, signal))) {
      await cloneTo(mirror, location, subject, deps, signal)
    }
    return mirror
  })()
  working.set(mirror, work)
  try {
    return await work
  } finally {
    if (working.get(mirror) === work) working.delete(mirror)
  }
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

function isAlive(pid: number): boolean {
  if (pid === process.pid) return true
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** False where there is no mirror that could be brought up to date. */
async function fetchInto(
  mirror: string,
  location: RemoteLocation,
  subject: string,
  deps: MirrorDeps,
  signal: AbortSignal,
): Promise<boolean> {
  if (!(await stat(join(mirror, 'HEAD')).catch(() => null))) return false
  const args = [
    'fetch',
    '--prune',
    '--force',
    '--progress',
    '--no-recurse-submodules',
    '--no-write-fetch-head',
  ]
  try {
    await bounded({
      phase: `fetch "${subject}"`,
      args: [...args, '--', location.href, '+refs/*:refs/*'],
      folder: mirror,
      gitDir: mirror,
      location,
      subject,
      deps,
      signal,
    })
    return true
  } catch (error) {
    // An unknown failure is most likely the mirror's own: lock files or half a pack of a killed fetch.
    if (!(error instanceof AppError) || error.code !== 'git_failed' || signal.aborted) throw error
    await removeFolder(mirror)
    return false
  }
}

async function cloneTo(
  mirror: string,
  location: RemoteLocation,
  subject: string,
  deps: MirrorDeps,
  signal: AbortSignal,
): Promise<void> {
  const part = mirror.replace(/git$/, `${process.pid}.${randomBytes(6).toString('hex')}.part`)
  await mkdir(part, { mode: 0o700 })
  try {
    await bounded({
      phase: `clone "${subject}"`,
      args: ['clone', '--mirror', '--no-local', '--template=', '--progress', '--', location.href, part],
      folder: part,
      location,
      subject,
      deps,
      signal,
    })
    await rename(part, mirror)
  } catch (error) {
    await removeFolder(part)
    // Another process was first; its mirror is as good.
    if (['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) return
    throw error
  }
}

interface NetworkRun {
  phase: string
  args: readonly string[]
  /** Whose size is bounded. */
  folder: string
  gitDir?: string
  location: RemoteLocation
  subject: string
  deps: MirrorDeps
  signal: AbortSignal
}

async function bounded(run: NetworkRun): Promise<void> {
  const { deps, location } = run
  const credential = deps.credential?.(location.origin) ?? null
  const { maxBytes, timeoutMs } = deps.limits
  const stop = new AbortController()
  const tooLarge = new AppError(
    'too_large',
    `"${run.subject}" takes more than ${maxBytes} bytes on disk; raise the limit to read it`,
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
        credential: credential && { ...credential, origin: location.origin },
        ...(run.gitDir === undefined ? {} : { gitDir: run.gitDir }),
        ...(deps.env === undefined ? {} : { extra: deps.env }),
      }),
      cwd: deps.cacheDir,
      signal: AbortSignal.any([run.signal, stop.signal]),
      timeoutMs,
      explain: explainRemoteFailure(run.subject),
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
