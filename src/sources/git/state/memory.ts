/**
 * What scans of a repository remember of it: which objects they read, and what was found in them, but no credential. The
 * next scan reads what is new, and what it is to tell of the rest from the few objects that hold it. A scan that could not
 * read everything leaves the memory as it was.
 */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Place, SourceProblem } from '../../../model/blob.ts'
import type { Hit } from '../../../model/hit.ts'
import type { Attribution } from '../attribute/person.ts'
import { blobPlace, messagePlace, type RepositoryPlace } from '../object-place.ts'
import { personText } from '../object-text.ts'
import type { ObjectStore } from '../pack/store.ts'
import type { Refs } from '../refs.ts'
import type { Repository } from '../repository.ts'
import { asKnown, type KnownHit, revive } from './known-hit.ts'
import { findRewritten, type Rewritten } from './rewritten.ts'
import { emptyState, loadScanState, type Remembered, type ScanState, saveScanState } from './scan-state.ts'

export interface MemoryOptions {
  /** Folder of the memories; made with mode 0700. */
  folder: string
  /** Names what is looked for and how: a memory of anything else is of no use. */
  key: () => Promise<string>
  /** Forget what there is. */
  fresh: boolean
}

/** An object in which something was found. */
export interface FoundObject {
  place: Place
  hits: readonly Hit[]
}

export interface Memory {
  before: ScanState
  /** The objects of the repository, of which what was read before counts as known. */
  store: ObjectStore
  /** Since then some refs were moved to where what they led to is no part of, or removed. */
  rewritten: Rewritten
  /** Objects that are to be scanned again. */
  again(): string[]
  /** What was found before and is still there. */
  known(repository: RepositoryPlace): FoundObject[]
  /** For people: what has changed under the hands of the last scan. */
  notes(): string[]
  /** Takes in what this scan knows; nothing where a problem is about more than one object. */
  save(found: Found): Promise<void>
}

interface Found {
  objects: readonly FoundObject[]
  /** By id of a blob. */
  places: ReadonlyMap<string, Attribution[]>
  problems: readonly SourceProblem[]
}

const nothing: Rewritten = { refs: [], commits: [], isCut: false }
const mostNamed = 5

interface Recalled {
  /** What tells the repository from others: its folder or its address. */
  identity: string
  repository: Repository
  refs: Refs
  open: (before: ScanState) => Promise<ObjectStore>
  timeoutMs: number
  signal: AbortSignal
}

export async function recall(
  { folder, key, fresh }: MemoryOptions,
  { identity, repository, refs, open, timeoutMs, signal }: Recalled,
): Promise<Memory> {
  const set = await key()
  const path = join(folder, createHash('sha256').update(`${identity}\0${set}`).digest('hex').slice(0, 40))
  const before = fresh ? emptyState() : await loadScanState(path, set)
  const store = await open(before)
  const now = new Map(refs.refs.map((ref) => [ref.name, ref.id]))
  // Git is asked about those alone that did not just go on.
  const left = [...before.refs].filter(([name, id]) => !isAhead(store, now.get(name), id))
  const rewritten =
    left.length === 0 ? nothing : await findRewritten(repository, new Map(left), refs, timeoutMs, signal)
  const gone = (): [string, Remembered][] =>
    [...before.found].filter(([id, { hits }]) => hits.length > 0 && !store.has(id))

  return {
    before,
    store,
    rewritten,
    again: () => [...before.found].filter(([id, { again }]) => again && store.has(id)).map(([id]) => id),
    known: (place) =>
      [...before.found].flatMap(([id, { hits, again }]) =>
        again ? [] : (revived(id, hits, store, place) ?? []),
      ),
    notes: () => [...knownNote(before), ...rewrittenNote(rewritten), ...gone().map(goneNote)],
    async save({ objects, places, problems }) {
      const found = new Map<string, Remembered>(gone())
      for (const { subject } of problems) {
        const id = objectId.exec(subject)?.[0]
        if (id === undefined) return
        found.set(id, { places: [], hits: [], again: true })
      }
      for (const { place, hits } of objects) {
        const id = idOf(place)
        if (id !== null) found.set(id, remembered(found.get(id), place, hits, places.get(id) ?? []))
      }
      const { packs, indexes, loose } = store.newObjects()
      let { ids } = before
      for (const { bytes, idsAt, idStride, count } of indexes)
        ids = ids.withSorted(bytes, idsAt, idStride, count)
      await saveScanState(path, set, {
        packs: new Set(packs),
        refs: now,
        defaultBranch: refs.defaultBranch,
        ids: ids.with(loose.map((id) => Buffer.from(id, 'hex'))),
        found,
      })
    },
  }
}

