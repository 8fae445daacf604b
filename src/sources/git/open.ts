/**
 * A git repository as a unit: every blob of its object database, and the messages of its commits and tags as
 * texts named `COMMIT_MSG` and `TAG_MSG`. Remote ones are mirrored first, when their blobs are asked for; local
 * ones are read in place, and nothing their config, hooks or attributes name is run.
 */
import { randomUUID } from 'node:crypto'
import type { Blob, Place, SourceProblem } from '../../model/blob.ts'
import { AppError } from '../../model/errors.ts'
import type { ReadingTask } from '../../model/target.ts'
import type { OpenUnit, UnitPart } from '../../model/unit.ts'
import type { ArchiveLimits } from '../archive/limits.ts'
import { unpackAll } from '../archive/unpack.ts'
import type { Attribution } from './attribute/person.ts'
import { findGaps } from './gaps.ts'
import { type Located, locateBlobs } from './locate.ts'
import { readLocation } from './location.ts'
import { type Mirror, type MirrorDeps, refreshMirror } from './mirror.ts'
import { blobPlace, messagePlace } from './object-place.ts'
import { streamOutput } from './object-stream.ts'
import { personText } from './object-text.ts'
import { type GitObject, readObjects } from './objects.ts'
import { type ObjectStore, openObjectStore } from './pack/store.ts'
import { type Refs, readRefs } from './refs.ts'
import { refsDigest } from './refs-digest.ts'
import { openRepository, type Repository } from './repository.ts'
import { type GitRange, selectObjects } from './selection.ts'
import { behind } from './state/better-refs.ts'
import { locateAgain } from './state/locate-again.ts'
import { type Memory, type MemoryOptions, recall } from './state/memory.ts'
import type { ScanState } from './state/scan-state.ts'

export type GitTask = ReadingTask & { kind: 'git' }

export interface GitDeps extends MirrorDeps {
  /** Paths and `file:` URLs may be read: for the command line, not for what comes over the API. */
  allowFile: boolean
  /** `host` or `host:port` that may be asked by http, without TLS. Default: none. */
  httpHosts?: readonly string[]
  /** This machine may be asked by http, at any port: for the command line. */
  allowLoopback?: boolean
  archive: ArchiveLimits
  /** What is read is limited to this. Default: everything there is, reachable or not. */
  range?: GitRange
  /** Where scans of whole histories remember what they read. Default: nowhere. */
  memory?: MemoryOptions
}

