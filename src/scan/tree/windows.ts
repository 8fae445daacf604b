/**
 * The stretches of a text that are to be gated again: what is new, widened until everything that a change can matter to
 * stands within. They are gated as one text, one behind the other.
 */
import {
  chainAt,
  chainContext,
  cutBefore,
  cutBehind,
  lineEnd,
  lineStart,
  wordEnd,
  wordStart,
} from './chains.ts'
import type { Copied } from './copied.ts'
import type { Extents } from './extents.ts'

/** Between windows: ends strings, runs and chains. */
const separator = Buffer.from('\n\n\n\n\n\n\n\n')
/** Bytes of a run without blanks and quotes that are gated with what changed in it: longer than a value, or an address. */
const longestRun = 1300
/** Bytes of a line that are gated with what changed in it: longer than a name, what binds it, and its value. */
const longestLine = 720
/** Bytes before and behind a line that may bind a name to a value on it. */
const besideLine = 160
/** Of a text that is new for the most part all is gated. */
const largestShare = 0.9

export class Windows {
  /** Of the text: where each begins and ends. */
  readonly starts: number[] = []
  readonly ends: number[] = []
  /** Where each begins in what is gated. */
  readonly places: number[] = []
  #text = Buffer.alloc(64 * 1024)

  /** False where scanning the whole text is as good. */
  surround(bytes: Buffer, copied: Copied, extents: Extents): boolean {
    this.starts.length = 0
    this.ends.length = 0
    // Whatever hangs together from a change within to beyond those at the ends, holds these too.
    copied.eachChange(2 * extents.margin + separator.length, (start, end) => {
      this.#add(windowStart(bytes, start, extents), windowEnd(bytes, end, extents))
    })
    return this.#total() <= bytes.length * largestShare
  }

  /** Windows come about in order; those that meet become one. */
  #add(from: number, to: number): void {
    let start = from
    let end = to
    for (let last = this.starts.length - 1; last >= 0; last--) {
      const known = this.ends[last] as number
      if (start > known + separator.length) break
      start = Math.min(start, this.starts.pop() as number)
      end = Math.max(end, known)
      this.ends.pop()
    }
    this.starts.push(start)
    this.ends.push(end)
  }

  #total(): number {
    let total = 0
    for (let i = 0; i < this.starts.length; i++)
      total += (this.ends[i] as number) - (this.starts[i] as number) + separator.length
    return total
  }

  /** What is to be gated; valid until the next call. Null where it holds zero bytes: UTF-16 is not cut to windows. */
  text(bytes: Buffer): Buffer | null {
    const needed = this.#total()
    if (this.#text.length <= needed) this.#text = Buffer.alloc(2 * needed + 1)
    const text = this.#text
    let at = 0
    this.places.length = 0
    for (let i = 0; i < this.starts.length; i++) {
      this.places.push(at)
      at += bytes.copy(text, at, this.starts[i], this.ends[i])
      at += separator.copy(text, at)
    }
    text[at] = 0
    return text.indexOf(0) < at ? null : text.subarray(0, at)
  }

  /** True where one window holds all of [low, high), as far as the text goes. */
  hold(low: number, high: number, length: number): boolean {
    return this.starts.some(
      (start, i) => start <= Math.max(0, low) && (this.ends[i] as number) >= Math.min(high, length),
    )
  }

  /** The number of the window in which a place of what is gated stands. */
  windowOf(place: number): number {
    let i = this.places.length - 1
    while (i > 0 && (this.places[i] as number) > place) i--
    return i
  }
}

/** Where all begins that a change at `at` and behind can matter to. */
function windowStart(bytes: Buffer, at: number, { margin, word }: Extents): number {
  const near = Math.max(0, at - margin)
  const limit = Math.max(0, at - longestRun)
  const line = lineStart(bytes, at, Math.max(0, at - longestLine))
  let start = Math.min(wordStart(bytes, near, limit), wordStart(bytes, at, limit) - word, line - besideLine)
  if (line === at - longestLine) start = Math.min(start, cutBefore(bytes, at) - 1)
  const chain = chainAt(bytes, at)
  return Math.max(0, chain.isLong ? Math.min(start, chain.start - chainContext) : start)
}

function windowEnd(bytes: Buffer, at: number, { margin, word }: Extents): number {
  const { length } = bytes
  const near = Math.min(length, at + margin)
  const limit = Math.min(length, at + longestRun)
  const line = lineEnd(bytes, at, Math.min(length, at + longestLine))
  let end = Math.max(wordEnd(bytes, near, limit), wordEnd(bytes, at, limit) + word, line + besideLine)
  if (line === at + longestLine) end = Math.max(end, cutBehind(bytes, at) + 1)
  const chain = chainAt(bytes, at)
  return Math.min(length, chain.isLong ? Math.max(end, chain.end + chainContext) : end)
}
