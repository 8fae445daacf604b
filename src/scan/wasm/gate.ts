/**
 * The gate over all bytes, written in AssemblyScript and compiled to WebAssembly with SIMD. Bytes are classified
 * 64 at a time into masks of bits; what is done for single bytes is done only where a mask has a bit, so that the
 * cost does not depend on the number of anchors. Exactly what `prefilter.ts` yields comes out, less the anchors that
 * stand where no token may begin.
 */
import {
  anchorKind,
  byteTable,
  counts,
  digitBit,
  entries,
  escapeKind,
  hexBit,
  highBit,
  longChains,
  longMap,
  pairChains,
  pairMap,
  pairTables,
  printableBit,
  quadFirst,
  quadSecond,
  quadThird,
  shortChains,
  shortMap,
  startMap,
  tokenBit,
} from './layout'

let from: usize = 0
let end: usize = 0
let anchorOut: usize = 0
let anchorEnd: usize = 0
let runOut: usize = 0
let encodedOut: usize = 0
/** Encoded stretches do not overlap: where the last one ended. */
let encodedUntil: usize = 0
let wantsRuns: bool = false

/**
 * Reads `length` bytes at `input` and writes positions (anchors) and pairs of positions (runs, encoded stretches), 32
 * bits each. Answers 0 when there was no room for all anchors.
 */
export function gate(
  input: usize,
  length: usize,
  runsWanted: bool,
  anchorsAt: usize,
  anchorsEnd: usize,
  runsAt: usize,
  encodedAt: usize,
): bool {
  from = input
  end = input + length
  anchorOut = anchorsAt
  anchorEnd = anchorsEnd
  runOut = runsAt
  encodedOut = encodedAt
  encodedUntil = input
  wantsRuns = runsWanted

  // Groups of anchors by their pairs of bytes.
  const firstLow = v128.load(pairTables)
  const firstHigh = v128.load(pairTables + 16)
  const secondLow = v128.load(pairTables + 32)
  const secondHigh = v128.load(pairTables + 48)
  const thirdLow = v128.load(pairTables + 64)
  const thirdHigh = v128.load(pairTables + 80)

  let wordBefore: u64 = 0
  let t1: u64 = 0
  let t2: u64 = 0
  let t4: u64 = 0
  let t8: u64 = 0
  let t16: u64 = 0
  let runStart: usize = input
  // The first byte behind the text ends what goes on to its end.
  for (let at: usize = input; at <= end; at += 64) {
    const a = v128.load(at)
    const b = v128.load(at, 16)
    const c = v128.load(at, 32)
    const d = v128.load(at, 48)
    const kindA = kinds(a)
    const kindB = kinds(b)
    const kindC = kinds(c)
    const kindD = kinds(d)
    // With saturation the sums reach the top bit: of words from 16 up, of tokens from 8 up, of anything from 1 up.
    const word = masks(kindA, kindB, kindC, kindD, 112)
    const token = masks(kindA, kindB, kindC, kindD, 120)
    const special = masks(kindA, kindB, kindC, kindD, 127) & ~token
    const pairs = masks(
      v128.and(
        v128.and(groupsOf(a, firstLow, firstHigh), groupsOf(v128.load(at, 1), secondLow, secondHigh)),
        groupsOf(v128.load(at, 2), thirdLow, thirdHigh),
      ),
      v128.and(
        v128.and(groupsOf(b, firstLow, firstHigh), groupsOf(v128.load(at, 17), secondLow, secondHigh)),
        groupsOf(v128.load(at, 18), thirdLow, thirdHigh),
      ),
      v128.and(
        v128.and(groupsOf(c, firstLow, firstHigh), groupsOf(v128.load(at, 33), secondLow, secondHigh)),
        groupsOf(v128.load(at, 34), thirdLow, thirdHigh),
      ),
      v128.and(
        v128.and(groupsOf(d, firstLow, firstHigh), groupsOf(v128.load(at, 49), secondLow, secondHigh)),
        groupsOf(v128.load(at, 50), thirdLow, thirdHigh),
      ),
      127,
    )

    let starts = word & ~((word << 1) | wordBefore)
    wordBefore = word >> 63
    while (starts != 0) {
      const place = at + (ctz(starts) as usize)
      const four = load<u32>(place)
      if (mapped(startMap, ((four << 8) * 0x9e3779b1) >> 16)) tryStart(place)
      starts &= starts - 1
    }
    let met = pairs
    while (met != 0) {
      tryPair(at + (ctz(met) as usize))
      met &= met - 1
    }

    // Bit n of the last one: the sixteen characters that end at n are all of tokens.
    const n2 = token & ((token << 1) | (t1 >> 63))
    const n4 = n2 & ((n2 << 2) | (t2 >> 62))
    const n8 = n4 & ((n4 << 4) | (t4 >> 60))
    const n16 = n8 & ((n8 << 8) | (t8 >> 56))
    const before = (n16 << 1) | (t16 >> 63)
    const grown = n16 & ~before
    const ended = ~token & before
    t1 = token
    t2 = n2
    t4 = n4
    t8 = n8
    t16 = n16
    let events = grown | ended | special
    while (events != 0) {
      const bit = ctz(events)
      const place = at + (bit as usize)
      const mask = (1 as u64) << bit
      if ((grown & mask) != 0) runStart = place - 15
      else {
        if ((ended & mask) != 0) takeRun(runStart, place)
        if (place < end && (special & mask) != 0) takeSpecial(place)
      }
      events &= events - 1
    }
  }
  store<u32>(counts, ((anchorOut - anchorsAt) >> 2) as u32)
  store<u32>(counts + 4, ((runOut - runsAt) >> 2) as u32)
  store<u32>(counts + 8, ((encodedOut - encodedAt) >> 2) as u32)
  return anchorOut < anchorEnd
}

