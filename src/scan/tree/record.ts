/** What is kept of a scanned text for those made from it: finds, and candidates that decide by much of what is around. */
import type { Found } from '../found.ts'

/** A find, and all that decides about it: [low, high), also beyond the ends of the text. */
export interface Item {
  found: Found
  low: number
  high: number
}

export interface TextRecord {
  length: number
  /** Ascending by `low`. */
  items: Item[]
  /**
   * Candidates of detectors whose extent is long, found or not, ascending: place times the number of detectors, and the
   * number of the detector.
   */
  candidates: number[]
}

/** The same find so many bytes further on. */
export function moved(item: Item, by: number): Item {
  if (by === 0) return item
  const { found, low, high } = item
  return {
    found: { ...found, start: found.start + by, end: found.end + by },
    low: low + by,
    high: high + by,
  }
}

/** The first place in `sorted` from which on values are no less than `least`. */
export function lowerBound(count: number, valueAt: (i: number) => number, least: number): number {
  let left = 0
  let right = count
  while (left < right) {
    const middle = (left + right) >>> 1
    if (valueAt(middle) < least) left = middle + 1
    else right = middle
  }
  return left
}

/** Puts what was noted in any order, and some of it twice, into order. */
export function sortRecord(record: TextRecord): void {
  if (record.items.length > 1) record.items.sort((a, b) => a.low - b.low)
  if (record.candidates.length < 2) return
  record.candidates.sort((a, b) => a - b)
  record.candidates = record.candidates.filter((one, i, all) => one !== all[i - 1])
}
