/**
 * What of a repository was scanned before, under one set of detectors: by content, so that it outlives `git gc`,
 * repacking and new clones. Ids are kept by their first eight bytes, sorted: a million take 8 MB and load in some
 * milliseconds; that a new one is taken for one of them has odds of one in 10^13. Packs scanned whole are kept by
 * name, which is made of their content, so that usually nobody looks at ids at all.
 */
import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import type { Attribution } from '../attribute/person.ts'
import { type KnownHit, knownHit } from './known-hit.ts'

export interface ScanState {
  /** Names of packs of which everything was scanned, without folder and extension. */
  packs: ReadonlySet<string>
  /** What each ref named. */
  refs: ReadonlyMap<string, string>
  /** As in `Refs`. */
  defaultBranch: string | null
  ids: KnownIds
  /** By id: the objects in which something was found, or which could not be read. */
  found: ReadonlyMap<string, Remembered>
}

export interface Remembered {
  /** Where it stands; nothing for what is no file, or was never in a commit. */
  places: Attribution[]
  hits: KnownHit[]
  /** It is to be scanned again: it could not be read, or what was found in it is not plain. */
  again: boolean
}

/** First bytes of an id that are kept. */
const keptBytes = 8

const header = z.object({
  version: z.literal(3),
  detectorSet: z.string(),
  packs: z.array(z.string()),
  refs: z.array(z.tuple([z.string(), z.string()])),
  defaultBranch: z.string().nullable(),
  count: z.int().min(0),
  found: z.array(
    z.tuple([z.string(), z.array(z.custom<Attribution>(isAttribution)), z.array(knownHit), z.boolean()]),
  ),
})

function isAttribution(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'path' in value && typeof value.path === 'string'
}

/** A sorted list of beginnings of ids. */
export class KnownIds {
  readonly #bytes: Buffer

  /** @param bytes of the beginnings, sorted and each once */
  constructor(bytes: Buffer = Buffer.alloc(0)) {
    this.#bytes = bytes
  }

  get count(): number {
    return this.#bytes.length / keptBytes
  }

  get bytes(): Buffer {
    return this.#bytes
  }

  /** Is the id that stands at `at` in `source` among them? */
  has(source: Uint8Array, at = 0): boolean {
    const place = this.#place(source, at, 0)
    return place < this.count && this.#compare(place, source, at) === 0
  }

  /**
   * Which of sorted ids are among them, by place; both lists are gone through once.
   * @param stride bytes from one id to the next
   */
  among(source: Uint8Array, start: number, stride: number, count: number): Uint8Array {
    const known = new Uint8Array(count)
    let ours = 0
    for (let theirs = 0; theirs < count && ours < this.count; theirs++) {
      let order = -1
      while (ours < this.count) {
        order = this.#compare(ours, source, start + theirs * stride)
        if (order >= 0) break
        ours += 1
      }
      if (order === 0) known[theirs] = 1
    }
    return known
  }

  /** These and more, which may come in any order and repeat. */
  with(ids: Iterable<Uint8Array>): KnownIds {
    const sorted = [...ids]
      .map((id) => Buffer.from(id.subarray(0, keptBytes)))
      .sort((a, b) => Buffer.compare(a, b))
    return sorted.length === 0 ? this : this.withSorted(Buffer.concat(sorted), 0, keptBytes, sorted.length)
  }

  /** These and a sorted list of others. @param stride bytes from one id to the next */
  withSorted(source: Uint8Array, start: number, stride: number, count: number): KnownIds {
    const merged = Buffer.allocUnsafe(this.#bytes.length + count * keptBytes)
    let used = 0
    let ours = 0
    for (let theirs = 0; theirs < count; theirs++) {
      const at = start + theirs * stride
      // Ours up to there in one go: there are many, and few come in between.
      const next = this.#place(source, at, ours)
      used += this.#bytes.copy(merged, used, ours * keptBytes, next * keptBytes)
      ours = next
      if (ours < this.count && this.#compare(ours, source, at) === 0) continue
      if (used > 0 && isSame(merged, used - keptBytes, source, at)) continue
      for (let i = 0; i < keptBytes; i++) merged[used + i] = source[at + i] as number
      used += keptBytes
    }
    used += this.#bytes.copy(merged, used, ours * keptBytes)
    return new KnownIds(merged.subarray(0, used))
  }

  /** The first of ours, from `from` on, that is not before theirs. */
  #place(source: Uint8Array, at: number, from: number): number {
    let low = from
    let high = this.count
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#compare(middle, source, at) < 0) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Negative where ours is before theirs. */
  #compare(ours: number, source: Uint8Array, at: number): number {
    for (let index = 0, start = ours * keptBytes; index < keptBytes; index++) {
      const difference = (this.#bytes[start + index] as number) - (source[at + index] as number)
      if (difference !== 0) return difference
    }
    return 0
  }
}

function isSame(one: Uint8Array, at: number, other: Uint8Array, otherAt: number): boolean {
  for (let i = 0; i < keptBytes; i++) if (one[at + i] !== other[otherAt + i]) return false
  return true
}

export function emptyState(): ScanState {
  return { packs: new Set(), refs: new Map(), defaultBranch: null, ids: new KnownIds(), found: new Map() }
}

/** What a file says; nothing where there is none, it is damaged, or of other detectors: then all is scanned again. */
export async function loadScanState(path: string, detectorSet: string): Promise<ScanState> {
  try {
    const bytes = await readFile(path)
    const end = bytes.indexOf(0x0a)
    const { packs, refs, defaultBranch, count, found, ...named } = header.parse(
      JSON.parse(bytes.toString('utf8', 0, end)),
    )
    const ids = bytes.subarray(end + 1)
    if (named.detectorSet !== detectorSet || ids.length !== count * keptBytes) return emptyState()
    return {
      packs: new Set(packs),
      refs: new Map(refs),
      defaultBranch,
      ids: new KnownIds(ids),
      found: new Map(found.map(([id, places, hits, again]) => [id, { places, hits, again }])),
    }
  } catch {
    return emptyState()
  }
}

/** Writes a state, whole or not at all. */
export async function saveScanState(path: string, detectorSet: string, state: ScanState): Promise<void> {
  const text = JSON.stringify({
    version: 3,
    detectorSet,
    packs: [...state.packs].sort(),
    refs: [...state.refs],
    defaultBranch: state.defaultBranch,
    count: state.ids.count,
    found: [...state.found].map(([id, { places, hits, again }]) => [id, places, hits, again] as const),
  })
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const mine = `${path}.${randomBytes(6).toString('hex')}`
  try {
    await writeFile(mine, Buffer.concat([Buffer.from(`${text}\n`), state.ids.bytes]), { mode: 0o600 })
    await rename(mine, path)
  } finally {
    await rm(mine, { force: true })
  }
}
