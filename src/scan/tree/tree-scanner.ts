/**
 * Scans texts that are made from one another by copying, as blobs along a chain of deltas: of each only what is new is
 * gated. What a place of the base held is held by its copy too, unless something changed within the bytes that decide
 * about it. What cannot be told by pieces is scanned whole: text with zero bytes, and encoded text that changed.
 */
import type { Detector } from '../../model/detector.ts'
import { addStats, type DropReason, emptyStats, type Hit, type ScanStats } from '../../model/hit.ts'
import type { Spotter } from '../detect.ts'
import { LineCounter } from '../lines.ts'
import { toHit } from '../to-hit.ts'
import { settle, type Tally } from '../window-scan.ts'
import { Copied } from './copied.ts'
import { type Extents, extentsOf } from './extents.ts'
import { Looker } from './looker.ts'
import { lowerBound, moved, sortRecord, type TextRecord } from './record.ts'
import { Windows } from './windows.ts'

export interface TreeParts {
  detectors: readonly Detector[]
  spotter: Spotter
  now: () => number
  /** As in `EngineOptions`. */
  heedComments: boolean
  /** Longer texts are given to `scanBytes`. */
  longest: number
  scanBytes: (bytes: Buffer) => { hits: Hit[]; stats: ScanStats }
}

const nothing: Hit[] = []
/** Bytes around the place of a candidate that make it worth keeping. */
const anchorBefore = 8
const anchorBehind = 32

/** One object of a class, as all that is called for every blob: closures made for each part of a pack V8 compiles anew. */
export class TreeScanner {
  readonly #detectors: readonly Detector[]
  readonly #longest: number
  readonly #scanBytes: TreeParts['scanBytes']
  readonly #stats = emptyStats()
  readonly #tally: Tally
  readonly #extents: Extents
  readonly #looker: Looker
  readonly #windows = new Windows()
  /** By level: what is known of the last text; null where nothing is. */
  readonly #records: (TextRecord | null)[] = [null]