/** Throws `AppError` for a location that is not allowed; all else comes up when blobs are asked for. */
export async function openGit(task: GitTask, deps: GitDeps): Promise<OpenUnit> {
  const location = await readLocation(task.location, deps)
  let ready: Promise<Repository> | null = null
  let mirror: Mirror | null = null
  let store: ObjectStore | null = null
  let refs: Refs | null = null
  let memory: Memory | null = null
  let places: ReadonlyMap<string, Attribution[]> = new Map()

  /** Fetches once for the unit; tried again after a failure. */
  function repository(signal: AbortSignal): Promise<Repository> {
    ready ??= (async () => {
      if (location.kind === 'local') return openRepository(location.gitDir, task.repository)
      mirror = await refreshMirror(location, task.repository, deps, signal)
      return openRepository(mirror.gitDir, task.repository)
    })().catch((error: unknown) => {
      ready = null
      throw error
    })
    return ready
  }

  /** What there is to read, and the refs that count. */
  async function selected(
    opened: Repository,
    signal: AbortSignal,
  ): Promise<{ objects: ReadonlySet<string> | null; refs: Refs }> {
    const { timeoutMs } = deps.limits
    const refs = await readRefs(opened, timeoutMs, signal)
    const { branch, since } = deps.range ?? { branch: null, since: null }
    if (branch === null && since === null) return { objects: null, refs }
    return selectObjects(opened, refs, { branch, since }, timeoutMs, signal)
  }

  /** Only mirrors have one: all they hold came by a ref. Others hold more, such as what is staged. */
  async function state(signal: AbortSignal): Promise<string> {
    try {
      return await refsDigest(await repository(signal), deps.limits.timeoutMs, signal)
    } catch (error) {
      // Never the same twice: `blobs` is to be asked, and to say why nothing was read.
      if (error instanceof AppError && error.code === 'too_large') return randomUUID()
      throw error
    }
  }

  /** The repository, or why it is left out on purpose; everything else fails the unit. */
  async function atHand(signal: AbortSignal): Promise<Repository | SourceProblem> {
    try {
      return await repository(signal)
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'too_large') throw error
      return { problem: 'skipped', code: error.code, subject: task.repository, message: error.message }
    }
  }

  async function* blobs(signal: AbortSignal): AsyncGenerator<Blob | SourceProblem> {
    const opened = await atHand(signal)
    if ('problem' in opened) {
      yield opened
      return
    }
    yield* await findGaps(opened, deps.limits.timeoutMs, signal)
    const { objects } = await selected(opened, signal)
    for await (const item of readObjects(opened, deps.limits.maxBlobBytes, objects, signal)) {
      yield 'problem' in item ? item : blobOf(item, opened, task)
    }
  }

  async function* parts(signal: AbortSignal): AsyncGenerator<UnitPart | SourceProblem> {
    const opened = await atHand(signal)
    if ('problem' in opened) {
      yield opened
      return
    }
    yield* await findGaps(opened, deps.limits.timeoutMs, signal)
    const { maxBlobBytes, timeoutMs } = deps.limits
    if (deps.memory) {
      refs = await readRefs(opened, timeoutMs, signal)
      const open = (before: ScanState) => openObjectStore(opened.gitDir, { maxBlobBytes, before })
      const known = { identity: identity(opened), repository: opened, refs, open, timeoutMs, signal }
      memory = await recall(deps.memory, known)
      store = memory.store
    }
    store ??= await openObjectStore(opened.gitDir, { maxBlobBytes })
    const again = memory?.again() ?? []
    const shares = store.parts(countOfParts(store.packBytes))
    // With the last of what is new: what little there is needs no other thread.
    const last = shares.at(-1)
    if (last) last.strays.push(...again)
    else if (again.length > 0) shares.push(store.partOf(again))
    const { repository, url } = task
    for (const share of shares) {
      signal.throwIfAborted()
      yield { kind: 'pack', repository, url, public: task.public, share, bytes: share.bytes }
    }
    yield* store.problems()
  }

  /** What tells a repository from others: mirrors are made anew, folders stay. */
  function identity(opened: Repository): string {
    return location.kind === 'remote' ? location.href : opened.gitDir
  }

  /** The places of blobs with hits, kept for the memory of the scan. */
  async function located(wanted: ReadonlySet<string>, signal: AbortSignal): Promise<Located> {
    const opened = await repository(signal)
    const now = refs ?? (await selected(opened, signal)).refs
    const bounds = { timeoutMs: deps.limits.timeoutMs, signal }
    const locate = (blobs: ReadonlySet<string>, isKnown: ((id: Uint8Array) => boolean) | null = null) =>
      locateBlobs(opened, blobs, now, { ...bounds, isKnown }, store)
    const found = memory
      ? await locateAgain(wanted, memory, now, locate, behind(opened, bounds.timeoutMs, signal))
      : await locate(wanted)
    places = found.places
    return found
  }

  const isWhole = (deps.range?.branch ?? deps.range?.since ?? null) === null
  return {
    blobs: (signal) => unpackAll(blobs(signal), deps.archive, signal),
    // Of a part of a history git knows best what belongs to it.
    ...(isWhole ? { parts } : {}),
    async locate(places, signal) {
      const wanted = new Set(places.filter((place) => place.path === '').map((place) => place.blob_sha ?? ''))
      if (wanted.size === 0) return places.map((place) => [place])
      const { places: found, gaps } = await located(wanted, signal)
      return places.map((place) => expand(place, found.get(place.blob_sha ?? ''), gaps > 0, task.url))
    },
    ...(location.kind === 'remote' ? { state } : {}),
    known: () => memory?.known({ repository: task.repository, url: task.url, public: task.public }) ?? [],
    notes: () => memory?.notes() ?? [],
    async remember(objects, problems) {
      await memory?.save({ objects, places, problems })
    },
    close: async () => {
      store?.close()
      await mirror?.release()
    },
  }
}

/** The beginning of a part is scanned whole, as its bases are not at hand: they are not too small, nor too few for many threads. */
function countOfParts(packBytes: number): number {
  return Math.min(64, Math.ceil(packBytes / (4 * 1024 * 1024)))
}

/** One place for each path; the place itself where it is no file, or no commit holds the blob. */
function expand(
  place: Place,
  found: readonly Attribution[] | undefined,
  hasGaps: boolean,
  web: string | null,
): Place[] {
  if (place.path !== '') return [place]
  // Where history is damaged, what holds the blob may be what is lost.
  if (found === undefined) return [hasGaps ? place : { ...place, unreachable: true }]
  return found.map((location) => ({
    ...place,
    ...location,
    ...(web === null || location.commit_sha === undefined ? {} : { url: webAddress(web, location) }),
  }))
}

/** GitHub's form; GitLab and Gitea redirect it to their own. */
function webAddress(web: string, { commit_sha, path }: Attribution): string {
  return `${web}/blob/${commit_sha}/${path.split('/').map(encodeURIComponent).join('/')}`
}

/** @returns the object as a blob; a file's path stays empty until `locate` knows it */
function blobOf(object: GitObject, repository: Repository, task: GitTask): Blob {
  const shared = { repository: task.repository, url: task.url, public: task.public }
  if (object.type === 'blob')
    return contentOf(object, repository, blobPlace(object.id, shared), (bytes) => bytes)
  // Messages above 1 MiB are streamed as they are; ids in their headers then stay.
  const place = messagePlace(object.type, object.id, object.whole, shared)
  return contentOf(object, repository, place, personText)
}

function contentOf(
  object: GitObject,
  repository: Repository,
  place: Place,
  change: (bytes: Buffer) => Buffer,
): Blob {
  const shared = { place, size: object.size, contentId: object.id }
  if (object.whole) {
    const whole = change(object.whole)
    return {
      ...shared,
      async *open() {
        yield whole
      },
      read: async (start, end) => whole.subarray(start, end),
    }
  }
  let begun = false
  return {
    ...shared,
    open(signal) {
      // The first reading is of the stream that passes by, any other asks git anew.
      const passing = begun ? null : object.stream()
      begun = true
      const { id, type } = object
      return (
        passing ?? streamOutput({ ...repository.command('read an object', ['cat-file', type, id]), signal })
      )
    },
  }
}
