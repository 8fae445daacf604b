/** Looks at candidates of a text, whole or by windows, and notes what it finds with all that decides about it. */
import type { Detector } from '../../model/detector.ts'
import { decodeAll } from '../decode.ts'
import type { Spotter } from '../detect.ts'
import type { Found } from '../found.ts'
import { valueBytes } from '../gate-plan.ts'
import { type Decoded, decodedText, storedText } from '../text.ts'
import { examine, scanText, type Tally } from '../window-scan.ts'
import { chainAt, chainContext, cutBefore, cutBehind } from './chains.ts'
import type { Copied } from './copied.ts'
import type { Extents } from './extents.ts'
import { sortRecord, type TextRecord } from './record.ts'
import type { Windows } from './windows.ts'

export interface LookerParts {
  detectors: readonly Detector[]
  extents: Extents
  spotter: Spotter
  now: number
  tally: Tally
}

const none = new Uint32Array(0)
/** A value that begins so close behind the start of a window that cuts a run begins nowhere. */
const afterCut = 8

export class Looker {
  readonly #detectors: readonly Detector[]
  readonly #extents: Extents
  readonly #spotter: Spotter
  readonly #now: number
  readonly #tally: Tally

  constructor({ detectors, extents, spotter, now, tally }: LookerParts) {
    this.#detectors = detectors
    this.#extents = extents
    this.#spotter = spotter
    this.#now = now
    this.#tally = tally
  }

  lookAtAll(bytes: Buffer): TextRecord {
    const { finds, encoded } = this.#spotter.candidates(bytes, false)
    const record: TextRecord = { length: bytes.length, items: [], candidates: [] }
    if (finds.length > 0) {
      for (let i = 0; i < finds.length; i += 2) {
        const number = finds[i + 1] as number
        if (this.#extents.isLong[number] === 1)
          record.candidates.push((finds[i] as number) * this.#detectors.length + number)
      }
      this.lookAgain(bytes, finds, null, record)
    }
    for (const decoded of decodeAll(bytes, encoded))
      this.#take(bytes, decoded, this.#lookInto(bytes, decoded), null, record)
    sortRecord(record)
    return record
  }

  /** Looks at candidates, places and numbers one after the other. */
  lookAgain(bytes: Buffer, finds: ArrayLike<number>, copied: Copied | null, record: TextRecord): void {
    const text = storedText(bytes)
    const spotted = this.#spotter.spot(bytes, { finds, encoded: none }, (miss, at) =>
      this.#tally.drop(miss, at),
    )
    for (const one of spotted) {
      const number = one.compiled.order
      const low = one.match.start - (this.#extents.findLeft[number] as number)
      const high = one.match.start + (this.#extents.findRight[number] as number)
      if (copied?.holds(low, high)) continue
      const found = examine(text, one, this.#now, this.#tally)
      if (found) record.items.push({ found: keep(found), low, high })
    }
  }

  /**
   * Looks at what the gate finds in windows, and at candidates `again`; what is in copies as a whole is not taken. False
   * where encoded text does not stand in a window whole.
   */
  lookAtWindows(
    bytes: Buffer,
    text: Buffer,
    windows: Windows,
    copied: Copied,
    again: number[],
    record: TextRecord,
  ): boolean {
    const { finds, encoded } = this.#spotter.candidates(text, false)
    const count = this.#detectors.length
    for (let i = 0; i < finds.length; i += 2) {
      const place = finds[i] as number
      const number = finds[i + 1] as number
      const window = windows.windowOf(place)
      const start = windows.starts[window] as number
      const behind = place - (windows.places[window] as number)
      if (behind < afterCut && this.#detectors[number]?.gate === 'value' && cutsRun(bytes, start)) continue
      const at = start + behind
      if (this.#extents.isLong[number] === 1) record.candidates.push(at * count + number)
      const low = at - (this.#extents.left[number] as number)
      if (!copied.holds(low, at + (this.#extents.right[number] as number))) again.push(at, number)
    }
    if (again.length > 0) this.lookAgain(bytes, again, copied, record)
    return encoded.length === 0 || this.#lookIntoWindows(bytes, encoded, windows, copied, record)
  }

  #lookIntoWindows(
    bytes: Buffer,
    encoded: ArrayLike<number>,
    windows: Windows,
    copied: Copied,
    record: TextRecord,
  ): boolean {
    const stretches: number[] = []
    for (let i = 0; i < encoded.length; i += 2) {
      const place = encoded[i] as number
      const window = windows.windowOf(place)
      const by = (windows.starts[window] as number) - (windows.places[window] as number)
      stretches.push(place + by, (encoded[i + 1] as number) + by)
    }
    for (const decoded of decodeAll(bytes, stretches)) {
      const [low, high] = extentOf(bytes, decoded)
      if (copied.holds(low, high)) continue
      if (!windows.hold(low, high, bytes.length)) return false
      this.#take(bytes, decoded, this.#lookInto(bytes, decoded), copied, record)
    }
    return true
  }

  #lookInto(bytes: Buffer, decoded: Decoded): Found[] {
    return scanText(decodedText(storedText(bytes), decoded), this.#spotter, this.#now, this.#tally)
  }

  #take(
    bytes: Buffer,
    decoded: Decoded,
    found: readonly Found[],
    copied: Copied | null,
    record: TextRecord,
  ): void {
    if (found.length === 0) return
    const [low, high] = extentOf(bytes, decoded)
    if (copied?.holds(low, high)) return
    for (const one of found) record.items.push({ found: keep(one), low, high })
  }
}

/** The value in memory of its own: the text is overwritten. */
function keep(found: Found): Found {
  return { ...found, value: Buffer.from(found.value) }
}

/** A window that begins at `start` cuts a run of value characters. */
function cutsRun(bytes: Buffer, start: number): boolean {
  return start > 0 && valueBytes[bytes[start - 1] as number] === 1 && valueBytes[bytes[start] as number] === 1
}

/** All that decides about how a stretch is cut out of the text. */
function extentOf(bytes: Buffer, decoded: Decoded): [low: number, high: number] {
  const start = decoded.start(0)
  const end = Math.max(start, decoded.end(decoded.bytes.length))
  switch (decoded.name) {
    case 'percent':
    case 'unicode-escape':
      return [cutBefore(bytes, start) - 1, cutBehind(bytes, end) + 1]
    case 'utf-16le':
    case 'utf-16be':
      return [start - chainContext, end + chainContext]
    default: {
      const before = chainAt(bytes, start)
      const behind = chainAt(bytes, end)
      return [before.start - chainContext, Math.max(before.end, behind.end) + chainContext]
    }
  }
}