  constructor({ detectors, spotter, now, heedComments, longest, scanBytes }: TreeParts) {
    this.#detectors = detectors
    this.#longest = longest
    this.#scanBytes = scanBytes
    this.#tally = new StatsTally(this.#stats, heedComments)
    this.#extents = extentsOf(detectors)
    this.#looker = new Looker({
      detectors,
      extents: this.#extents,
      spotter,
      now: now(),
      tally: this.#tally,
    })
  }

  /**
   * Scans a blob and answers its hits, all of them, as `Engine.scanBytes` would. `level` 0: stored whole; n: made from
   * the last blob given at level n-1. `copies`: triples (offset in the blob, offset in its base, length), ascending by the
   * first; everything else is new; null: unknown. Neither array is kept.
   */
  scan(bytes: Buffer, level: number, copies: Uint32Array | null): Hit[] {
    this.#records[level] = null
    if (bytes.length > this.#longest) {
      const { hits, stats: more } = this.#scanBytes(bytes)
      addStats(this.#stats, more)
      return hits
    }
    const base = level === 0 ? null : (this.#records[level - 1] ?? null)
    const copied = base && copies && copies.length > 0 ? new Copied(copies, bytes.length, base.length) : null
    const record = (base && copied && this.#fromBase(bytes, base, copied)) ?? this.#whole(bytes)
    this.#records[level] = record
    this.#stats.blobs += 1
    if (record.items.length === 0) return nothing
    const found = settle(
      bytes,
      record.items.map((item) => item.found),
      this.#tally,
    )
    const lines = new LineCounter()
    this.#stats.hits += found.length
    return found.map((one) => toHit(one, { bytes, base: 0 }, lines))
  }

  #whole(bytes: Buffer): TextRecord {
    this.#stats.bytesScanned += bytes.length
    return this.#looker.lookAtAll(bytes)
  }

  /** Null where the text is to be scanned whole. */
  #fromBase(bytes: Buffer, base: TextRecord, copied: Copied): TextRecord | null {
    if (!this.#windows.surround(bytes, copied, this.#extents)) return null
    const record: TextRecord = { length: bytes.length, items: [], candidates: [] }
    if (base.items.length > 0 && !this.#inheritItems(base, copied, record)) return null
    const again = base.candidates.length > 0 ? this.#inheritCandidates(base, copied, record) : []
    if (this.#windows.starts.length > 0) {
      const text = this.#windows.text(bytes)
      if (!text) return null
      this.#stats.bytesScanned += text.length
      if (!this.#looker.lookAtWindows(bytes, text, this.#windows, copied, again, record)) return null
    } else if (again.length > 0) this.#looker.lookAgain(bytes, again, copied, record)
    sortRecord(record)
    return record
  }

  /** False where encoded text with a find in it changed. */
  #inheritItems(base: TextRecord, copied: Copied, record: TextRecord): boolean {
    const { triples } = copied
    const kept = new Set<number>()
    for (let copy = 0; copy < copied.count; copy++) {
      const by = (triples[3 * copy] as number) - (triples[3 * copy + 1] as number)
      const until = (triples[3 * copy + 1] as number) + (triples[3 * copy + 2] as number)
      const from =
        triples[3 * copy] === 0 && by === 0
          ? Number.NEGATIVE_INFINITY
          : until - (triples[3 * copy + 2] as number)
      let i = lowerBound(base.items.length, (one) => (base.items[one] as { low: number }).low, from)
      for (; i < base.items.length; i++) {
        const item = base.items[i] as (typeof base.items)[number]
        if (item.low >= until) break
        if (!copied.covers(copy, item.low + by, item.high + by)) continue
        kept.add(i)
        record.items.push(moved(item, by))
      }
    }
    return base.items.every(
      ({ found }, i) => found.decoding.length === 0 || kept.has(i) || !copied.touches(found.start, found.end),
    )
  }

  /** Candidates whose extent changed, as place and number. */
  #inheritCandidates(base: TextRecord, copied: Copied, record: TextRecord): number[] {
    const { triples } = copied
    const { candidates } = base
    const count = this.#detectors.length
    const again: number[] = []
    for (let copy = 0; copy < copied.count; copy++) {
      const from = triples[3 * copy + 1] as number
      const by = (triples[3 * copy] as number) - from
      const until = (from + (triples[3 * copy + 2] as number)) * count
      let i = lowerBound(candidates.length, (one) => candidates[one] as number, from * count)
      for (; i < candidates.length && (candidates[i] as number) < until; i++) {
        const number = (candidates[i] as number) % count
        const at = ((candidates[i] as number) - number) / count + by
        // Where this is cut, the candidate is met again, if it is one still. Kept in vain it does no harm.
        if (!copied.covers(copy, at - anchorBefore, at + anchorBehind)) continue
        record.candidates.push(at * count + number)
        const low = at - (this.#extents.left[number] as number)
        if (!copied.covers(copy, low, at + (this.#extents.right[number] as number))) again.push(at, number)
      }
    }
    return again
  }

  /** The blob at this level was not scanned: those made from it are scanned whole. */
  lose(level: number): void {
    this.#records[level] = null
  }

  /** Sums so far; `bytesScanned` counts what was gated, `candidates` and `drops` what was looked at. */
  stats(): ScanStats {
    return { ...this.#stats, drops: { ...this.#stats.drops } }
  }
}

/** Counts into sums. */
class StatsTally implements Tally {
  readonly heedComments: boolean
  readonly #stats: ScanStats

  constructor(stats: ScanStats, heedComments: boolean) {
    this.#stats = stats
    this.heedComments = heedComments
  }

  candidate(): void {
    this.#stats.candidates++
  }

  drop(reason: DropReason): void {
    this.#stats.drops[reason] = (this.#stats.drops[reason] ?? 0) + 1
  }
}