/**
 * What each byte is, in bits such that what counts together is a number from some bit up: 128 digit, 64 and 32 letter,
 * 16 `_`, 8 `+-/`, 4 `%`, 2 `\`, 1 NUL and ESC (and two more bytes that share their halves).
 */
function kinds(bytes: v128): v128 {
  return groupsOf(
    bytes,
    v128(-95, -32, -32, -32, -32, -28, -32, -32, -32, -32, 96, 73, 66, 72, 64, 88),
    v128(1, 1, 12, -128, 64, 50, 64, 32, 0, 0, 0, 0, 0, 0, 0, 0),
  )
}

function groupsOf(bytes: v128, low: v128, high: v128): v128 {
  return v128.and(
    i8x16.swizzle(low, v128.and(bytes, i8x16.splat(0x0f))),
    i8x16.swizzle(high, i8x16.shr_u(bytes, 4)),
  )
}

/** A bit for each byte that reaches 128 when `up` is added. */
function masks(a: v128, b: v128, c: v128, d: v128, up: i8): u64 {
  const near =
    (i8x16.bitmask(i8x16.add_sat_u(a, i8x16.splat(up))) as u32) |
    ((i8x16.bitmask(i8x16.add_sat_u(b, i8x16.splat(up))) as u32) << 16)
  const far =
    (i8x16.bitmask(i8x16.add_sat_u(c, i8x16.splat(up))) as u32) |
    ((i8x16.bitmask(i8x16.add_sat_u(d, i8x16.splat(up))) as u32) << 16)
  return (near as u64) | ((far as u64) << 32)
}

function bits(place: usize): u32 {
  return load<u8>(byteTable + (load<u8>(place) as i32)) as u32
}

function mapped(map: usize, key: u32): bool {
  return ((load<u8>(map + (key >> 3)) >> ((key & 7) as u8)) & 1) != 0
}

/** A place where a word begins, or a token after an escape. */
function tryStart(place: usize): void {
  const four = load<u32>(place)
  const long = (four * 0x9e3779b1) >> 16
  const short = ((four << 8) * 0x9e3779b1) >> 16
  if (mapped(longMap, long)) follow(load<u16>(longChains + ((long as i32) << 1)), place)
  if (mapped(shortMap, short)) follow(load<u16>(shortChains + ((short as i32) << 1)), place)
}

function tryPair(place: usize): void {
  const pair = load<u16>(place) as u32
  if (mapped(pairMap, pair)) follow(load<u16>(pairChains + ((pair as i32) << 1)), place)
}

/** Goes through the entries of one hash or pair. */
function follow(first: u16, place: usize): void {
  for (let number = first; number != 0; ) {
    const entry = entries + ((number as i32) << 4)
    const begin = place - (load<u16>(entry, 4) as usize)
    if (begin >= from && isText(begin, load<u32>(entry, 8) as usize, load<u16>(entry, 2) as usize)) {
      if (load<u16>(entry, 6) == anchorKind) takeAnchor(begin)
      else if (load<u8>(place - 1) == 0x3d) tryStart(place + 2)
    }
    number = load<u16>(entry)
  }
}

function isText(place: usize, text: usize, length: usize): bool {
  if (place + length > end) return false
  for (let i: usize = 0; i < length; i++) if (load<u8>(place + i) != load<u8>(text + i)) return false
  return true
}

function takeAnchor(place: usize): void {
  if (anchorOut >= anchorEnd) return
  store<u32>(anchorOut, (place - from) as u32)
  anchorOut += 4
}

