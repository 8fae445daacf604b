/**
 * How far around a place a detector looks. What stands outside cannot change whether something is found there, so that
 * of a text made from another only the places near changes are looked at again.
 */
import type { Detector } from '../../model/detector.ts'

/** By number of the detector, in bytes. */
export interface Extents {
  /** Before the start of a match and from there on, all that decides about it. */
  findLeft: Int32Array
  findRight: Int32Array
  /** The same around a candidate, whose matches may begin before it. */
  left: Int32Array
  right: Int32Array
  /** 1 where more decides than what is gated around a change: candidates are kept, found or not. */
  isLong: Uint8Array
  /** Bytes gated to either side of a change. */
  margin: number
  /** Bytes from a run of value characters within which a word of a context may stand, with the word. */
  word: number
}

/** A colour code as text: the longest escape that a token may follow. */
const escape = 24
/** The gate looks no further than this behind an anchor, but for runs and lines that go on. */
const gateReach = 160
/** Longest word of a context. */
const word = 40
const leastMargin = escape + gateReach + 8

/** The extents of these detectors. */
export function extentsOf(detectors: readonly Detector[]): Extents {
  const count = detectors.length
  const extents: Extents = {
    findLeft: new Int32Array(count),
    findRight: new Int32Array(count),
    left: new Int32Array(count),
    right: new Int32Array(count),
    isLong: new Uint8Array(count),
    margin: Math.max(leastMargin, ...detectors.map(valueSpan)),
    word:
      Math.max(0, ...detectors.map(({ gate, contextWithin = 0 }) => (gate === 'value' ? contextWithin : 0))) +
      word,
  }
  for (const [number, { gate, reach, maxLength, contextWithin = 0, shapeless }] of detectors.entries()) {
    const before = gate === 'inside' ? reach.left : 0
    const lead = escape + contextWithin + (shapeless ? reach.left : 0)
    const span = Math.max(maxLength, reach.right + before) + contextWithin + 8
    extents.findLeft[number] = lead
    extents.findRight[number] = span
    extents.left[number] = lead + before
    extents.right[number] = span
    const isLong =
      span + word > extents.margin || lead + before + Math.min(maxLength, gateReach) > extents.margin
    extents.isLong[number] = isLong ? 1 : 0
  }
  return extents
}

/**
 * Bytes from a word of the context to the far end of the value beside it; without the value where that is one run, since
 * those are gated whole.
 */
function valueSpan({ gate, contextWithin = 0, maxLength, pattern }: Detector): number {
  if (gate !== 'value') return 0
  const hasGaps = /\\[sSWD]|[\s"'`.]|\[\^/.test(pattern.replace(/\\\./g, ''))
  return contextWithin + word + (hasGaps ? maxLength : 0)
}
