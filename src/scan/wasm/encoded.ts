/**
 * Encoded text: base64, hex, percent and unicode escapes, UTF-16. A stretch is decoded here as `decoders/` will do
 * it, and gated again; only where something is in it does it come out. See `stretches.ts` for how stretches are told.
 */
import { tryStart } from './anchors'
import { bits } from './classify'
import { decodeBase64, decodeHex, decodePercent, decodeUnicode, decodeUtf16, escapesUntilOf } from './decode'
import { read } from './gate'
import {
  addressBit,
  depths,
  hexBit,
  highBit,
  paddingAfter,
  paddingBefore,
  printableBit,
  scratch,
  scratchLength,
} from './layout'
import { begin, depth, end, enterProbe, from, leaveProbe, probeHit, probing, takeEncoded } from './state'
import { base64End, findBase64, findHex, hexEnd } from './stretches'
import { beginValues } from './values'

/** Stretches do not overlap: where the last one ended. */
let until: usize = 0
/** The text around an escape is decoded once for all escapes in it. */
let escapesUntil: usize = 0

export function beginEncoded(): void {
  until = 0
  escapesUntil = 0
}

/** Room that text of the next depth may be decoded to; 0 at the last depth. */
function room(): usize {
  return depth >= depths ? 0 : scratch + depth * scratchLength + paddingBefore
}

const roomLength: usize = scratchLength - paddingBefore - paddingAfter

/** True where something may be in what was decoded to `at`. */
function probe(at: usize, length: usize): bool {
  if (probing && probeHit) return true
  const outerFrom = from
  const outerEnd = end
  const outerUntil = until
  const outerEscapes = escapesUntil
  const wasProbing = probing
  memory.fill(at - paddingBefore, 0x20, paddingBefore)
  memory.fill(at + length, 0x20, paddingAfter)
  enterProbe()
  until = 0
  escapesUntil = 0
  read(at, length)
  const hit = probeHit
  leaveProbe(wasProbing, false)
  begin(outerFrom, outerEnd - outerFrom)
  beginValues()
  until = outerUntil
  escapesUntil = outerEscapes
  return hit
}

/** Sixteen characters of values or more may be base64 or hex. */
export function takeRunEncoded(start: usize, stop: usize): void {
  if (depth >= depths) return
  let place = start > until ? start : until
  let base64 = findBase64(place, stop)
  let hex = findHex(place, stop)
  while (base64 < stop || hex < stop) {
    const first = base64 < hex
    place = first ? base64 : hex
    until = first ? base64End(place) : hexEnd(place)
    if (first) takeBase64(place, until)
    else if (hasHex(place, until)) takeEncoded(place, until)
    if (base64 < until) base64 = findBase64(until, stop)
    if (hex < until) hex = findHex(until, stop)
  }
}

/** Characters before the encoded text may pass for the beginning of it: of four places one is right. */
function takeBase64(start: usize, stop: usize): void {
  for (let place = start; place < start + 4; place++) {
    const last = place == start ? stop : base64End(place)
    if (last == 0 || !hasBase64(place, last)) continue
    takeEncoded(place, last)
    return
  }
}

function hasBase64(start: usize, stop: usize): bool {
  if (stop - start > roomLength) return true
  const to = room()
  return probe(to, decodeBase64(start, stop, to))
}

function hasHex(start: usize, stop: usize): bool {
  if (stop - start > roomLength) return true
  const to = room()
  return probe(to, decodeHex(start, stop, to))
}

function isHex(place: usize): bool {
  return (bits(place) & hexBit) != 0
}

/** The two digits of an escape at `digits` stand for printable ASCII. */
function isPrintableEscape(digits: usize): bool {
  return digits + 2 <= end && (bits(digits) & highBit) != 0 && isHex(digits + 1)
}

export function takePercent(place: usize): void {
  if (depth >= depths || place < escapesUntil || !isPrintableEscape(place + 1)) return
  const to = room()
  const length = decodePercent(place, to)
  escapesUntil = escapesUntilOf()
  if (probe(to, length)) takeEncoded(place, place + 3)
}

export function takeBackslash(place: usize): void {
  const kind = load<u8>(place + 1)
  if (kind == 0x75 /* u */) {
    if (load<u16>(place + 2) == 0x3030) takeUnicode(place, place + 4)
  } else if (kind == 0x78 /* x */) takeUnicode(place, place + 2)
}

function takeUnicode(place: usize, digits: usize): void {
  if (depth >= depths || place < escapesUntil || !isPrintableEscape(digits)) return
  const to = room()
  const length = decodeUnicode(place, to)
  escapesUntil = escapesUntilOf()
  if (probe(to, length)) takeEncoded(place, digits + 2)
}

/** What stands behind a colour code whose digits, or `m`, are at `place`. */
export function takeColour(place: usize): void {
  let next = place
  for (let i = 0; i < 16; i++) {
    const byte = load<u8>(next)
    if (byte < 0x30 || byte > 0x39) break
    next++
  }
  if (load<u8>(next) == 0x6d) tryStart(next + 1)
}

/** UTF-16 of ASCII somewhere in the 64 bytes at `at`, of which some are zero. */
export function takeZeros(at: usize): void {
  if (depth >= depths) return
  const stop = at + 64 < end ? at + 64 : end
  for (let place = at; place < stop; place++) {
    if (load<u8>(place) != 0) continue
    if (place > from && place - 1 >= until) takeWide(place - 1, 0)
    if (place >= until) takeWide(place, 1)
    if (until > place) place = until - 1
  }
}

/** Twelve characters and more whose zero bytes stand second (0) or first (1). */
function takeWide(start: usize, first: usize): void {
  let place = start
  while (place + 2 <= end && load<u8>(place + 1 - first) == 0 && (bits(place + first) & printableBit) != 0)
    place += 2
  if (place - start < 24) return
  until = place
  if ((place - start) >> 1 > roomLength) {
    takeEncoded(start, place)
    return
  }
  const to = room()
  if (probe(to, decodeUtf16(start, place, to))) takeEncoded(start, place)
}
