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

export interface Looker {
  lookAtAll(bytes: Buffer): TextRecord
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
  ): boolean
  /** Looks at candidates, places and numbers one after the other. */
  lookAgain(bytes: Buffer, finds: ArrayLike<number>, copied: Copied | null, record: TextRecord): void
}

const none = new Uint32Array(0)
/** A value that begins so close behind the start of a window that cuts a run begins nowhere. */
const afterCut = 8

export function createLooker({ detectors, extents, spotter, now, tally }: LookerParts): Looker {
  const count = detectors.length

  function lookAtAll(bytes: Buffer): TextRecord {
    const { finds, encoded } = spotter.candidates(bytes, false)
    const record: TextRecord = { length: bytes.length, items: [], candidates: [] }
    if (finds.length > 0) {
      for (let i = 0; i < finds.length; i += 2) {
        const number = finds[i + 1] as number
        if (extents.isLong[number] === 1) record.candidates.push((finds[i] as number) * count + number)
      }
      lookAgain(bytes, finds, null, record)
    }
    for (const decoded of decodeAll(bytes, encoded)) {
      const found = lookInto(bytes, decoded)
      if (found.length > 0) take(bytes, decoded, found, null, record)
    }
    sortRecord(record)
    return record
  }

  function lookAgain(
    bytes: Buffer,
    finds: ArrayLike<number>,
    copied: Copied | null,
    record: TextRecord,
  ): void {
    const text = storedText(bytes)
    for (const one of spotter.spot(bytes, { finds, encoded: none }, (miss, at) => tally.drop(miss, at))) {
      const number = one.compiled.order
      const low = one.match.start - (extents.findLeft[number] as number)
      const high = one.match.start + (extents.findRight[number] as number)
      if (copied?.holds(low, high)) continue
      const found = examine(text, one, now, tally)
      if (found) record.items.push({ found: keep(found), low, high })
    }
  }

  function lookAtWindows(
    bytes: Buffer,
    text: Buffer,
    windows: Windows,
    copied: Copied,
    again: number[],
    record: TextRecord,
  ): boolean {
    const { finds, encoded } = spotter.candidates(text, false)
    for (let i = 0; i < finds.length; i += 2) {
      const place = finds[i] as number
      const number = finds[i + 1] as number
      const window = windows.windowOf(place)
      const start = windows.starts[window] as number
      const behind = place - (windows.places[window] as number)
      if (behind < afterCut && detectors[number]?.gate === 'value' && cutsRun(bytes, start)) continue
      const at = start + behind
      if (extents.isLong[number] === 1) record.candidates.push(at * count + number)
      const low = at - (extents.left[number] as number)
      if (!copied.holds(low, at + (extents.right[number] as number))) again.push(at, number)
    }
    if (again.length > 0) lookAgain(bytes, again, copied, record)
    return encoded.length === 0 || lookIntoWindows(bytes, encoded, windows, copied, record)
  }

  function lookIntoWindows(
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
      take(bytes, decoded, lookInto(bytes, decoded), copied, record)
    }
    return true
  }

  function lookInto(bytes: Buffer, decoded: Decoded): Found[] {
    return scanText(decodedText(storedText(bytes), decoded), spotter, now, tally)
  }

  function take(
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

  return { lookAtAll, lookAgain, lookAtWindows }
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