/** Commits looked at to see whether a ref just went on. */
const mostAhead = 256

/** Whether `to`, a commit, is among the nearest ancestors of `from`, or the same. */
function isAhead(store: ObjectStore, from: string | undefined, to: string): boolean {
  if (from === undefined) return false
  const met = new Set([from])
  for (const id of met) {
    if (id === to) return true
    if (met.size > mostAhead) return false
    const object = store.read(id)
    if (object?.type !== 'commit') continue
    const head = object.bytes.toString('latin1', 0, 4096).split('\n\n', 1)[0] ?? ''
    for (const parent of head.matchAll(/^parent ([0-9a-f]+)$/gm)) met.add(parent[1] as string)
  }
  return false
}

/** An object with what was found in it, of which an archive may have told before. */
function remembered(
  before: Remembered | undefined,
  { archive_path: member }: Place,
  hits: readonly Hit[],
  places: Attribution[],
): Remembered {
  const known = hits.map(asKnown)
  const kept = known.filter((hit) => hit !== null)
  return {
    places,
    hits: [...(before?.hits ?? []), ...kept],
    again: before?.again === true || member !== undefined || kept.length < known.length,
  }
}

/** The hits of an object that is still there. */
function revived(
  id: string,
  hits: readonly KnownHit[],
  store: ObjectStore,
  repository: RepositoryPlace,
): FoundObject | null {
  const object = store.read(id)
  if (!object || object.type === 'tree') return null
  const isBlob = object.type === 'blob'
  const text = isBlob ? object.bytes : personText(object.bytes)
  return {
    place:
      object.type === 'blob' ? blobPlace(id, repository) : messagePlace(object.type, id, text, repository),
    hits: hits.map((hit) => revive(hit, text)),
  }
}

const objectId = /^(?:[0-9a-f]{64}|[0-9a-f]{40})(?![0-9a-f])/

/** The object that holds what stands at a place nobody has located yet; null for the log of a ref. */
function idOf(place: Place): string | null {
  return place.blob_sha ?? place.commit_sha ?? null
}

function knownNote({ ids }: ScanState): string[] {
  return ids.count === 0
    ? []
    : [`${ids.count} objects were read by an earlier scan, whose findings are told again (--fresh reads all)`]
}

function rewrittenNote({ refs, commits, isCut }: Rewritten): string[] {
  if (commits.length === 0) return []
  const named = refs.slice(0, mostNamed).join(', ')
  const more = refs.length > mostNamed ? ` and ${refs.length - mostNamed} more` : ''
  const lost = `${isCut ? 'more than ' : ''}${commits.length} ${commits.length === 1 ? 'commit' : 'commits'}`
  return [
    `history was rewritten since the last scan: ${named}${more}; ${lost} dropped, whose credentials others may have`,
  ]
}

function goneNote([id, { places, hits }]: [string, Remembered]): string {
  const { path, commit_sha: commit } = places[0] ?? {}
  const shown = new Set(hits.map(({ detector, redacted }) => `${detector} ${redacted}`))
  const where =
    path === undefined ? `object ${id}` : `${path}${commit === undefined ? '' : ` of commit ${commit}`}`
  return `${where} is not in the repository any more; it held ${[...shown].join(', ')}`
}