function takeEncoded(start: usize, stop: usize): void {
  store<u32>(encodedOut, (start - from) as u32)
  store<u32>(encodedOut + 4, (stop - from) as u32)
  encodedOut += 8
  encodedUntil = stop
}

/** Sixteen token characters or more. */
function takeRun(start: usize, stop: usize): void {
  if (wantsRuns) {
    let place = start
    while (place < stop && (bits(place) & digitBit) == 0) place++
    if (place < stop) {
      store<u32>(runOut, (start - from) as u32)
      store<u32>(runOut + 4, (stop - from) as u32)
      runOut += 8
    }
  }
  let place = start > encodedUntil ? start : encodedUntil
  let base64 = findBase64(place, stop)
  let hex = findHex(place, stop)
  while (base64 < stop || hex < stop) {
    place = base64 < hex ? base64 : hex
    takeEncoded(place, base64 < hex ? base64End(place) : hexEnd(place))
    if (base64 < encodedUntil) base64 = findBase64(encodedUntil, stop)
    if (hex < encodedUntil) hex = findHex(encodedUntil, stop)
  }
}

/** Where the next base64 of a run begins, or its end. */
function findBase64(start: usize, stop: usize): usize {
  // 32 places at a time give twenty at which four groups can be told to begin.
  for (let at = start; at + 16 <= stop; at += 20) {
    let first = quadMask(at)
    first &= (first >> 4) & (first >> 8) & (first >> 12) & 0xfffff
    while (first != 0) {
      const place = at + (ctz(first) as usize)
      if (place + 16 > stop) return stop
      if (base64End(place) != 0) return place
      first &= first - 1
    }
  }
  return stop
}

/** A bit for each of 32 places at which three characters begin that may begin a group. */
function quadMask(at: usize): u32 {
  const a = v128.load(at)
  const b = v128.load(at, 16)
  const c = v128.load(at, 32)
  const firsts = quadKinds(a, b, 0x70)
  const seconds = (quadKinds(a, b, 0x0f) as u64) | ((quadKinds(c, c, 0x0f) as u64) << 32)
  const thirds = (quadThirds(a, b) as u64) | ((quadThirds(c, c) as u64) << 32)
  return firsts & ((seconds >> 1) as u32) & ((thirds >> 2) as u32)
}

/** Characters that may be the first (bits 0x70) or second (0x0f) of a group that encodes ASCII. */
function quadKinds(a: v128, b: v128, wanted: i8): u32 {
  const low = v128(40, 121, 121, 121, 113, 113, 113, 103, 103, 102, 102, 66, 66, 66, 66, 64)
  const high = v128(0, 0, 0, 8, 65, 33, 18, 4, 0, 0, 0, 0, 0, 0, 0, 0)
  return anyOf(
    v128.and(groupsOf(a, low, high), i8x16.splat(wanted)),
    v128.and(groupsOf(b, low, high), i8x16.splat(wanted)),
  )
}

function quadThirds(a: v128, b: v128): u32 {
  const low = v128(17, 7, 6, 24, 25, 7, 6, 24, 25, 7, 6, 8, 8, 2, 2, 8)
  const high = v128(0, 0, 0, 1, 2, 4, 8, 16, 0, 0, 0, 0, 0, 0, 0, 0)
  return anyOf(groupsOf(a, low, high), groupsOf(b, low, high))
}

function anyOf(a: v128, b: v128): u32 {
  const up = i8x16.splat(127)
  return (
    (i8x16.bitmask(i8x16.add_sat_u(a, up)) as u32) | ((i8x16.bitmask(i8x16.add_sat_u(b, up)) as u32) << 16)
  )
}

/** Where the next hex text of a run begins, or its end. */
function findHex(start: usize, stop: usize): usize {
  let place = start
  while (place + 32 <= stop) {
    // From behind: one character that is no hex digit rules out all places up to it.
    let last = place + 31
    while (last >= place && isHex(last)) last--
    if (last >= place) place = last + 1
    else if (hexEnd(place) != 0) return place
    else place++
  }
  return stop
}

function isQuad(place: usize): bool {
  return (
    (bits(place) & quadFirst) != 0 &&
    (bits(place + 1) & quadSecond) != 0 &&
    (bits(place + 2) & quadThird) != 0 &&
    (bits(place + 3) & tokenBit) != 0 &&
    place + 4 <= end
  )
}

