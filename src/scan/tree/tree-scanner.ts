/**
 * Scans texts that are made from one another by copying, as blobs along a chain of deltas: of each only what is new is
 * gated. What a place of the base held is held by its copy too, unless something changed within the bytes that decide
 * about it. What cannot be told by pieces is scanned whole: text with zero bytes, and encoded text that changed.
 */
import type { Detector } from '../../model/detector.ts'
import { addStats, emptyStats, type Hit, type ScanStats } from '../../model/hit.ts'
import type { Spotter } from '../detect.ts'
import { LineCounter } from '../lines.ts'
import { toHit } from '../to-hit.ts'
import { settle, type Tally } from '../window-scan.ts'
import { Copied } from './copied.ts'
import { extentsOf } from './extents.ts'
import { createLooker } from './looker.ts'
import { lowerBound, moved, sortRecord, type TextRecord } from './record.ts'
import { Windows } from './windows.ts'

export interface TreeScanner {
  /**
   * Scans a blob and answers its hits, all of them, as `Engine.scanBytes` would. `level` 0: stored whole; n: made from
   * the last blob given at level n-1. `copies`: triples (offset in the blob, offset in its base, length), ascending by the
   * first; everything else is new; null: unknown. Neither array is kept.
   */
  scan(bytes: Buffer, level: number, copies: Uint32Array | null): Hit[]
  /** The blob at this level was not scanned: those made from it are scanned whole. */
  lose(level: number): void
  /** Sums so far; `bytesScanned` counts what was gated, `candidates` and `drops` what was looked at. */
  stats(): ScanStats
}

export interface TreeParts {
  detectors: readonly Detector[]
  spotter: Spotter
  now: () => number
  /** As in `EngineOptions`. */
  heedComments: boolean
  /** Longer texts are given to `scanBytes`. */
  longest: number
  scanBytes(bytes: Buffer): { hits: Hit[]; stats: ScanStats }
}

const nothing: Hit[] = []
/** Bytes around the place of a candidate that make it worth keeping. */
const anchorBefore = 8
const anchorBehind = 32

export function createTreeScanner(parts: TreeParts): TreeScanner {
  const { detectors, spotter } = parts
  const stats = emptyStats()
  const tally: Tally = {
    heedComments: parts.heedComments,
    candidate: () => void stats.candidates++,
    drop: (reason) => void (stats.drops[reason] = (stats.drops[reason] ?? 0) + 1),
  }
  const extents = extentsOf(detectors)
  const looker = createLooker({ detectors, extents, spotter, now: parts.now(), tally })
  const windows = new Windows()
  /** By level: what is known of the last text; null where nothing is. */
  const records: (TextRecord | null)[] = []

  function scan(bytes: Buffer, level: number, copies: Uint32Array | null): Hit[] {
    records[level] = null
    if (bytes.length > parts.longest) {
      const { hits, stats: more } = parts.scanBytes(bytes)
      addStats(stats, more)
      return hits
    }
    const base = level === 0 ? null : (records[level - 1] ?? null)
    const copied = base && copies && copies.length > 0 ? new Copied(copies, bytes.length, base.length) : null
    const record = (base && copied && fromBase(bytes, base, copied)) ?? whole(bytes)
    records[level] = record
    stats.blobs += 1
    if (record.items.length === 0) return nothing
    const found = settle(
      bytes,
      record.items.map((item) => item.found),
      tally,
    )
    const lines = new LineCounter()
    stats.hits += found.length
    return found.map((one) => toHit(one, { bytes, base: 0 }, lines))
  }

  function whole(bytes: Buffer): TextRecord {
    stats.bytesScanned += bytes.length
    return looker.lookAtAll(bytes)
  }

  /** Null where the text is to be scanned whole. */
  function fromBase(bytes: Buffer, base: TextRecord, copied: Copied): TextRecord | null {
    if (!windows.surround(bytes, copied, extents)) return null
    const record: TextRecord = { length: bytes.length, items: [], candidates: [] }
    if (base.items.length > 0 && !inheritItems(base, copied, record)) return null
    const again = base.candidates.length > 0 ? inheritCandidates(base, copied, record) : []
    if (windows.starts.length > 0) {
      const text = windows.text(bytes)
      if (!text) return null
      stats.bytesScanned += text.length
      if (!looker.lookAtWindows(bytes, text, windows, copied, again, record)) return null
    } else if (again.length > 0) looker.lookAgain(bytes, again, copied, record)
    sortRecord(record)
    return record
  }

  /** False where encoded text with a find in it changed. */
  function inheritItems(base: TextRecord, copied: Copied, record: TextRecord): boolean {
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
  function inheritCandidates(base: TextRecord, copied: Copied, record: TextRecord): number[] {
    const { triples } = copied
    const { candidates } = base
    const count = detectors.length
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
        const low = at - (extents.left[number] as number)
        if (!copied.covers(copy, low, at + (extents.right[number] as number))) again.push(at, number)
      }
    }
    return again
  }

  return {
    scan,
    lose(level) {
      records[level] = null
    },
    stats: () => ({ ...stats, drops: { ...stats.drops } }),
  }
}