/** Four groups of base64 in a row and one more, which like all after it may stand behind a line break; 0 if not. */
function base64End(start: usize): usize {
  if (!isQuad(start) || !isQuad(start + 4) || !isQuad(start + 8) || !isQuad(start + 12)) return 0
  let place = start + 16
  let groups = 4
  while (true) {
    const next = isQuad(place) ? place : behindBreak(place)
    if (next == 0 || !isQuad(next)) break
    place = next + 4
    groups++
  }
  if (groups < 5) return 0
  let tail: usize = 0
  while (tail < 4 && place + tail < end && (bits(place + tail) & tokenBit) != 0) tail++
  if (tail < 2) return place
  place += tail
  for (let i = 0; i < 2; i++) if (place < end && load<u8>(place) == 0x3d) place++
  return place
}

/** Where the line goes on after a line break and blanks, or after `\n` as strings hold it; 0 where no line ends. */
function behindBreak(place: usize): usize {
  const byte = load<u8>(place)
  if (byte == 0x5c) return load<u8>(place + 1) == 0x6e ? place + 2 : 0
  let next = place
  if (byte == 0x0d) next++
  if (load<u8>(next) != 0x0a) return 0
  next++
  for (let i = 0; i < 16; i++) {
    const blank = load<u8>(next)
    if (blank != 0x20 && blank != 0x09) break
    next++
  }
  return next
}

/** Sixteen or more pairs of hex digits that stand for ASCII; 0 if not. */
function hexEnd(start: usize): usize {
  let place = start
  while (place + 2 <= end) {
    const first = load<u8>(place)
    const second = bits(place + 1)
    if ((bits(place) & highBit) != 0 ? (second & hexBit) == 0 : first != 0x30 || !isControl(place + 1)) break
    place += 2
  }
  return place - start >= 32 ? place : 0
}

function isControl(place: usize): bool {
  const byte = load<u8>(place)
  return byte == 0x39 || (byte | 0x20) == 0x61 || (byte | 0x20) == 0x64
}

/** A byte that may begin an escape or belong to UTF-16. */
function takeSpecial(place: usize): void {
  const byte = load<u8>(place)
  if (byte == 0x5c) takeBackslash(place)
  else if (byte == 0x25) takePercent(place)
  else if (byte == 0) takeZero(place)
  else if (byte == 0x1b) takeColour(place + 1)
}

function isHex(place: usize): bool {
  return (bits(place) & hexBit) != 0
}

function takePercent(place: usize): void {
  if (!isHex(place + 1) || !isHex(place + 2)) return
  tryStart(place + 3)
  if (load<u16>(place + 1) == 0x3532) tryStart(place + 5)
  takeEscape(place, place + 1)
}

/** An escape whose two digits stand at `digits`, if they stand for printable ASCII. */
function takeEscape(place: usize, digits: usize): void {
  if (place < encodedUntil || digits + 2 > end) return
  if ((bits(digits) & highBit) != 0 && isHex(digits + 1)) takeEncoded(place, digits + 2)
}

function takeBackslash(place: usize): void {
  const kind = load<u8>(place + 1)
  if (kind == 0x75 /* u */) {
    tryStart(place + 6)
    takeColour(place + 6)
    if (load<u16>(place + 2) == 0x3030) takeEscape(place, place + 4)
    return
  }
  tryStart(place + 2)
  if (kind == 0x78 /* x */) {
    tryStart(place + 4)
    takeColour(place + 4)
    takeEscape(place, place + 2)
  } else if (isHex(place + 1)) {
    tryStart(place + 4)
    if (kind == 0x65 /* e */) takeColour(place + 2)
    else if (kind == 0x30) takeColour(place + 4)
  }
}

/** What stands after a colour code that goes on at `place`. */
function takeColour(place: usize): void {
  if (load<u8>(place) != 0x5b) return
  let next = place + 1
  for (let i = 0; i < 16; i++) {
    const byte = load<u8>(next)
    if (byte != 0x3b && (byte < 0x30 || byte > 0x39)) break
    next++
  }
  if (load<u8>(next) == 0x6d) tryStart(next + 1)
}

/** The first or second byte of ASCII in UTF-16. */
function takeZero(place: usize): void {
  if (place - 1 >= encodedUntil && place > from) {
    const stop = wideEnd(place - 1, 0)
    if (stop != 0) takeEncoded(place - 1, stop)
  }
  if (place >= encodedUntil) {
    const stop = wideEnd(place, 1)
    if (stop != 0) takeEncoded(place, stop)
  }
}

/** Twelve or more pairs of a zero and a printable byte, which is the first (0) or second (1) of them; 0 if not. */
function wideEnd(start: usize, printable: usize): usize {
  let place = start
  while (place + 2 <= end) {
    if ((bits(place + printable) & printableBit) == 0 || load<u8>(place + 1 - printable) != 0) break
    place += 2
  }
  return place - start >= 24 ? place : 0
}
